package elfdeps

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What parse reads is what debug/elf reads, of the programs and libraries of
// the system.
func TestParseAgreesWithDebugELF(t *testing.T) {
	checked := 0
	for _, pattern := range []string{"/usr/bin/[a-m]*", "/lib/*/lib*.so*", "/usr/lib32/lib*.so*", "/usr/lib/musl/lib/*.so"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			f, err := elf.Open(file)
			if err != nil {
				continue
			}
			got, err := open(file)
			if err != nil {
				t.Errorf("open(%s): %v", file, err)
				continue
			}
			checked++
			names := func(tag elf.DynTag) []string { s, _ := f.DynString(tag); return s }
			for _, c := range []struct {
				what      string
				got, want []string
			}{
				{"needed", got.needed, names(elf.DT_NEEDED)}, {"rpath", got.rpath, names(elf.DT_RPATH)},
				{"runpath", got.runpath, names(elf.DT_RUNPATH)}, {"interpreter", []string{got.interpreter}, []string{interpreterOf(f)}},
			} {
				if !slices.Equal(c.got, c.want) {
					t.Errorf("%s: %s %q, want %q", file, c.what, c.got, c.want)
				}
			}
			if elf.Machine(got.machine) != f.Machine || got.wide != (f.Class == elf.ELFCLASS64) {
				t.Errorf("%s: machine %d, wide %v; want %v, %v", file, got.machine, got.wide, f.Machine, f.Class)
			}
			f.Close()
		}
	}
	if checked < 100 {
		t.Errorf("only %d objects were compared", checked)
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

// A file may state any size and any place; parse neither panics nor allocates
// by what it states.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"/bin/true", "/bin/bash"} {
		if b, err := os.ReadFile(file); err == nil {
			f.Add(b[:min(len(b), 1<<16)])
		}
	}
	narrow := make([]byte, 52+32)
	copy(narrow, "\x7fELF\x01\x01")
	binary.LittleEndian.PutUint32(narrow[28:], 52)
	binary.LittleEndian.PutUint16(narrow[42:], 32)
	binary.LittleEndian.PutUint16(narrow[44:], 1)
	f.Add(narrow)
	f.Fuzz(func(t *testing.T, b []byte) {
		if o, err := parse(bytes.NewReader(b)); err == nil && o.order == nil {
			t.Error("an object without a byte order")
		}
	})
}
