package profile

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

func TestBuiltinProfilesAreValid(t *testing.T) {
	names, err := builtin.ReadDir("profiles")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d profiles, %v", len(names), err)
	}
	for _, n := range names {
		data, err := builtin.ReadFile("profiles/" + n.Name())
		if err != nil {
			t.Fatal(err)
		}
		if p, err := Parse(data, n.Name()); err != nil || p.Description == "" {
			t.Errorf("%s: %+v, %v", n.Name(), p, err)
		}
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	for in, want := range map[string]string{
		"promises = 'stdio'\nbogus = 1\n":                     `f:2:1: unknown key "bogus"`,
		"promises = 'nope'\n":                                 `invalid promise "nope"`,
		"promises = \n":                                       "f:1:",
		"promises = 'stdio'\nunveil = ['/etc']\n":             "is not PERMS:PATH",
		"promises = 'stdio'\ntcp_bind = [99999]\n":            "no TCP port",
		"promises = 'stdio'\nlimit = 3\n":                     "f:2:",
		"promises = ''\nunveil = []\n":                        "unveil is empty: leave it out",
		"promises = ''\ntcp_connect = [ ]\n":                  "tcp_connect is empty",
		"promises = ''\nuser = ''\n":                          "user is empty",
		"promises = ''\n[limit]\n":                            "limit is empty",
		"promises = 'stdio'\n[limit]\nnofile = '64'\nx = 1\n": "f:4:",
	} {
		_, err := Parse([]byte(in), "f")
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "profile f: ", "f:"), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

// A name is no path.
func TestNames(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for _, name := range []string{"", ".", "..", ".hidden", "a..b", "a\nb", "..\x00"} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), "is no name of a profile") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Where a profile is found but not trusted it is not passed over: the next one
// of that name may admit more.
func TestFindsWhatIsTrusted(t *testing.T) {
	dir := testbed.Dir(t, os.Geteuid())
	t.Setenv("XDG_CONFIG_HOME", dir)
	testbed.Write(t, os.Geteuid(), dir+"/pledge/cat.toml", "promises = ''\n", 0o644)
	if p, err := Find("cat"); err != nil || p.Promises != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, c := range []struct {
		path string
		mode os.FileMode
	}{{"/pledge/cat.toml", 0o666}, {"/pledge", 0o777}, {"/pledge", 0o777 | os.ModeSticky}, {"", 0o777}} {
		st, err := os.Stat(dir + c.path)
		if err != nil || os.Chmod(dir+c.path, c.mode) != nil {
			t.Fatal(err)
		}
		if p, err := Find("cat"); err == nil {
			t.Errorf("%s %v: taken: %+v", c.path, c.mode, p)
		}
		if c.path != "/pledge/cat.toml" {
			if p, err := Find("git"); err != nil || p.Source != builtinSource {
				t.Errorf("%s %v: one that is not there is found: %+v, %v", c.path, c.mode, p, err)
			}
		}
		os.Chmod(dir+c.path, st.Mode())
	}
}

// Any bytes are a profile or an error, and what is a profile stays one when it
// is written.
func FuzzParse(f *testing.F) {
	names, _ := builtin.ReadDir("profiles")
	for _, n := range names {
		data, _ := builtin.ReadFile("profiles/" + n.Name())
		f.Add(data)
	}
	f.Add([]byte("promises = 'stdio'\nenv = ['A=b']\ntcp_bind = [1]\n[limit]\nnofile = '64'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data, "f")
		if err != nil {
			return
		}
		out, err := p.Marshal()
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		again, err := Parse(out, "f")
		if err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%q\nread as %+v\nwritten %q\nread as %+v, %v", data, p, out, again, err)
		}
	})
}
