//go:build amd64 || arm64

package launcher

// blind starts the program where no supervisor could look at its memory, which has the
// paths and addresses of its calls.
func (l *launch) blind(why string) (*child, error) {
	if l.spec.Observe != nil {
		return nil, failf("the program cannot be watched here: %s; run this where it is 0 or 1", why)
	}
	l.unsupervised, l.untraced = true, true
	l.spec.Report.Note("no supervisor: %s: refusals are not reported, and the dynamic loader's rights stay after start-up", why)
	return l.unsupervisedChild()
}
