package quote_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// shown fails for what a terminal would act on, or what hides: the test's own
// list of it, by Unicode's classes.
func shown(t interface{ Fatalf(string, ...any) }, text, allowed string) {
	if !utf8.ValidString(text) {
		t.Fatalf("invalid UTF-8 is shown: %q", text)
	}
	for _, r := range text {
		if !strings.ContainsRune(allowed, r) && r != ' ' && unicode.In(r, unicode.C, unicode.Z) {
			t.Fatalf("%U is shown: %q", r, text)
		}
	}
}

func TestText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := testbed.Bytes(5000).Draw(r, "s")
		for _, f := range []func(string) string{quote.Text, quote.Comment, quote.String, quote.Word, quote.Shell, quote.ShellString, quote.Escape} {
			shown(r, f(s), "")
		}
		shown(r, quote.Lines(s), "\n\t")
		if text := quote.Text(s); quote.Text(text) != text {
			r.Fatalf("%q changes when it is quoted again", text)
		}
		if again, err := strconv.Unquote(quote.String(s)); again != s {
			r.Fatalf("%q is %q to Go: %v", s, again, err)
		}
		if again, err := quote.Unescape(quote.Escape(s)); again != s {
			r.Fatalf("%q came back as %q: %v", s, again, err)
		}
		word := quote.Word(s)
		if again, err := strconv.Unquote(word); word != s && again != s || word == s && strings.ContainsAny(s, " \"'[](){}<>;\\`") {
			r.Fatalf("%q as a word is %s (%q, %v)", s, word, again, err)
		}
	})
}

func TestTextOfOurs(t *testing.T) {
	for s, want := range map[string]string{
		"cat": "cat", "/etc/hostname": "/etc/hostname", "tmux: server": `"tmux: server"`, "": `""`, "Ünï日本": "Ünï日本", "a\nb": `"a\nb"`, `a\b`: `"a\\b"`,
		"x\x1b[2K": `"x\x1b[2K"`, "a\u202eb": `"a\u202eb"`, "a\xffb": `"a\xffb"`, "\U000e0041": `"\U000e0041"`, "a]b": `"a]b"`,
	} {
		if got := quote.Word(s); got != want {
			t.Errorf("Word(%q) = %s, want %s", s, got, want)
		}
	}
	for s, want := range map[string]string{
		"a-b.c": "a-b.c", "": `""`, "~": `"~"`, "a b": `"a b"`, "a$b": "'a$b'", "it's": `"it's"`, `it's "$x"`: `'it'\''s "$x"'`, "--color=auto": "--color=auto", "A=b": `"A=b"`,
		"a\nb": `"$(printf 'a\012b')"`, "-\x1b%!'\\": `"$(printf '\055\033%%\041\047\\')"`,
	} {
		if got := quote.Shell(s); got != want {
			t.Errorf("Shell(%q) = %s, want %s", s, got, want)
		}
	}
}

// Every shell makes of a word what went in, as an argument and as the name of a
// command.
func TestShell(t *testing.T) {
	for _, shell := range []string{"sh", "dash", "bash", "busybox", "zsh", "ksh"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("no %s here", shell)
			continue
		}
		t.Run(shell, func(t *testing.T) {
			argv := []string{path, "-s"}
			if shell == "busybox" {
				argv = []string{path, "sh", "-s"}
			}
			rapid.Check(t, func(r *rapid.T) {
				words := rapid.SliceOfN(testbed.Bytes(9000), 1, 12).Draw(r, "words")
				script := "set -eu\nprintf '%s\\0'"
				for _, w := range words {
					script += " \\\n\t" + quote.Shell(w) + " " + quote.ShellString(w)
				}
				c := exec.Command(argv[0], argv[1:]...)
				c.Stdin = strings.NewReader(script + "\n")
				c.Dir = "/"
				out, err := c.CombinedOutput()
				want := ""
				for _, w := range words {
					want += w + "\x00" + w + "\x00"
				}
				if err != nil || string(out) != want {
					r.Fatalf("%v\n%s\ngives %q\nwant %q", err, script, out, want)
				}
			})
		})
	}
}

func TestTOML(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := strings.ToValidUTF8(testbed.Bytes(5000).Draw(r, "s"), "?")
		text := "# " + quote.Comment(s) + "\na = " + quote.TOML(s) + " # " + quote.Comment(s) + "\n"
		shown(r, text, "\n")
		var got map[string]string
		if err := toml.Unmarshal([]byte(text), &got); err != nil || len(got) != 1 || got["a"] != s {
			r.Fatalf("%s\nis %q: %v", text, got, err)
		}
	})
}

func TestGo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := testbed.Bytes(5000).Draw(r, "s")
		if _, err := parser.ParseExpr(quote.String(s) + " // " + quote.Comment(s)); err != nil {
			r.Fatal(err)
		}
	})
}

func TestPolicy(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := testbed.Bytes(4000).Draw(r, "s")
		rule, err := syntax.ParseRule("filename eq " + quote.Policy(s) + " then permit")
		if err != nil {
			r.Fatal(err)
		}
		if c, ok := rule.Expr.(*syntax.Cond); !ok || c.Operand != s {
			r.Fatalf("%q is %q", s, rule.Text())
		}
	})
}

func TestJSON(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := strings.ToValidUTF8(testbed.Bytes(5000).Draw(r, "s"), "?")
		text, err := json.MarshalIndent(map[string]string{s: s}, "", "\t")
		if err != nil {
			r.Fatal(err)
		}
		text = quote.JSON(text)
		shown(r, string(text), "\n\t")
		var got map[string]string
		if err := json.Unmarshal(text, &got); err != nil || got[s] != s {
			r.Fatalf("%s: %v", text, err)
		}
	})
}

func TestWriter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := testbed.Bytes(5000).Draw(r, "s")
		var b bytes.Buffer
		if n, err := (quote.Writer{W: &b}).Write([]byte(s)); n != len(s) || err != nil {
			r.Fatal(n, err)
		}
		shown(r, b.String(), "\n\t")
	})
}

func FuzzUnescape(f *testing.F) {
	f.Add(`a\x41\\`)
	f.Fuzz(func(t *testing.T, s string) {
		if raw, err := quote.Unescape(s); err == nil {
			if again, err := quote.Unescape(quote.Escape(raw)); again != raw {
				t.Fatal(err)
			}
		}
	})
}
