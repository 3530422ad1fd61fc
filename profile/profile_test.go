package profile

import (
	"strings"
	"testing"
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
		if p, err := parse(data, n.Name()); err != nil || p.Description == "" {
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
		"promises = 'stdio'\n[limit]\nnofile = '64'\nx = 1\n": "f:4:",
	} {
		_, err := parse([]byte(in), "f")
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "profile f: ", "f:"), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}
