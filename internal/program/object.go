//go:build unix

package program

import (
	"encoding/binary"
	"io"
)

// A Dynamic is what a program or library says about the libraries it needs.
type Dynamic struct {
	Needed []string // DT_NEEDED, and filters and audit modules, which are loaded as well
	// RPath and RunPath are lists of directories, not yet split: the last that there
	// is, or none. A loader does not look at DT_RPATH where there is DT_RUNPATH.
	RPath, RunPath []string
	// PIE is set for a program that is linked as a library is: glibc does not load
	// it as one.
	PIE bool
}

// Tags of elf(5) and of glibc's elf.h.
const (
	dtNull, dtNeeded, dtStrtab, dtRpath, dtRunpath = 0, 1, 5, 15, 29
	dtFlags1, dtAuxiliary, dtFilter                = 0x6ffffffb, 0x7ffffffd, 0x7fffffff
	flagPIE                                        = 0x08000000
	maxDynamic                                     = 1 << 20
)

// ReadLibrary reads a shared object as a dynamic loader does, which looks at
// class and byte order: it maps no other type than ET_DYN. The error wraps
// ErrFormat if it would not be loaded.
func ReadLibrary(r io.ReaderAt) (*ELF, *Dynamic, error) {
	head, err := readHead(r)
	if err != nil {
		return nil, nil, err
	}
	e := &ELF{Wide: head[4] == 2}
	switch head[5] {
	case 1:
		e.order = binary.LittleEndian
	case 2:
		e.order = binary.BigEndian
	}
	if string(head[:4]) != Magic || e.order == nil || head[4] != 1 && head[4] != 2 {
		return nil, nil, ErrFormat
	}
	phoff, phsize, phnum := e.fields(head[:])
	if e.Type != typeDyn {
		return nil, nil, ErrFormat
	}
	if err := e.readSegments(r, phoff, phsize, phnum); err != nil {
		return nil, nil, err
	}
	d, err := e.dynamic(r)
	if err == nil && d == nil {
		err = ErrFormat
	}
	return e, d, err
}

// Dynamic reads the program's dynamic section, nil if it has none. The kernel
// does not look at it, the loader does, in memory.
func (i *Image) Libraries(r io.ReaderAt) (*Dynamic, error) { return i.dynamic(r) }

// dynamic reads the dynamic section. Its addresses are those of memory; the
// segments say where they lie in the file. Of several sections the last counts.
func (e *ELF) dynamic(r io.ReaderAt) (*Dynamic, error) {
	var section *segment
	for i, s := range e.segments {
		if s.kind == ptDynamic && s.inFile > 0 {
			section = &e.segments[i]
		}
	}
	if section == nil {
		return nil, nil
	}
	if section.inFile > maxDynamic {
		return nil, ErrFormat
	}
	at, ok := e.place(section.address)
	if !ok {
		at = section.offset
	}
	b := make([]byte, section.inFile)
	if err := readFull(r, b, at); err != nil {
		return nil, err
	}
	return e.entries(r, b)
}

func (e *ELF) entries(r io.ReaderAt, b []byte) (*Dynamic, error) {
	word, size := func(b []byte) uint64 { return uint64(e.order.Uint32(b)) }, 4
	if e.Wide {
		word, size = e.order.Uint64, 8
	}
	d := &Dynamic{}
	var strtab uint64
	for b := b; len(b) >= 2*size && word(b) != dtNull; b = b[2*size:] {
		switch tag, value := word(b), word(b[size:]); tag {
		case dtStrtab:
			strtab = value
		case dtFlags1:
			d.PIE = value&flagPIE != 0
		}
	}
	for ; len(b) >= 2*size && word(b) != dtNull; b = b[2*size:] {
		tag := word(b)
		if tag != dtNeeded && tag != dtAuxiliary && tag != dtFilter && tag != dtRpath && tag != dtRunpath {
			continue
		}
		name, err := e.name(r, strtab+word(b[size:]))
		if err != nil {
			return nil, err
		}
		switch tag {
		case dtRpath:
			d.RPath = []string{name}
		case dtRunpath:
			d.RunPath = []string{name}
		default:
			d.Needed = append(d.Needed, name)
		}
	}
	return d, nil
}

// place says where an address of memory lies in the file. Where segments overlap
// the later one was mapped over the earlier.
func (e *ELF) place(address uint64) (offset uint64, ok bool) {
	for _, s := range e.segments {
		if s.kind == ptLoad && address >= s.address && address-s.address < s.inFile {
			offset, ok = s.offset+address-s.address, true
		}
	}
	return offset, ok
}

// name reads a string. A table of them may be of any size: only the names that
// are asked for are read.
func (e *ELF) name(r io.ReaderAt, address uint64) (string, error) {
	at, ok := e.place(address)
	if !ok || int64(at) < 0 {
		return "", ErrFormat
	}
	for _, size := range []int{128, maxName} {
		b := make([]byte, size)
		n, err := r.ReadAt(b, int64(at))
		if s := text(b[:n]); len(s) < n {
			return s, nil
		}
		if n < size {
			return "", err
		}
	}
	return "", ErrFormat
}
