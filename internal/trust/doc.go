// Package trust opens files that decide what runs, or under which rules, and
// files that are written for the user, where others may have put something in
// the way.
//
// A path is walked component by component, each opened relative to the
// descriptor of the one before, so what is judged is what is used. [Open] and
// [Program] take a file only if nobody but root and the user could have made it
// what it is:
//
//   - The file and every directory on the way are owned by root or by the
//     effective user, and nobody else can write them.
//   - A group may write if it has no members but root and the user, as
//     /etc/passwd and /etc/group tell, and there is no access control list.
//   - A sticky directory that others can write, such as /tmp, may be passed to
//     a directory of root's or the user's: nobody can put one of theirs there.
//     Files and links in it are not taken, whoever owns them, because files of
//     others can be linked or moved there.
//   - A symbolic link is judged as a file, and followed by the same walk; at
//     most 40 are.
//   - A FUSE file system says what its server likes: it has to be mounted by
//     root or the user.
//
// A relative path begins at the working directory, which is judged, too.
// Owners are numbers of the user namespace that this process is in: where root
// is not mapped, its files are somebody else's.
package trust
