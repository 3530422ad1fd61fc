package promises

import (
	"errors"
	"fmt"
	"strings"
)

// MaxLength is the longest promise string that the kernel copies, in bytes.
const MaxLength = 1024

// ErrInvalid is the error of a word that is no promise, or of a leading space
// (EINVAL); ErrTooLong that of a string above [MaxLength] (ENAMETOOLONG).
var (
	ErrInvalid = errors.New("invalid promise")
	ErrTooLong = errors.New("promise string too long")
)

// Parse reads a promise string as pledge(2) does (kern_pledge.c,
// parsepledges): words separated by spaces, runs of spaces and trailing spaces
// allowed, a leading space refused, every other character part of a word. It
// returns ErrInvalid or ErrTooLong, and then no set.
func Parse(s string) (Set, error) {
	if len(s) > MaxLength {
		return 0, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLong, len(s), MaxLength)
	}
	if strings.HasPrefix(s, " ") {
		return 0, fmt.Errorf("%w: %q begins with a space", ErrInvalid, s)
	}
	var set Set
	for word := range strings.SplitSeq(s, " ") {
		if word == "" {
			continue
		}
		p, ok := lookup(word)
		if !ok {
			return 0, fmt.Errorf("%w %q%s", ErrInvalid, word, hint(word))
		}
		set |= 1 << p
	}
	return set, nil
}

// ParseWord returns the promise of that name.
func ParseWord(word string) (Promise, bool) { return lookup(word) }

func lookup(word string) (Promise, bool) {
	for p, w := range words {
		if w == word {
			return Promise(p), true
		}
	}
	return 0, false
}

// hint suggests what was meant by the mistakes that are common.
func hint(word string) string {
	if strings.ContainsAny(word, ",\t\n") {
		return ": separate promises by single spaces"
	}
	low := strings.ToLower(word)
	if _, ok := lookup(low); ok {
		return fmt.Sprintf(": promises are lower case, %q", low)
	}
	if _, ok := lookup(strings.ReplaceAll(low, "-", "_")); ok {
		return fmt.Sprintf(": write %q", strings.ReplaceAll(low, "-", "_"))
	}
	switch word {
	case "protexec":
		return `: write "prot_exec"`
	case "abort", "ioctl", "malloc", "cmsg":
		return ": removed from OpenBSD"
	}
	return `: see "pledge explain"`
}
