//go:build unix

package program

import "bytes"

// A Script is what the first line of a script asks for.
type Script struct {
	Interpreter string
	Arg         string
	HasArg      bool // Arg may be "" all the same
}

// lineSize is how much of a file the kernel looks at (BINPRM_BUF_SIZE, 128
// before Linux 5.1).
const lineSize = 256

// ParseScript reads the #! line at the head of a file as the kernel does
// (fs/binfmt_script.c): only blanks and tabs separate, a carriage return is part
// of a name, all that follows the interpreter is one argument, and a name that
// may have been cut off is none. It reports false for what the kernel does not
// take for a script.
func ParseScript(head []byte) (Script, bool) {
	if !bytes.HasPrefix(head, []byte("#!")) {
		return Script{}, false
	}
	var buf [lineSize]byte // zeroes behind a short file, as the kernel has it
	copy(buf[:], head)
	const last = lineSize - 1
	end := bytes.IndexByte(buf[:], '\n')
	if end < 0 {
		name := nonBlank(buf[:], 2, last)
		if name < 0 || terminator(buf[:], name, last) < 0 {
			return Script{}, false // nothing, or a name that is cut off
		}
		end = last
	}
	for isBlank(buf[end-1]) {
		end--
	}
	name := nonBlank(buf[:], 2, end)
	if name < 0 || name == end {
		return Script{}, false
	}
	var s Script
	sep := terminator(buf[:], name, end)
	if sep >= 0 && buf[sep] != 0 {
		if arg := nonBlank(buf[:], sep, end); arg >= 0 {
			s.HasArg, s.Arg = true, text(buf[arg:end])
		}
	}
	if sep < 0 {
		sep = end
	}
	s.Interpreter = text(buf[name:sep])
	return s, true
}

// nonBlank is the first place from first to last, both looked at, that holds
// neither a blank nor a tab; -1 if there is none.
func nonBlank(b []byte, first, last int) int {
	for ; first <= last; first++ {
		if !isBlank(b[first]) {
			return first
		}
	}
	return -1
}

// terminator is the first place that holds a blank, a tab or a NUL.
func terminator(b []byte, first, last int) int {
	for ; first <= last; first++ {
		if isBlank(b[first]) || b[first] == 0 {
			return first
		}
	}
	return -1
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// text is a string as C has it.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
