//go:build unix

package main

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/launcher/event"
)

// reportFile is a report on its way into a file, which the program may be able to
// write as well.
type reportFile struct {
	event.FD
	begins  int64 // its size before
	written atomic.Int64
}

func newReportFile(fd int) *reportFile {
	r := &reportFile{FD: event.FD(fd)}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) == nil {
		r.begins = st.Size
	}
	return r
}

// Write implements io.Writer.
func (r *reportFile) Write(p []byte) (int, error) {
	n, err := r.FD.Write(p)
	r.written.Add(int64(n))
	return n, err
}

// changed tells whether a regular file was removed or is shorter than what was
// there and was written. Whoever writes as many other bytes is not found out.
func (r *reportFile) changed() bool {
	var st unix.Stat_t
	if unix.Fstat(int(r.FD), &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return false
	}
	return st.Nlink == 0 || st.Size < r.begins+r.written.Load()
}
