//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// readControl copies the control messages.
func (h *header) readControl(c *notify.Call) ([]byte, error) {
	if h.controlLen == 0 {
		return nil, nil
	}
	if h.controlLen > maxControl {
		return nil, unix.ENOBUFS
	}
	return c.Bytes(h.control, int(h.controlLen))
}

// judgeControl judges what else a message carries. sendfd admits descriptors,
// but no directory; credentials are the kernel's to tell.
func (s *supervisor) judgeControl(c *notify.Call, m *outgoing, raw []byte) (*refusal, error) {
	size := m.header.word
	head := uint64(size + 8)
	for uint64(len(raw)) >= head {
		length := word(raw, size)
		level, kind := binary.LittleEndian.Uint32(raw[size:]), binary.LittleEndian.Uint32(raw[size+4:])
		if length < head || length > uint64(len(raw)) {
			return nil, unix.EINVAL
		}
		body := raw[head:length]
		switch {
		case level == unix.SOL_SOCKET && kind == unix.SCM_RIGHTS:
			if why, err := s.readRights(c, body, m); why != nil || err != nil {
				return why, err
			}
		case level == unix.SOL_SOCKET && kind == unix.SCM_CREDENTIALS:
			// Who tells the truth about itself tells what the kernel tells anyway.
			// Ours would be the launcher's process id.
			if m.to.Domain != unix.AF_UNIX {
				return nil, unix.EINVAL
			}
			if !ownCredentials(c, body) {
				return nil, unix.EPERM
			}
		case level == unix.SOL_SOCKET && m.to.Domain == unix.AF_UNIX:
			return nil, unix.EINVAL
		default:
			m.control = append(m.control, sys.ControlMessage(int(level), int(kind), body)...)
		}
		raw = raw[min(uint64(len(raw)), (length+uint64(size)-1)&^uint64(size-1)):]
	}
	return nil, nil
}

// ownCredentials reports whether a struct ucred is one that the kernel would
// take from the caller: its own ids.
func ownCredentials(c *notify.Call, body []byte) bool {
	if len(body) != 12 {
		return false
	}
	st, err := c.Status()
	if err != nil {
		return false
	}
	id, ok := st.Identity()
	field := func(i int) uint32 { return binary.LittleEndian.Uint32(body[4*i:]) }
	in := func(v uint32, ids [3]uint32) bool { return v == ids[0] || v == ids[1] || v == ids[2] }
	return ok && int(field(0)) == c.Process() && in(field(1), [3]uint32(id.UIDs[:3])) && in(field(2), [3]uint32(id.GIDs[:3]))
}

func (s *supervisor) readRights(c *notify.Call, body []byte, m *outgoing) (*refusal, error) {
	text := c.Name + "(" + itoa(int32(c.Args[0])) + ", SCM_RIGHTS"
	if !s.set.Has(promises.Sendfd) {
		return &refusal{promise: promises.Sendfd.Set(), call: text + ")"}, nil
	}
	if len(body)/4+len(m.rights) > maxRights || m.to.Domain != unix.AF_UNIX {
		return nil, unix.EINVAL
	}
	for ; len(body) >= 4; body = body[4:] {
		if s.carried.Load() >= s.most {
			return nil, unix.ETOOMANYREFS // as the kernel says of too many in flight
		}
		fd, err := c.Dup(uint64(binary.LittleEndian.Uint32(body)))
		if err != nil {
			return nil, err
		}
		s.carried.Add(1)
		m.rights = append(m.rights, fd)
		if isDirectory(fd) {
			return &refusal{call: text + " with a directory)"}, nil
		}
	}
	return nil, nil
}

func isDirectory(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT == unix.S_IFDIR
}
