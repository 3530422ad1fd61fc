package launcher

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
)

const (
	maxPart    = 1 << 20 // bytes that are copied at a time
	maxControl = 1 << 16
	maxVectors = 1024 // UIO_MAXIOV
	maxRights  = 253  // SCM_MAX_FD
)

// A header is a struct msghdr copied from the caller, and the vectors that it
// points to.
type header struct {
	at                  uint64 // where it is in the caller
	name, nameLen       uint64
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

// readHeader copies a header. Errors of the header itself are the kernel's:
// EMSGSIZE for too many vectors, EINVAL for lengths that are none, ENOBUFS for
// more control data than any message has.
func readHeader(c *notify.Call, at uint64) (*header, error) {
	h := &header{at: at, word: wordSize(c.Arch)}
	lay := headerLayout(h.word)
	b, err := c.Bytes(at, lay[7])
	if err != nil {
		return nil, err
	}
	h.name, h.nameLen = word(b[lay[0]:], h.word), uint64(binary.LittleEndian.Uint32(b[lay[1]:]))
	h.control, h.controlLen = word(b[lay[4]:], h.word), word(b[lay[5]:], h.word)
	iov, n := word(b[lay[2]:], h.word), word(b[lay[3]:], h.word)
	if int32(h.nameLen) < 0 {
		return nil, unix.EINVAL
	}
	if n > maxVectors {
		return nil, unix.EMSGSIZE
	}
	return h, h.readVectors(c, iov, int(n))
}

func (h *header) readVectors(c *notify.Call, at uint64, n int) error {
	b, err := c.Bytes(at, n*2*h.word)
	if err != nil {
		return err
	}
	for i := range n {
		v := vector{word(b[2*h.word*i:], h.word), word(b[2*h.word*i+h.word:], h.word)}
		if int64(v.length) < 0 || h.size()+v.length > 1<<31 {
			return unix.EINVAL
		}
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

// part copies up to maxPart bytes of the message's data, from an offset on.
func (h *header) part(c *notify.Call, from uint64) ([]byte, error) {
	var data []byte
	for _, v := range h.vectors {
		if from >= v.length {
			from -= v.length
			continue
		}
		n := min(v.length-from, uint64(maxPart-len(data)))
		if n == 0 {
			break
		}
		b, err := c.Bytes(v.base+from, int(n))
		if err != nil {
			return nil, err
		}
		data, from = append(data, b...), 0
	}
	return data, nil
}
