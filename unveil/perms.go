// Package unveil is the path side of pledge: unveil(2)'s permissions and calls.
//
// [Unveil] and [Block] are for the running program; a [Plan] collects the same
// for a program that package launcher starts, the last word on a path deciding.
//
// OpenBSD lets the most specific entry decide
// alone, also when it allows less; Landlock adds up everything on the way to a
// file and can take nothing away. A plan therefore grants the siblings of a
// path that allows less than its parent, one by one, and notes what is lost by
// that. It never grants more than was asked.
//
// # Limitations
//
// Landlock does not look at stat, access, readlink, chdir, chmod, chown, utimes
// and extended attributes; package pledge withholds them without the words
// for them. Hidden files answer EACCES where OpenBSD says ENOENT.
//
// # Stability
//
// Functions keep their meaning, and permissions are those of OpenBSD. Before
// version 1 methods may be added to [Plan].
package unveil

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/unveiled"
)

// Perms is a set of unveil(2) permissions.
type Perms uint8

// The permissions.
const (
	Read   = Perms(unveiled.Read)   // r
	Write  = Perms(unveiled.Write)  // w
	Exec   = Perms(unveiled.Exec)   // x
	Create = Perms(unveiled.Create) // c: create and remove
)

// Errors of [ParsePerms]: EINVAL and ENAMETOOLONG of unveil(2).
var (
	ErrInvalid = errors.New("invalid unveil permission")
	ErrTooLong = errors.New("unveil permissions too long")
)

const letters = unveiled.Letters

// ParsePerms reads at most four of the letters r, w, x and c.
func ParsePerms(s string) (Perms, error) {
	if len(s) > len(letters) {
		return 0, fmt.Errorf("%w: %q has more than %d letters", ErrTooLong, s, len(letters))
	}
	var p Perms
	for _, c := range s {
		i := strings.IndexRune(letters, c)
		if i < 0 {
			return 0, fmt.Errorf("%w %q in %q: use r, w, x, c", ErrInvalid, c, s)
		}
		p |= 1 << i
	}
	return p, nil
}

func (p Perms) String() string { return unveiled.Perms(p).String() }

// Split reads PERMS:PATH and expands the path: ~ and $HOME, $TMPDIR (or /tmp)
// and other variables that are set, as the first component.
func Split(s string) (Perms, string, error) {
	letters, path, ok := strings.Cut(s, ":")
	if !ok || path == "" {
		return 0, "", fmt.Errorf("%w: %q is not PERMS:PATH, for example r:/usr/share", ErrInvalid, s)
	}
	perms, err := ParsePerms(letters)
	if err != nil {
		return 0, "", err
	}
	path, err = expand(path)
	return perms, path, err
}

func expand(path string) (string, error) {
	first, rest, more := strings.Cut(path, "/")
	switch {
	case first == "~":
		first = "$HOME"
	case first == "$TMPDIR" && os.Getenv("TMPDIR") == "":
		first = "/tmp"
	}
	if name, ok := strings.CutPrefix(first, "$"); ok {
		v := os.Getenv(name)
		if v == "" {
			return "", fmt.Errorf("unveil %s: the variable %s is not set", quote.Word(path), name)
		}
		first = v
	}
	if more {
		return first + "/" + rest, nil
	}
	return first, nil
}
