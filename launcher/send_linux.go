//go:build amd64 || arm64

package launcher

import (
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
)

// An outgoing message: judged, and copied from the caller.
type outgoing struct {
	header  *header
	to      *addressed
	data    []byte // the part that is next
	fault   int    // bytes behind it that cannot be read
	loaded  bool
	carried *atomic.Int32 // counts the rights of all messages
	raw     []byte        // its control messages as they were read
	control []byte
	rights  []int // copies of the descriptors that it carries
	sent    uint64
}

func (m *outgoing) close() {
	m.dropRights()
	m.to.close()
}

// dropRights closes the copies of descriptors, which the launcher has but so many
// of.
func (m *outgoing) dropRights() {
	closeAll(m.rights)
	m.carried.Add(-int32(len(m.rights)))
	m.rights = nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}

// sendto sends the caller's datagram, in its place.
func (s *supervisor) sendto(c *notify.Call) (bool, error) {
	if err := c.MayWait(); err != nil {
		return false, err
	}
	k, why, err := s.judged(c, "sendto", c.Args[0], c.Args[4], c.Args[5]&0xffffffff)
	if why != nil {
		return s.refuse(c, why)
	}
	if err != nil {
		return failed(c, err)
	}
	// The kernel cuts a length that is too long, too.
	h := &header{word: wordSize(c.Arch), vectors: []vector{{c.Args[1], min(c.Args[2], maxSize)}}}
	m := &outgoing{header: h, to: k, carried: &s.carried}
	if err := m.load(c); err != nil {
		m.close()
		return failed(c, err)
	}
	x := &sending{s: s, c: c, flags: int(int32(c.Args[3])), now: m}
	x.step()
	return true, nil
}

// load copies the next part of the data. What is no stream is sent whole.
func (m *outgoing) load(c *notify.Call) (err error) {
	m.loaded = true
	most := uint64(maxPart)
	if m.to.Type != unix.SOCK_STREAM {
		most = maxWhole
		if m.header.size() > most {
			m.fault = int(m.header.size()) // more than any takes: the kernel does not come to it
			return nil
		}
	}
	m.data, m.fault, err = m.header.part(c, m.sent, most)
	return err
}

// rest gives up what a message holds while it waits for room: its data is copied
// and the descriptors that it carries are judged anew then.
func (m *outgoing) rest() {
	m.dropRights()
	m.control, m.data, m.fault, m.loaded = nil, nil, 0, false
}

// resume is the way back.
func (s *supervisor) resume(c *notify.Call, m *outgoing) (why *refusal, err error) {
	if m.loaded {
		return nil, nil
	}
	if m.sent == 0 {
		if why, err = s.judgeControl(c, m, m.raw); why != nil || err != nil {
			return why, err
		}
	}
	return nil, m.load(c)
}

// sendmsg performs sendmsg and sendmmsg: what they carry beside data,
// descriptors and addresses, is in memory.
func (s *supervisor) sendmsg(c *notify.Call) (bool, error) {
	if err := c.MayWait(); err != nil {
		return false, err
	}
	x := &sending{s: s, c: c, flags: int(int32(c.Args[2]))}
	x.many = c.Name == "sendmmsg"
	if x.many {
		x.flags = int(int32(c.Args[3]))
		x.count = int(min(c.Args[2]&0xffffffff, maxVectors))
		if x.count == 0 {
			return s.sendNothing(c)
		}
	}
	m, why, err := s.readMessage(c, c.Args[1])
	switch {
	case why != nil:
		return s.refuse(c, why)
	case err != nil:
		return failed(c, err)
	}
	x.now = m
	x.step()
	return true, nil
}

// sendNothing answers a sendmmsg without messages.
func (s *supervisor) sendNothing(c *notify.Call) (bool, error) {
	k, err := socketOf(c, c.Args[0])
	if err != nil {
		return failed(c, err)
	}
	k.close()
	c.Return(0)
	return true, nil
}

// readMessage copies a message and judges what it carries, in the order in which
// the kernel looks at it.
func (s *supervisor) readMessage(c *notify.Call, at uint64) (*outgoing, *refusal, error) {
	k, err := socketOf(c, c.Args[0])
	if err != nil {
		return nil, nil, err
	}
	m := &outgoing{to: &addressed{socket: k, from: place{at: -1}, reached: -1}, carried: &s.carried}
	why, err := s.fill(c, m, at)
	if why != nil || err != nil {
		m.close()
		return nil, why, err
	}
	return m, nil, nil
}

func (s *supervisor) fill(c *notify.Call, m *outgoing, at uint64) (why *refusal, err error) {
	var name address
	if m.header, name, err = readHeader(c, at, true); err != nil {
		return nil, err
	}
	control, err := m.header.readControl(c)
	if err != nil {
		return nil, err
	}
	if name != nil {
		if why, err = s.judgeAddress(c, "sendto", m.to, name, c.Args[0]); why != nil || err != nil {
			return why, err
		}
	}
	m.raw = control
	return s.resume(c, m)
}

// A sending is a call that sends one message after the other.
type sending struct {
	s     *supervisor
	c     *notify.Call
	flags int
	now   *outgoing
	// many is set of sendmmsg: count messages, done of them sent.
	many        bool
	count, done int
}

