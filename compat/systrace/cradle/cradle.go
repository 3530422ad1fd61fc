//go:build unix

// Package cradle lets many systraces share one front end: a server to which
// they connect, and to which the front end connects as well. It speaks the
// protocol of systrace 1.6g's cradle.
//
// A client sends a request, a line; the server passes it on to the front end
// and the front end's answer, a line, back. The client's lines after it are
// passed on until one of them is OKAY, which ends the dialogue, or WRONG, after
// which another answer follows. Requests wait for each other, and for a front
// end when there is none.
//
// # Stability
//
// The protocol is that of systrace 1.6g and does not change. Before version 1 methods
// may be added.
package cradle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pledge-linux/pledge/internal/trust"
)

const (
	serverSocket = "cradle_server" // systraces connect to it
	uiSocket     = "cradle_ui"     // the front end does
)

// Dir is the directory of the sockets of the calling user: below
// XDG_RUNTIME_DIR where that is set, else the original's /tmp/systrace-UID.
func Dir() string {
	if d := os.Getenv("XDG_RUNTIME_DIR"); d != "" {
		return filepath.Join(d, "systrace")
	}
	return fmt.Sprintf("/tmp/systrace-%d", os.Getuid())
}

// Prepare makes the directory, or checks the one that is there: it must be the
// user's own and nobody else's, and nobody else may be able to put another in
// its place, who would answer questions for the user.
func Prepare(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	switch {
	case !st.IsDir():
		return fmt.Errorf("%s: not a directory", dir)
	case !ok || int(sys.Uid) != os.Getuid():
		return fmt.Errorf("%s: not owned by uid %d", dir, os.Getuid())
	case st.Mode().Perm() != 0o700:
		return fmt.Errorf("%s: mode %o, want 700", dir, st.Mode().Perm())
	}
	return trust.Dir(dir)
}
