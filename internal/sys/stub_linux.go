//go:build linux && (amd64 || arm64)

package sys

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/quote"
)

// A Stub is a Script that a new process performs before it executes a program,
// where this process cannot run anything between clone and execve: a static
// executable of one page of code, which is the loop in stub_linux_*.s, and its
// steps. It passes its own arguments and environment on.
type Stub struct {
	steps []stubStep
	data  []byte
	path  uint64
	key   [3]uint64
}

// A stubStep is a system call. The assembly knows this layout.
type stubStep struct {
	nr      uint64
	args    [6]uint64
	store   uint64 // if not 0, where the low 32 bits of the result go
	ignore  uint64 // not 0 if the step may fail
	message uint64 // what to say of a failure, and how long that is
	length  uint64
	status  uint64 // the exit status then
	// indirect is 1 if the first argument is the address of it, 2 if there is no
	// call: the word at the first argument keeps what is set in the second, and 3
	// if there is one only where such a word has lost something.
	indirect uint64
}

// Where the parts of a stub lie in memory. The assembly knows stubHeader.
const (
	stubCode   = 0x10000000
	stubHeader = 0x20000000 // number of steps, path, three words of key, what masks took away
	stubSteps  = stubHeader + 0x40
	stubData   = stubHeader + 0x10000
	stubMost   = (stubData - stubSteps) / uint64(unsafe.Sizeof(stubStep{}))
)

// Put places memory in the stub and returns its address there.
func (s *Stub) Put(b []byte) uint64 {
	for len(s.data)%16 != 0 {
		s.data = append(s.data, 0)
	}
	at := stubData + uint64(len(s.data))
	s.data = append(s.data, b...)
	return at
}

// PutString places a string and its NUL.
func (s *Stub) PutString(text string) uint64 { return s.Put(append([]byte(text), 0)) }

// Words lays out 64-bit words for Put.
func Words(list ...uint64) []byte {
	var b []byte
	for _, w := range list {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// Add appends a system call that must succeed; name says what it does.
func (s *Stub) Add(name string, nr uintptr, args ...uint64) {
	s.add(stubStep{nr: uint64(nr), status: 125}, "cannot "+name, args)
}

// Try appends a system call that may fail.
func (s *Stub) Try(nr uintptr, args ...uint64) {
	s.add(stubStep{nr: uint64(nr), ignore: 1}, "", args)
}

func (s *Stub) add(st stubStep, message string, args []uint64) {
	copy(st.args[:], args)
	if message != "" {
		st.message, st.length = s.say(message)
	}
	s.steps = append(s.steps, st)
}

// say places a line of standard error: one line, whatever names are in it.
func (s *Stub) say(message string) (at, length uint64) {
	line := "pledge: " + quote.Text(message) + "\n"
	return s.Put([]byte(line)), uint64(len(line))
}

// Store has the result of the last step written to an address, 32 bits of it: -1
// if the step failed and may.
func (s *Stub) Store(address uint64) { s.steps[len(s.steps)-1].store = address }

// Indirect has the last step take its first argument from the address that it
// was given, 64 bits of it.
func (s *Stub) Indirect() { s.steps[len(s.steps)-1].indirect = 1 }

// Mask appends a step that clears, in the 32 bits at an address, what is not set
// in mask.
func (s *Stub) Mask(address uint64, mask uint32) {
	s.add(stubStep{indirect: 2}, "", []uint64{address, uint64(mask)})
}

// IfMasked has the last step made only if a Mask before it cleared something.
func (s *Stub) IfMasked() { s.steps[len(s.steps)-1].indirect = 3 }

// Exec sets the program that is executed at the end, and the values of the three
// registers that execve(2) does not use.
func (s *Stub) Exec(path string, key [3]uint64) {
	s.path, s.key = s.PutString(path), key
	st := stubStep{status: 126}
	st.message, st.length = s.say("cannot execute " + quote.Word(path))
	s.steps = append(s.steps, st)
}

func stubAddress() *[stubCodeSize]byte

// stubCodeSize is no less than the assembly takes; what follows it is never
// reached.
const stubCodeSize = 512

// Image returns the executable. Exec has been called.
func (s *Stub) Image() ([]byte, error) {
	if uint64(len(s.steps)) > stubMost {
		return nil, fmt.Errorf("%d steps before execve, at most %d: unveil fewer paths", len(s.steps), stubMost)
	}
	var mem bytes.Buffer
	mem.Write(Words(uint64(len(s.steps)-1), s.path, s.key[0], s.key[1], s.key[2], 0, 0, 0))
	for i := range s.steps {
		mem.Write(Bytes(&s.steps[i]))
	}
	mem.Write(make([]byte, int(stubData-stubHeader)-mem.Len()))
	mem.Write(s.data)

	const page, headers = 0x10000, 0x200
	image := make([]byte, page, page+mem.Len())
	copy(image[headers:], stubAddress()[:])
	copy(image, elfHeaders(headers, mem.Len(), page))
	return append(image, mem.Bytes()...), nil
}

// elfHeaders are those of a static executable with one segment of code at the
// start of the file and one of data behind it (elf(5)).
func elfHeaders(entry, size, page int) []byte {
	machine := uint16(62) // EM_X86_64
	if runtime.GOARCH == "arm64" {
		machine = 183 // EM_AARCH64
	}
	le := binary.LittleEndian
	b := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 9)...)
	b = le.AppendUint16(b, 2) // ET_EXEC
	b = le.AppendUint16(b, machine)
	b = le.AppendUint32(b, 1)
	b = append(b, Words(uint64(stubCode+entry), 64, 0)...)
	b = le.AppendUint32(b, 0)
	for _, v := range []uint16{64, 56, 3, 0, 0, 0} {
		b = le.AppendUint16(b, v)
	}
	segment := func(kind, flags uint32, offset, address, size uint64) {
		b = le.AppendUint32(b, kind)
		b = le.AppendUint32(b, flags)
		b = append(b, Words(offset, address, address, size, size, uint64(page))...)
	}
	segment(unix.PT_LOAD, unix.PF_R|unix.PF_X, 0, stubCode, uint64(entry+stubCodeSize))
	segment(unix.PT_LOAD, unix.PF_R|unix.PF_W, uint64(page), stubHeader, uint64(size))
	segment(0x6474e551, unix.PF_R|unix.PF_W, 0, 0, 0) // PT_GNU_STACK: no code on the stack
	return b
}

// Memfd returns a descriptor of anonymous memory that holds an executable, and
// closes on exec. It is above where os/exec puts the files of a child.
func Memfd(name string, image []byte) (int, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_EXEC|unix.MFD_ALLOW_SEALING)
	if err == unix.EINVAL { // MFD_EXEC is of Linux 6.3
		fd, err = unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return -1, err
	}
	defer unix.Close(fd)
	for rest := image; len(rest) > 0; {
		n, err := unix.Write(fd, rest)
		if err != nil {
			return -1, err
		}
		rest = rest[n:]
	}
	const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		return -1, err
	}
	return aboveFiles(fd)
}

// aboveFiles gives a descriptor a number above those of files that a caller of os/exec
// passes on. Those are put in place before the execve, first at numbers up to twice
// as many as they are, and one that took this number would be executed, unconfined.
func aboveFiles(fd int) (high int, err error) {
	for _, least := range []int{4096, 960, 200} { // what the limit allows
		if high, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, least); err != unix.EINVAL {
			break
		}
	}
	return high, err
}
