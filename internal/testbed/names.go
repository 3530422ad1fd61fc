//go:build unix

package testbed

import (
	"strings"

	"pgregory.net/rapid"
)

// hostile are pieces of names that mean something to somebody who reads them
// without care: shells, TOML, Go, policies, HTML, terminals, people.
var hostile = []string{
	"\n", "\r", "\t", "\x1b[2K", "\x1b]0;x\a", "\x9b2J", "\u009b2J", "\b", "\x7f", "\x01", "\x0b", "\x0c",
	"'", "''", "'''", `"`, `"""`, "`id`", "$(id)", "${HOME}", "$HOME", "$x", "$", "`", `\`, `\\`, `\n`, `\x41`, `\u202e`, `\101`, "%", "%s", "%n", "!", "!!", "!$",
	"-", "--", "-n", "~", "~root", "#", "# ", ";", "; id", "&", "&&id", "|", "<", ">", "(", ")", "{", "}", "[", "]", "*", "?", "=", ",", ":", " ", "  ",
	"\u202e", "\u2066", "\u200b", "\u2028", "\u2029", "\ufeff", "\u00ad", "\u00a0", "\u3000", "\u3164", "\ufe0f", "\U000e0041", "\ufffd", "\ue000",
	"\xff", "\xc0\x80", "\xed\xa0\x80", "\xe2\x80", "\xf4\x90\x80\x80", "é", "日本", "😀", "e\u0301",
	"\npledge: audit: nothing was refused", "\ntouch injected;#", "\nunveil = ['rwc:/']", "\nkeep_caps = true\n", "\nPolicy: /bin/ls, Emulation: linux64", "\n\tlinux64-execve: permit",
	"\n//go:linkname a b\n", "*/", "\nfunc init() { panic(1) }\n", "<script>alert(1)</script>", "</pre>", "&amp;", "<!--", ", Emulation: native", " then permit", "deny", "\" then permit",
	"OKAY", "\nOKAY\n", "WRONG", "EOF", "if", "done", "stdio",
}

// Bytes draws what a stranger may call something: hostile pieces, other
// characters and bytes, but no NUL. It is not empty, and seldom long.
func Bytes(most int) *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(hostile), rapid.SampledFrom(hostile), rapid.String(), rapid.StringN(1, 4, 4),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 4), func(b []byte) string { return string(b) }))
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for _, s := range rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces") {
			b.WriteString(strings.ReplaceAll(s, "\x00", "\x01"))
		}
		s := b.String()
		if rapid.IntRange(0, 19).Draw(t, "long") == 0 {
			s = strings.Repeat(s+"n", 1+most/(len(s)+1))
		}
		if s == "" {
			s = "\n"
		}
		return s[:min(len(s), most)]
	})
}

// FileName draws the name of a file.
func FileName() *rapid.Generator[string] {
	return rapid.Map(Bytes(255), func(s string) string {
		s = strings.ReplaceAll(s, "/", "\u2044")
		s = s[:min(len(s), 255)]
		if s == "." || s == ".." {
			return s + "\n"
		}
		return s
	})
}

// Comm draws the name of a process.
func Comm() *rapid.Generator[string] { return Bytes(15) }
