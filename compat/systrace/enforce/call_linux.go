package enforce

import (
	"os/user"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// call is a system call that waits for an answer. It answers package translate
// about its caller.
type call struct {
	sys.SeccompNotif
	engine    *engine
	process   *process
	arch      *abi.Arch
	name      string
	emulation string
	policy    *policy.Policy
	creds     *credentials

	looked bool // memory of the caller was read
	kept   bool // another thread answers, and closes
	places []*place
	bytes  map[uint64][]byte // what was read, by address: it is read once
	// strings were read, by address.
	strings map[uint64]string
	as      *policy.Credentials
}

// identity is whom the call is performed as: the caller, or who "as" says.
func (c *call) identity() *credentials {
	if c.as == nil {
		return c.creds
	}
	id := *c.creds
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
}

// String is part of translate.Caller.
func (c *call) String(addr uint64) (string, error) {
	c.looked = true
	if s, ok := c.strings[addr]; ok {
		return s, nil
	}
	s, err := sys.ReadString(c.tid(), addr, unix.PathMax)
	if err == nil && !c.waits() {
		err = unix.ESRCH // it was another's memory
	}
	if err == nil {
		if c.strings == nil {
			c.strings = map[uint64]string{}
		}
		c.strings[addr] = s
	}
	return s, err
}

// Bytes is part of translate.Caller. The same bytes are read once.
func (c *call) Bytes(addr uint64, n int) ([]byte, error) {
	c.looked = true
	if b := c.bytes[addr]; len(b) >= n {
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
	if c.bytes == nil {
		c.bytes = map[uint64][]byte{}
	}
	c.bytes[addr] = b
	return b, nil
}

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

func (c *call) fail(e unix.Errno) { sys.NotifReturn(c.engine.listener, c.ID, 0, e) }

// answer answers with an error, or with 0.
func (c *call) answer(err error) { c.fail(errno(err)) }

func (c *call) carryOn() { sys.NotifContinue(c.engine.listener, c.ID) }

// descriptorOf duplicates one of the caller's descriptors.
func (c *call) descriptorOf(fd uint64) (int, error) {
	return unix.PidfdGetfd(c.process.pidfd, int(int32(fd)), 0)
}

var _ translate.Caller = (*call)(nil)
