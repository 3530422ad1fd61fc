//go:build unix

package program

import (
	"encoding/binary"
	"errors"
	"io"
)

// An ELF is as much of an ELF file as a kernel or a dynamic loader looks at.
// debug/elf would do, and costs every start of a program that links it: it
// brings the debug formats and three decompressors.
type ELF struct {
	Type    uint16 // e_type
	Machine uint16 // e_machine
	Wide    bool   // 64-bit structures

	order    binary.ByteOrder
	segments []segment
}

// Machines that filters are built for (e_machine).
const (
	Machine386   = 3
	Machine486   = 6 // the kernel starts it as it does 386
	MachineAMD64 = 62
	MachineARM   = 40
	MachineARM64 = 183
)

// Constants of elf(5).
const (
	Magic                            = "\x7fELF"
	typeExec, typeDyn                = 2, 3
	ptLoad, ptDynamic, ptInterp      = 1, 2, 3
	ptStack                          = 0x6474e551 // PT_GNU_STACK
	flagExec                         = 1          // PF_X
	wideHeader, wideSegment          = 64, 56
	narrowHeader, narrowSegment      = 52, 32
	maxHeaders, maxName, headerAhead = 65536, 4096, 256
)

// ErrFormat is the error of a file that is no ELF file, or not one that would be
// taken.
var ErrFormat = errors.New("not an ELF file that is taken")

// A segment is a program header.
type segment struct {
	kind, flags             uint32
	offset, address, inFile uint64
}

// readHead reads the first bytes of a file; behind a short one there are zeroes.
func readHead(r io.ReaderAt) (head [headerAhead]byte, err error) {
	n, err := r.ReadAt(head[:], 0)
	if n > 0 || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head, err
}

// fields reads what the header says with the class and the order that are set.
func (e *ELF) fields(head []byte) (phoff uint64, phsize, phnum int) {
	e.Type, e.Machine = e.order.Uint16(head[16:]), e.order.Uint16(head[18:])
	if e.Wide {
		return e.order.Uint64(head[32:]), int(e.order.Uint16(head[54:])), int(e.order.Uint16(head[56:]))
	}
	return uint64(e.order.Uint32(head[28:])), int(e.order.Uint16(head[42:])), int(e.order.Uint16(head[44:]))
}

// readSegments reads the program headers. Their size is bounded before anything
// of that size is allocated.
func (e *ELF) readSegments(r io.ReaderAt, phoff uint64, phsize, phnum int) error {
	want := narrowSegment
	if e.Wide {
		want = wideSegment
	}
	if phsize != want || phnum < 1 || phnum*want > maxHeaders {
		return ErrFormat
	}
	b := make([]byte, phnum*want)
	if err := readFull(r, b, phoff); err != nil {
		return err
	}
	e.segments = make([]segment, 0, phnum)
	for ; len(b) > 0; b = b[want:] {
		e.segments = append(e.segments, e.segment(b))
	}
	return nil
}

func (e *ELF) segment(b []byte) segment {
	u32 := func(at int) uint64 { return uint64(e.order.Uint32(b[at:])) }
	if e.Wide {
		return segment{uint32(u32(0)), uint32(u32(4)), e.order.Uint64(b[8:]), e.order.Uint64(b[16:]), e.order.Uint64(b[32:])}
	}
	return segment{uint32(u32(0)), uint32(u32(24)), u32(4), u32(8), u32(16)}
}

// SameKind reports whether a program and a library are for the same processor.
func (e *ELF) SameKind(o *ELF) bool { return e.Wide == o.Wide && e.Machine == o.Machine }

func readFull(r io.ReaderAt, b []byte, at uint64) error {
	if len(b) == 0 {
		return nil
	}
	if int64(at) < 0 {
		return ErrFormat
	}
	if n, err := r.ReadAt(b, int64(at)); n < len(b) {
		return errors.Join(ErrFormat, err)
	}
	return nil
}
