package unveil

import (
	"github.com/pledge-linux/pledge/promises"
)

// ErrNotSupported is what errors.Is finds in the error of a kernel that cannot
// hide paths (Linux before 5.13, or without Landlock).
const ErrNotSupported = promises.ErrNotSupported

// Unveil makes a path visible with the permissions r, w, x, c, and, once the
// veil falls, hides all that was not unveiled: unveil(2). A directory stands for
// all below it, the most specific path decides alone, a later call for the same
// path replaces the permissions. The path is resolved now, symbolic links
// followed; relative paths count from the working directory.
//
// On Linux the veil does not fall with the first call. Calls collect, because a
// Landlock ruleset cannot grow, and take effect together
//
//   - at [Block],
//   - when the process pledges without the word unveil,
//   - in programs that pledge.Command starts.
//
// What Landlock cannot do, by the rows of OpenBSD's semantics: a directory that
// holds a path with fewer permissions becomes a snapshot of the names beside it
// (1); hidden paths answer EACCES, not ENOENT (2); stat, lstat, readlink, access,
// chdir and O_PATH are not hidden (3, 27), chmod, chown, utimes and setxattr
// neither, unless the promises lack fattr and chown (4); a file can be opened but
// not removed by its own entry, which is noted in pledge.Status (8); a path that
// does not exist is ENOENT (9); a file that is replaced by rename(2) is hidden, a
// hard link to it visible (10); x lets read as well (12); links and renames
// between directories can be EXDEV (14); connecting to a socket's path is not
// hidden before Linux 7.1 (15). procfs is never written.
//
// An error sticks: until the same path is unveiled with success every pledge and
// Block returns it, because nothing may be assumed hidden. Look first whether a path
// exists that need not.
//
// Errors wrap EINVAL (a letter, an empty path), ENAMETOOLONG (more than four
// letters), ENOENT, EPERM (after Block) and ErrNotSupported. A process that has
// pledged without the word unveil commits a violation by calling it.
func Unveil(path, permissions string) error { return unveil(path, permissions) }

// Block lets the veil fall over every thread of the process, and ends unveiling:
// unveil(NULL, NULL). Without any Unveil before, nothing is hidden. Files that
// the promises in force whitelist stay readable; promises made later find theirs
// hidden, so pledge without the word unveil instead of blocking first.
//
// Errors wrap ErrNotSupported, and then nothing is hidden. Without a pledge there is no
// filter that refuses to truncate hidden files, which takes Landlock ABI 3 (Linux 6.2);
// where the veil falls with a pledge, ABI 1 suffices (Linux 5.13).
func Block() error { return block() }
