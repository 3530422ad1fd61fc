//go:build amd64 || arm64

package enforce

import (
	"encoding/binary"
	"os/user"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// call is a system call that waits for an answer. It answers package translate
// about its caller, and package perform about what was judged.
type call struct {
	sys.SeccompNotif
	engine    *engine
	process   *process
	live      *live // whose policy was in force when the call was looked at
	arch      *abi.Arch
	name      string
	emulation string
	policy    *policy.Policy
	creds     *credentials
	program   string
	domain    *domain // Landlock's, that the caller is in

	looked   bool // memory of the caller was read
	places   []*place
	held     held // the descriptor that was judged
	sees     *resolve.View
	memory   []span // what was read: it is read once
	as       *policy.Credentials
	id       *credentials // whom it is performed as; nil before that is known
	fileSize uint64       // RLIMIT_FSIZE
	room     room
	// signalled is set when the caller has a signal to handle: what the call
	// waits for is given up.
	signalled atomic.Bool
}

// room is for what nearly every call has, so that it is made with the call.
type room struct {
	memory [2]span
	places [2]*place
	place  place
	sees   resolve.View
}

// span is memory of the caller's that was read, as bytes or as a string.
type span struct {
	addr   uint64
	bytes  []byte
	text   string
	string bool
}

// identity is whom the call is performed as: the caller, or who "as" says.
func (c *call) identity() *credentials {
	if c.id == nil {
		c.id = c.elevated()
	}
	return c.id
}

func (c *call) elevated() *credentials {
	if c.as == nil {
		return c.creds
	}
	id := *c.creds
	id.unchanged = false
	if c.as.UID != nil {
		id.fsuid, id.uid, id.ruid = *c.as.UID, *c.as.UID, *c.as.UID
		id.caps = 0
		if id.fsuid == 0 {
			id.caps = c.engine.caps
		}
	}
	if c.as.GID != nil {
		id.fsgid, id.gid, id.rgid = *c.as.GID, *c.as.GID, *c.as.GID
	}
	return &id
}

func (c *call) tid() int { return int(c.PID) }

func (c *call) close() {
	for _, p := range c.places {
		p.close()
	}
	if c.held.is {
		unix.Close(c.held.fd)
	}
	if c.sees != nil && c.sees.Root != c.engine.root {
		unix.Close(c.sees.Root)
	}
}

// knownString is a string that was read before.
func (c *call) knownString(addr uint64) (string, bool) {
	for i := range c.memory {
		if m := &c.memory[i]; m.string && m.addr == addr {
			return m.text, true
		}
	}
	return "", false
}

// knownBytes are bytes that were read before.
func (c *call) knownBytes(addr uint64) []byte {
	for i := range c.memory {
		if m := &c.memory[i]; !m.string && m.addr == addr {
			return m.bytes
		}
	}
	return nil
}

// String is part of translate.Caller.
func (c *call) String(addr uint64) (string, error) {
	c.looked = true
	if s, ok := c.knownString(addr); ok {
		return s, nil
	}
	s, err := sys.ReadString(c.tid(), addr, unix.PathMax)
	if err == nil && !c.waits() {
		err = unix.ESRCH // it was another's memory
	}
	if err == nil {
		c.memory = append(c.memory, span{addr: addr, text: s, string: true})
	}
	return s, err
}

// Bytes is part of translate.Caller. What was read is not read again: to ask
// for more of it is a mistake in the asking.
func (c *call) Bytes(addr uint64, n int) ([]byte, error) {
	c.looked = true
	if b := c.knownBytes(addr); b != nil {
		if len(b) < n {
			return nil, unix.EFAULT
		}
		return b[:n], nil
	}
	b := make([]byte, n)
	got, err := sys.ReadMemory(c.tid(), addr, b)
	switch {
	case err != nil:
		return nil, err
	case got < n:
		return nil, unix.EFAULT
	case !c.waits():
		return nil, unix.ESRCH
	}
	c.memory = append(c.memory, span{addr: addr, bytes: b})
	return b, nil
}

func nativeWord(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

// waits tells whether the caller still waits for the answer.
func (c *call) waits() bool { return sys.NotifValid(c.engine.listener, c.ID) }

// Program is part of translate.Caller.
func (c *call) Program(pid int32) (string, bool) {
	c.engine.mu.Lock()
	defer c.engine.mu.Unlock()
	p := c.engine.processes[int(pid)]
	if p == nil || !p.alive() {
		return "", false
	}
	return p.program, true
}

// UserName is part of translate.Caller.
func (c *call) UserName(uid uint32) (string, bool) {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return "", false
	}
	return u.Username, true
}

// write copies a result into the caller's memory.
func (c *call) write(addr uint64, b []byte) unix.Errno {
	if !c.waits() {
		return unix.ESRCH
	}
	return errno(sys.WriteMemory(c.tid(), addr, b))
}

func (c *call) result(v int64) { sys.NotifReturn(c.engine.listener, c.ID, v, 0) }

func (c *call) fail(e unix.Errno) {
	if e == restart {
		c.engine.keeper.interrupted(c.tid())
	}
	sys.NotifReturn(c.engine.listener, c.ID, 0, e)
}

// answer answers with an error, or with 0.
func (c *call) answer(err error) { c.fail(errno(err)) }

func (c *call) carryOn() { sys.NotifContinue(c.engine.listener, c.ID) }

// descriptorOf duplicates one of the caller's descriptors. It is asked by its
// thread: a process whose first one has ended has none.
//
// What was looked at once is held: a call is performed on what was judged, and
// not on what another thread has put in its place.
func (c *call) descriptorOf(fd uint64) (int, error) {
	if c.held.is && c.held.number == fd {
		return unix.FcntlInt(uintptr(c.held.fd), unix.F_DUPFD_CLOEXEC, 0)
	}
	got, err := c.taken(fd)
	if err != nil || c.engine.o.Judge == nil || c.held.is {
		return got, err
	}
	if own, err := unix.FcntlInt(uintptr(got), unix.F_DUPFD_CLOEXEC, 0); err == nil {
		c.held = held{true, fd, own}
	}
	return got, nil
}

// held is a copy of one of the caller's descriptors.
type held struct {
	is     bool
	number uint64
	fd     int
}

func (c *call) taken(fd uint64) (int, error) {
	pidfd, err := unix.PidfdOpen(c.tid(), pidfdThread)
	if err == unix.EINVAL { // before Linux 6.9
		pidfd, err = unix.PidfdOpen(c.process.pid, 0)
	}
	if err != nil {
		return -1, err
	}
	defer unix.Close(pidfd)
	got, err := unix.PidfdGetfd(pidfd, int(int32(fd)), 0)
	if err == nil && !c.waits() {
		unix.Close(got)
		return -1, unix.ESRCH
	}
	return got, err
}

const pidfdThread = unix.O_EXCL // PIDFD_THREAD

var _ translate.Caller = (*call)(nil)
