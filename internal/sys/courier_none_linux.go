//go:build linux && !amd64 && !arm64

package sys

import "golang.org/x/sys/unix"

// A Courier copies memory of other processes: not on this architecture.
type Courier struct{}

// NewCourier fails with ENOSYS.
func NewCourier() (*Courier, unix.Errno) { return nil, unix.ENOSYS }

// Spent reports whether the courier does no more errands.
func (c *Courier) Spent() bool { return true }

// Send does nothing.
func (c *Courier) Send(pid int, addr uint64, p []byte, write bool) {}

// Read does nothing.
func (c *Courier) Read(fd int, addr uint64, p []byte) {}

// Done reports an error.
func (c *Courier) Done(timeout int) (n int, errno unix.Errno, done bool) { return 0, unix.ENOSYS, true }

// End lets go of a courier that has no errand.
func (c *Courier) End() {}

// Leave gives up a courier whose errand takes too long.
func (c *Courier) Leave(p []byte) {}
