//go:build amd64 || arm64

package enforce

import (
	"golang.org/x/sys/unix"
)

// interrupted tells whether the caller is gone, or has a signal to handle.
func (c *call) interrupted() (gone, signalled bool) {
	if !c.waits() {
		return true, false
	}
	st, err := readStatus(c.tid())
	return err != nil, err == nil && st.pending != 0
}

// interrupt gets a worker out of what it waits for in a caller's stead.
func (w *worker) interrupt() {
	tid := w.tid
	if inside := int(w.inside.Load()); inside != 0 {
		tid = inside
	}
	unix.Tgkill(w.engine.pid, tid, interruption)
}
