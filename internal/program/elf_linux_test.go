package program

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What is read is what debug/elf reads, of the programs and libraries of the
// system.
func TestReadsWhatDebugELFReads(t *testing.T) {
	checked := 0
	for _, pattern := range []string{"/usr/bin/[a-m]*", "/lib/*/lib*.so*", "/usr/lib32/lib*.so*", "/usr/lib/musl/lib/*.so"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if f, err := elf.Open(file); err == nil {
				compare(t, file, f)
				f.Close()
				checked++
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d objects were compared", checked)
	}
}

func compare(t *testing.T, file string, want *elf.File) {
	f, err := Open(file)
	if err != nil {
		t.Errorf("Open(%s): %v", file, err)
		return
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		t.Error(err)
		return
	}
	defer r.Close()
	im, err := ReadImage(r)
	if err != nil {
		t.Errorf("ReadImage(%s): %v", file, err)
		return
	}
	got, err := im.Libraries(r)
	if err != nil {
		t.Errorf("%s: libraries: %v", file, err)
	}
	if got == nil {
		got = &Dynamic{}
	}
	names := func(tag elf.DynTag) []string { s, _ := want.DynString(tag); return s }
	needed := names(elf.DT_NEEDED)
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"needed", got.Needed, needed}, {"rpath", got.RPath, names(elf.DT_RPATH)},
		{"runpath", got.RunPath, names(elf.DT_RUNPATH)}, {"interpreter", []string{im.Interpreter}, []string{interpreterOf(want)}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %s %q, want %q", file, c.what, c.got, c.want)
		}
	}
	if elf.Machine(im.Machine) != want.Machine || im.Wide != (want.Class == elf.ELFCLASS64) {
		t.Errorf("%s: machine %d, wide %v; want %v, %v", file, im.Machine, im.Wide, want.Machine, want.Class)
	}
	e, d, err := ReadLibrary(r)
	if loads := want.Type == elf.ET_DYN && want.Section(".dynamic") != nil; loads != (err == nil) {
		t.Errorf("%s: ReadLibrary: %v, %v", file, err, want.Type)
	} else if loads && (!e.SameKind(&im.ELF) || !slices.Equal(d.Needed, needed)) {
		t.Errorf("%s: a library is read otherwise than a program", file)
	}
}

func interpreterOf(f *elf.File) string {
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			b := make([]byte, p.Filesz)
			p.ReadAt(b, 0)
			return string(bytes.TrimRight(b, "\x00"))
		}
	}
	return ""
}

// A file may state any size and any place; neither reading panics or allocates
// by what it states.
func FuzzELF(f *testing.F) {
	for _, file := range []string{"/bin/true", "/bin/bash", "/lib/x86_64-linux-gnu/libc.so.6"} {
		if b, err := os.ReadFile(file); err == nil {
			f.Add(b[:min(len(b), 1<<16)])
		}
	}
	narrow := make([]byte, 52+32)
	copy(narrow, "\x7fELF\x01\x01")
	binary.LittleEndian.PutUint16(narrow[16:], typeDyn)
	binary.LittleEndian.PutUint16(narrow[18:], Machine386)
	binary.LittleEndian.PutUint32(narrow[28:], 52)
	binary.LittleEndian.PutUint16(narrow[42:], 32)
	binary.LittleEndian.PutUint16(narrow[44:], 1)
	f.Add(narrow)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		if im, err := ReadImage(r); err == nil {
			if im.Dynamic && (im.Interpreter == "" || len(im.Interpreter) >= maxName || !bytes.Contains(b, append([]byte(im.Interpreter), 0))) {
				t.Errorf("interpreter %q", im.Interpreter)
			}
			im.Libraries(r)
		}
		if e, d, err := ReadLibrary(r); err == nil && (d == nil || e.Type != typeDyn) {
			t.Error("a library without a dynamic section")
		}
	})
}

func FuzzScript(f *testing.F) {
	f.Add([]byte("#!/bin/sh -x\n"))
	f.Add([]byte("#! \t/bin/sh\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, ok := ParseScript(b)
		if !ok {
			return
		}
		if bytes.ContainsAny([]byte(s.Interpreter), " \t\n\x00") || bytes.ContainsAny([]byte(s.Arg), "\n\x00") {
			t.Errorf("%q: %+v", b, s)
		}
	})
}
