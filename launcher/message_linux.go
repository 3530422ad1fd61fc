//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
)

const (
	maxPart    = 1 << 18    // bytes of a stream that are copied at a time
	maxWhole   = 1 << 20    // more than a message that is no stream can have
	maxSize    = 0x7ffff000 // MAX_RW_COUNT
	maxControl = 1 << 16
	maxVectors = 1024 // UIO_MAXIOV
	maxRights  = 253  // SCM_MAX_FD
)

// A header is a struct msghdr copied from the caller, and the vectors that it
// points to.
type header struct {
	at                  uint64 // where it is in the caller
	name, nameLen       uint64
	iov, count          uint64
	vectors             []vector
	control, controlLen uint64
	word                int
}

type vector struct{ base, length uint64 }

// headerLayout returns the offsets of struct msghdr by word size: name, namelen,
// iov, iovlen, control, controllen, flags, size.
func headerLayout(word int) [8]int {
	if word == 4 {
		return [8]int{0, 4, 8, 12, 16, 20, 24, 28}
	}
	return [8]int{0, 8, 16, 24, 32, 40, 48, 56}
}

func wordSize(a *abi.Arch) int {
	if a == abi.I386 {
		return 4
	}
	return 8
}

// word reads a word of the caller's size.
func word(b []byte, size int) uint64 {
	if size == 4 {
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}

// putWord is the way back.
func putWord(v uint64, size int) []byte {
	if size == 4 {
		return binary.LittleEndian.AppendUint32(nil, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(nil, v)
}

// readHeader copies a header and the name of a message that is sent, which is
// empty of one that is received. Errors come in the kernel's order: EINVAL for a
// negative length, EMSGSIZE for too many vectors, EINVAL for what is no length.
func readHeader(c *notify.Call, at uint64, sent bool) (h *header, name address, err error) {
	if h, err = frontOf(c, at); err != nil {
		return nil, nil, err
	}
	if sent && h.name != 0 && h.nameLen > 0 {
		// The kernel takes the front of a name that is too long.
		if name, err = readAddress(c, h.name, min(h.nameLen, maxAddress)); err != nil {
			return nil, nil, err
		}
	}
	if h.count > maxVectors {
		return nil, nil, unix.EMSGSIZE
	}
	return h, name, h.readVectors(c)
}

// frontOf copies the structure itself.
func frontOf(c *notify.Call, at uint64) (*header, error) {
	h := &header{at: at, word: wordSize(c.Arch)}
	lay := headerLayout(h.word)
	b, err := c.Bytes(at, lay[7])
	if err != nil {
		return nil, err
	}
	h.name, h.nameLen = word(b[lay[0]:], h.word), uint64(binary.LittleEndian.Uint32(b[lay[1]:]))
	h.control, h.controlLen = word(b[lay[4]:], h.word), word(b[lay[5]:], h.word)
	h.iov, h.count = word(b[lay[2]:], h.word), word(b[lay[3]:], h.word)
	if int32(h.nameLen) < 0 {
		return nil, unix.EINVAL
	}
	return h, nil
}

func (h *header) readVectors(c *notify.Call) error {
	b, err := c.Bytes(h.iov, int(h.count)*2*h.word)
	if err != nil {
		return err
	}
	for i := range int(h.count) {
		v := vector{word(b[2*h.word*i:], h.word), word(b[2*h.word*i+h.word:], h.word)}
		if int64(v.length) < 0 {
			return unix.EINVAL
		}
		v.length = min(v.length, maxSize-h.size()) // as the kernel cuts it
		h.vectors = append(h.vectors, v)
	}
	return nil
}

// size is how many bytes the vectors hold.
func (h *header) size() (n uint64) {
	for _, v := range h.vectors {
		n += v.length
	}
	return n
}

// part copies up to most bytes of the message's data, from an offset on. Where
// some of it cannot be read, fault is how many bytes there would have been from
// there on: the kernel is to meet them where it would meet the caller's.
func (h *header) part(c *notify.Call, from, most uint64) (data []byte, fault int, err error) {
	want := int(min(h.size()-from, most))
	for _, v := range h.vectors {
		if from >= v.length {
			from -= v.length
			continue
		}
		n := min(int(v.length-from), want-len(data))
		if n == 0 {
			break
		}
		b, err := c.Stream(v.base+from, n)
		if errors.Is(err, unix.EFAULT) {
			return data, want - len(data), nil
		}
		if err != nil {
			return nil, 0, err
		}
		data, from = append(data, b...), 0
	}
	return data, 0, nil
}
