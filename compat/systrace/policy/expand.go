package policy

import "strings"

// expand replaces $HOME, $USER and $CWD, in this order, where no letter or
// digit follows. After a "$" that begins something else the original went on
// as many bytes further as the name it looked for is long, and so missed a
// variable that begins within them ("$$HOME").
func (e *Env) expand(s string) string {
	if strings.IndexByte(s, '$') < 0 {
		return s
	}
	for _, v := range []struct{ name, value string }{
		{"$HOME", e.Home}, {"$USER", e.User}, {"$CWD", e.Cwd},
	} {
		s = replaceVariable(s, v.name, v.value)
	}
	return s
}

// maxExpansions bounds values that contain a variable themselves.
const maxExpansions = 64

func replaceVariable(s, name, value string) string {
	for range maxExpansions {
		i := findVariable(s, name)
		if i < 0 {
			return s
		}
		s = s[:i] + value + s[i+len(name):]
	}
	return s
}

func findVariable(s, name string) int {
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '$')
		if n < 0 {
			return -1
		}
		i += n
		end := i + len(name)
		if strings.HasPrefix(s[i:], name) && (end == len(s) || !isAlnum(s[end])) {
			return i
		}
		i = end
	}
	return -1
}

// HasVariable tells whether s has something that [Env] would replace.
func HasVariable(s string) bool {
	for _, name := range []string{"$HOME", "$USER", "$CWD"} {
		if findVariable(s, name) >= 0 {
			return true
		}
	}
	return false
}
