//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// maxObserved is how many messages of one sendmmsg are looked at.
const maxObserved = 64

// addresses are the addresses that a call gives: of connect, bind and sendto, and
// of each message that is sent.
func addresses(c *notify.Call) (list []address, err error) {
	at := 1
	switch c.Name {
	case "connect", "bind":
	case "sendto":
		at = 4
	case "sendmsg", "sendmmsg":
		return list, eachMessage(c, func(h *header) error {
			if h.name == 0 || h.nameLen == 0 {
				return nil
			}
			a, err := readAddress(c, h.name, min(h.nameLen, maxAddress))
			list = append(list, a)
			return err
		})
	default:
		return nil, nil
	}
	a, err := readAddress(c, c.Args[at], c.Args[at+1]&0xffffffff)
	return []address{a}, err
}

// eachMessage calls f for the header of each message that sendmsg, sendmmsg or
// recvmsg is about.
func eachMessage(c *notify.Call, f func(*header) error) error {
	n, size := uint64(1), uint64(0)
	if c.Name == "sendmmsg" {
		word := uint64(wordSize(c.Arch))
		n, size = min(c.Args[2]&0xffffffff, maxObserved), uint64(headerLayout(int(word))[7])
		size = (size + 4 + word - 1) &^ (word - 1) // struct mmsghdr
	}
	for i := range n {
		h, err := frontOf(c, c.Args[1]+i*size)
		if err == nil {
			err = f(h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// carries reports whether a message that is sent has descriptors.
func carries(c *notify.Call) (found bool, err error) {
	err = eachMessage(c, func(h *header) error {
		raw, err := h.readControl(c)
		found = found || hasRights(raw, h.word)
		return err
	})
	return found, err
}

// hasRights reports whether control messages hold descriptors.
func hasRights(raw []byte, size int) bool {
	for len(raw) >= size+8 {
		length := word(raw, size)
		if binary.LittleEndian.Uint32(raw[size:]) == unix.SOL_SOCKET && binary.LittleEndian.Uint32(raw[size+4:]) == unix.SCM_RIGHTS {
			return true
		}
		if length < uint64(size+8) {
			return false
		}
		raw = raw[min(uint64(len(raw)), (length+uint64(size)-1)&^uint64(size-1)):]
	}
	return false
}

// brings reports whether a message that is received has descriptors. Of one that
// has not come yet it is taken for granted where there is room for some.
func brings(c *notify.Call) (bool, error) {
	room := false
	if err := eachMessage(c, func(h *header) error { room = h.controlLen >= 16; return nil }); err != nil || !room {
		return false, err
	}
	k, err := socketOf(c, c.Args[0])
	if err != nil || k.Domain != unix.AF_UNIX {
		if err == nil {
			k.close()
		}
		return false, nil
	}
	defer k.close()
	m, e := sys.Recvmsg(k.fd, make([]byte, 1), maxControl, unix.MSG_PEEK|unix.MSG_DONTWAIT)
	if e != 0 {
		return e == unix.EAGAIN && k.waits(), nil
	}
	closeAll(m.Rights)
	return len(m.Rights) > 0, nil
}

// prefetchMessage copies what these look at.
func prefetchMessage(c *notify.Call) error {
	var err error
	switch c.Name {
	case "sendmsg", "sendmmsg":
		if _, err = carries(c); err == nil {
			_, err = addresses(c)
		}
	case "recvmsg":
		err = eachMessage(c, func(*header) error { return nil })
	}
	if errors.Is(err, notify.ErrWait) {
		return err
	}
	return nil
}

// refineMessage adds the words for what a message carries.
func refineMessage(c *notify.Call, o *Observed) {
	o.Alternatives = without(o.Alternatives, promises.DNS) // the words that send descriptors decide
	word, moves := promises.Sendfd.Set(), carries
	if c.Name == "recvmsg" {
		word, moves = promises.Recvfd.Set(), brings
	}
	if found, err := moves(c); err != nil || !found {
		return
	}
	for i := range o.Alternatives {
		o.Alternatives[i] |= word
	}
	if len(o.Alternatives) == 0 {
		o.Alternatives = []promises.Set{word}
	}
}
