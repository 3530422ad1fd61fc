package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/internal/trust"
)

// A report that was truncated or removed is told, one that others add to is not.
func TestReportChanged(t *testing.T) {
	for what, test := range map[string]struct {
		do   func(name string) error
		want bool
	}{
		"nothing":   {func(string) error { return nil }, false},
		"truncated": {func(name string) error { return os.Truncate(name, 3) }, true},
		"removed":   {os.Remove, true},
		"added to":  {func(name string) error { return os.WriteFile(name, []byte("earlier\nline\nmore\n"), 0o600) }, false},
	} {
		name := filepath.Join(t.TempDir(), "report")
		if err := os.WriteFile(name, []byte("earlier\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		fd, err := trust.Append(name)
		if err != nil {
			t.Fatal(err)
		}
		r := newReportFile(fd)
		if _, err := r.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
		if err := test.do(name); err != nil {
			t.Fatal(err)
		}
		if got := r.changed(); got != test.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

// The program removes what is told of it.
func TestReportRemoved(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		for script, want := range map[string]bool{"chmod 600 .": false, "chmod 600 .; rm report": true} {
			dir := testbed.Dir(t, uid)
			r := testbed.Run(t, uid, dir, nil, "", testbed.Pledge(t), "-q", "--report", "report", "stdio rpath cpath proc exec", "--", "sh", "-c", script)
			if got := strings.Contains(r.Stderr, "was removed or truncated"); got != want {
				t.Errorf("%s: %+v", script, r)
			}
		}
	})
}