// step sends what can be sent without waiting, and waits elsewhere for more room.
func (x *sending) step() {
	for more := true; more; more = x.next() {
		why, err := x.s.resume(x.c, x.now)
		if why == nil && err == nil {
			why, err = x.s.reach(x.c, x.now.to)
		}
		switch {
		case why != nil && x.done == 0:
			x.now.close()
			x.s.violation(x.c, why)
			return
		case why != nil || err != nil:
			x.end(errno(err))
			return
		}
		switch e := x.push(); {
		case e == unix.EAGAIN && x.flags&unix.MSG_DONTWAIT == 0 && x.now.to.waits():
			x.now.rest()
			x.s.sleeping.add(newSleeper(x.c, x.now.to.socket, unix.POLLOUT, unix.SO_SNDTIMEO, x.step, x.end))
			return
		case e != 0:
			x.end(e)
			return
		}
	}
}

// sendFlags are those of a message that mean the same when it is performed. The
// kernel ignores what it does not know.
const (
	msgZerocopy = 0x4000000
	sendFlags   = unix.MSG_OOB | unix.MSG_DONTROUTE | unix.MSG_EOR | unix.MSG_CONFIRM | unix.MSG_MORE | unix.MSG_FASTOPEN
)

// zerocopy reports whether the socket would hold the sender's memory.
func (k socket) zerocopy() bool {
	on, err := unix.GetsockoptInt(k.fd, unix.SOL_SOCKET, unix.SO_ZEROCOPY)
	return err != nil || on != 0
}

// credentials say who sends where a performing thread has only the effective ids
// of the caller.
func callerCredentials(c *notify.Call) []byte {
	st, err := c.Status()
	if err != nil {
		return nil
	}
	id, ok := st.Identity()
	if !ok {
		return nil
	}
	return unix.UnixCredentials(&unix.Ucred{Pid: int32(os.Getpid()), Uid: id.UIDs[1], Gid: id.GIDs[1]})
}

// push sends the rest of the present message.
func (x *sending) push() unix.Errno {
	m := x.now
	for {
		control := m.control
		if len(m.rights) > 0 {
			control = append(control[:len(control):len(control)], unix.UnixRights(m.rights...)...)
		}
		n, e := x.once(control)
		if e != 0 {
			return e
		}
		m.sent += uint64(n)
		// Descriptors go with the first byte.
		m.dropRights()
		m.control, m.data = nil, m.data[min(n, len(m.data)):]
		if m.sent >= m.header.size() {
			return 0
		}
		if len(m.data) > 0 {
			continue // a stream took a part
		}
		if m.fault > 0 {
			return 0 // what could be sent was
		}
		if err := m.load(x.c); err != nil {
			return 0
		}
	}
}

// once sends what a socket takes at once.
func (x *sending) once(control []byte) (n int, e unix.Errno) {
	m, perform := x.now, x.s.perform.as
	if x.flags&msgZerocopy != 0 && m.to.zerocopy() {
		return 0, unix.ENOBUFS // as where no page can be held: the memory is ours, and gone a moment later
	}
	if x.s.perform.changing && m.to.Domain == unix.AF_UNIX {
		control = append(control[:len(control):len(control)], callerCredentials(x.c)...)
	}
	if m.to.address != nil {
		perform = x.s.perform.inDomain
	}
	err := perform(x.c, func() {
		n, e = sys.SendmsgFault(m.to.fd, m.data, m.fault, control, m.to.address, x.flags&sendFlags|unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
	})
	if err != nil {
		return 0, errno(err)
	}
	return n, e
}

// next takes up the next message, or answers.
func (x *sending) next() bool {
	m := x.now
	m.close()
	if !x.many {
		x.c.Return(int64(m.sent))
		return false
	}
	length := putWord(m.sent, 4)
	if err := x.c.Write(m.header.at+uint64(headerLayout(m.header.word)[7]), length); err != nil {
		x.finish(errno(err))
		return false
	}
	// The kernel ends where it could not send all of a message.
	if x.done++; x.done == x.count || m.sent < m.header.size() {
		x.finish(0)
		return false
	}
	// msg_len follows, padded to a word.
	next, why, err := x.s.readMessage(x.c, m.header.at+uint64(headerLayout(m.header.word)[7]+m.header.word))
	if why != nil && x.done == 0 {
		x.s.violation(x.c, why)
		return false
	}
	if why != nil || err != nil {
		x.finish(errno(err))
		return false
	}
	x.now = next
	return true
}

// end answers after an error.
func (x *sending) end(e unix.Errno) {
	if x.now.sent > 0 {
		x.next() // the kernel tells an error only if nothing was sent
		return
	}
	broken := e == unix.EPIPE && x.flags&unix.MSG_NOSIGNAL == 0
	x.now.close()
	if broken {
		if p, err := x.c.Hold(); err == nil {
			defer p.Release()
			p.Signal(unix.SIGPIPE)
		}
	}
	x.finish(e)
}

// finish answers with how many messages were sent, or the error of the first.
func (x *sending) finish(e unix.Errno) {
	if x.done > 0 {
		x.c.Return(int64(x.done))
		return
	}
	x.c.Fail(e)
}
