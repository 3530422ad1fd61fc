//go:build amd64 || arm64

package launcher

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
)

// unseen says why a supervisor could not look at the program, whose memory has the paths
// and addresses of its calls; "" if it can.
func (l *launch) unseen() string {
	if unix.Access("/proc/self/mem", unix.F_OK) != nil {
		return "/proc is not mounted"
	}
	l.scope = procfs.PtraceScope()
	return l.scope.Blind(l.holds().caps)
}

// blind starts the program under one filter that nobody has to answer for.
func (l *launch) blind(why string) (*child, error) {
	if l.spec.Observe != nil {
		return nil, failf("the program cannot be watched here: %s; run this where it is otherwise", why)
	}
	l.unsupervised, l.untraced = true, true
	l.spec.Report.Note("no supervisor: %s: refusals are not reported, and the dynamic loader's rights stay after start-up", why)
	return l.unsupervisedChild()
}
