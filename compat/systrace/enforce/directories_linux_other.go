//go:build linux && arm64

package enforce

import "golang.org/x/sys/unix"

// chdir and chroot under a rule on their path need registers to be changed, which is
// written for amd64.
func (w *worker) chdir(c *call) { c.fail(unix.EPERM) }

func (w *worker) chroot(c *call) { c.fail(unix.EPERM) }

func (w *worker) givePath(c *call, fd, _ int) {
	unix.Close(fd)
	c.fail(unix.ENOSYS)
}
