package elfdeps

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"golang.org/x/sys/unix"
)

// An object is as much of an ELF file as a dynamic loader looks at. debug/elf
// would do, and costs every start of a program that links it: it brings the
// debug formats and three decompressors.
type object struct {
	machine      uint16 // e_machine
	wide         bool   // 64-bit
	interpreter  string
	needed       []string
	rpath        []string // DT_RPATH, DT_RUNPATH: lists, not yet split
	runpath      []string
	order        binary.ByteOrder
	phoff        uint64
	phsize, phnr int
}

// ELF constants (elf(5)).
const (
	ptLoad, ptDynamic, ptInterp                      = 1, 2, 3
	dtNull, dtNeeded, dtStrtab, dtStrsz              = 0, 1, 5, 10
	dtRpath, dtRunpath                               = 15, 29
	maxHeaders, maxDynamic, maxStrings, maxInterpret = 1 << 10, 1 << 20, 16 << 20, 4096
)

// Machines that the loader's cache tells apart.
const machine386, machineAMD64, machineARM64 = 3, 62, 183

var errFormat = errors.New("not an ELF file that a loader takes")

// open reads the object at path.
func open(path string) (*object, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	f := &file{fd: fd}
	if n, err := unix.Pread(fd, f.front[:], 0); err == nil {
		f.have = n
	}
	return parse(f)
}

// A file is read by the system call itself: os.File would ask four times what
// kind of file it is. Its front, where the headers are, is read once.
type file struct {
	fd, have int
	front    [1024]byte
}

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(p []byte, at int64) (int, error) {
	if at >= 0 && at+int64(len(p)) <= int64(f.have) {
		return copy(p, f.front[at:]), nil
	}
	n, err := unix.Pread(f.fd, p, at)
	if err == nil && n < len(p) {
		err = io.ErrUnexpectedEOF
	}
	return max(n, 0), err
}

// A segment is a program header.
type segment struct {
	kind                    uint32
	offset, address, inFile uint64
}

// parse reads an object. Every size that the file states is bounded before
// anything of that size is allocated.
func parse(r io.ReaderAt) (*object, error) {
	o, err := header(r)
	if err != nil {
		return nil, err
	}
	segments, err := o.segments(r)
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		switch s.kind {
		case ptInterp:
			b, err := s.read(r, maxInterpret)
			if err != nil {
				return nil, err
			}
			o.interpreter = text(b, 0)
		case ptDynamic:
			if err := o.dynamic(r, s, segments); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

func header(r io.ReaderAt) (*object, error) {
	var h [64]byte
	if n, err := r.ReadAt(h[:], 0); n < 52 {
		return nil, errors.Join(errFormat, err)
	}
	o := &object{}
	switch h[5] {
	case 1:
		o.order = binary.LittleEndian
	case 2:
		o.order = binary.BigEndian
	}
	if string(h[:4]) != "\x7fELF" || o.order == nil || h[4] != 1 && h[4] != 2 {
		return nil, errFormat
	}
	o.machine = o.order.Uint16(h[18:])
	o.wide = h[4] == 2
	if o.wide {
		o.phoff, o.phsize, o.phnr = o.order.Uint64(h[32:]), int(o.order.Uint16(h[54:])), int(o.order.Uint16(h[56:]))
	} else {
		o.phoff, o.phsize, o.phnr = uint64(o.order.Uint32(h[28:])), int(o.order.Uint16(h[42:])), int(o.order.Uint16(h[44:]))
	}
	if o.phnr > maxHeaders || o.phnr > 0 && o.phsize < 32 || o.wide && o.phnr > 0 && o.phsize < 56 {
		return nil, errFormat
	}
	return o, nil
}

func (o *object) segments(r io.ReaderAt) ([]segment, error) {
	b := make([]byte, o.phsize*o.phnr)
	if err := readFull(r, b, o.phoff); err != nil {
		return nil, err
	}
	list := make([]segment, 0, o.phnr)
	for ; len(b) > 0; b = b[o.phsize:] {
		s := segment{kind: o.order.Uint32(b)}
		if o.wide {
			s.offset, s.address, s.inFile = o.order.Uint64(b[8:]), o.order.Uint64(b[16:]), o.order.Uint64(b[32:])
		} else {
			s.offset, s.address, s.inFile = uint64(o.order.Uint32(b[4:])), uint64(o.order.Uint32(b[8:])), uint64(o.order.Uint32(b[16:]))
		}
		list = append(list, s)
	}
	return list, nil
}

func (s segment) read(r io.ReaderAt, limit uint64) ([]byte, error) {
	if s.inFile > limit {
		return nil, errFormat
	}
	b := make([]byte, s.inFile)
	return b, readFull(r, b, s.offset)
}

// dynamic reads the names out of the dynamic section. Its addresses are those
// of memory; the segments say where they lie in the file.
func (o *object) dynamic(r io.ReaderAt, s segment, segments []segment) error {
	b, err := s.read(r, maxDynamic)
	if err != nil {
		return err
	}
	word, size := func(b []byte) uint64 { return uint64(o.order.Uint32(b)) }, 4
	if o.wide {
		word, size = o.order.Uint64, 8
	}
	var strtab, strsz uint64
	type entry struct{ tag, value uint64 }
	var names []entry
	for ; len(b) >= 2*size; b = b[2*size:] {
		e := entry{word(b), word(b[size:])}
		switch e.tag {
		case dtStrtab:
			strtab = e.value
		case dtStrsz:
			strsz = e.value
		case dtNeeded, dtRpath, dtRunpath:
			names = append(names, e)
		}
		if e.tag == dtNull {
			break
		}
	}
	if len(names) == 0 {
		return nil
	}
	strings, err := stringTable(r, strtab, strsz, segments)
	if err != nil {
		return err
	}
	for _, e := range names {
		to := map[uint64]*[]string{dtNeeded: &o.needed, dtRpath: &o.rpath, dtRunpath: &o.runpath}[e.tag]
		*to = append(*to, text(strings, e.value))
	}
	return nil
}

func stringTable(r io.ReaderAt, address, size uint64, segments []segment) ([]byte, error) {
	for _, s := range segments {
		if s.kind == ptLoad && address >= s.address && address-s.address < s.inFile {
			at := address - s.address
			return segment{offset: s.offset + at, inFile: min(size, s.inFile-at)}.read(r, maxStrings)
		}
	}
	return nil, errFormat
}

// text returns the string at an offset, "" if there is none.
func text(b []byte, at uint64) string {
	if at >= uint64(len(b)) {
		return ""
	}
	s, _, _ := strings.Cut(string(b[at:min(uint64(len(b)), at+maxInterpret)]), "\x00")
	return s
}

func readFull(r io.ReaderAt, b []byte, at uint64) error {
	if len(b) == 0 {
		return nil
	}
	if int64(at) < 0 {
		return errFormat
	}
	if n, err := r.ReadAt(b, int64(at)); n < len(b) {
		return errors.Join(errFormat, err)
	}
	return nil
}
