//go:build unix

// Package inspect guesses from an ELF file which promises its program needs. What
// it says is a guess: a program can load code, and libraries call what they like.
// Run the program with pledge learn to know.
package inspect

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/promises"
)

// A Report is what a file says.
type Report struct {
	Path        string   `json:"path"`
	Arch        string   `json:"arch"`
	Interpreter string   `json:"interpreter,omitempty"` // "" for a static program
	Libraries   []string `json:"libraries,omitempty"`
	Go          string   `json:"go,omitempty"` // the toolchain that built it
	Imports     int      `json:"imports"`      // functions of libraries
	// Calls are the system calls whose numbers were found.
	Calls []string `json:"calls,omitempty"`
	// Unknown is how many instructions make a system call whose number was not
	// found.
	Unknown  int     `json:"unknown"`
	Probably []Guess `json:"probably"`
	// NoSign are words that nothing hints at; Never those that the program
	// cannot need, because all its system calls are known.
	NoSign promises.Set `json:"-"`
	Never  promises.Set `json:"-"`
}

// A Guess is a promise and what hints at it.
type Guess struct {
	Promise string   `json:"promise"`
	Why     []string `json:"why"`
}

// File reads a file.
func File(path string) (*Report, error) {
	f, err := elf.Open(path)
	if err != nil {
		if head, e := os.ReadFile(path); e == nil && strings.HasPrefix(string(head[:min(len(head), 2)]), "#!") {
			return nil, fmt.Errorf("%s: a script: inspect its interpreter, or use pledge learn", path)
		}
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: no ELF file: %w", path, err)
	}
	defer f.Close()
	r := &Report{Path: path, Arch: arches[f.Machine]}
	arch := abi.ByName(r.Arch)
	if arch == nil {
		return nil, fmt.Errorf("%s: a program for %v; amd64 and arm64 are understood", path, f.Machine)
	}
	if r.Interpreter, err = interpreter(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r.Libraries, _ = f.ImportedLibraries()
	hints := map[promises.Promise][]string{}
	r.imports(f, hints)
	for _, library := range r.Libraries {
		name, _, _ := strings.Cut(library, ".so")
		for _, p := range libraries[strings.TrimRight(name, "-0123456789.")] {
			add(hints, p, library)
		}
	}
	code, err := calls(f, path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r.Go, r.Unknown = code.toolchain, code.unknown
	for _, nr := range code.numbers {
		if name := arch.CallName(nr); name != "" {
			r.Calls = append(r.Calls, name)
			r.hint(name, hints)
		}
	}
	r.conclude(hints)
	return r, nil
}

var arches = map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}

// interpreter is the one that the kernel would start.
func interpreter(path string) (string, error) {
	f, err := program.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		return "", err
	}
	defer r.Close()
	im, err := program.ReadImage(r)
	if err != nil {
		return "", err
	}
	return im.Interpreter, nil
}

// imports takes functions of libraries as hints.
func (r *Report) imports(f *elf.File, hints map[promises.Promise][]string) {
	list, err := f.ImportedSymbols()
	if err != nil {
		return
	}
	for _, s := range list {
		r.Imports++
		for _, p := range functions[strings.TrimSuffix(s.Name, "64")] {
			add(hints, p, s.Name+"()")
		}
	}
}

func add(hints map[promises.Promise][]string, p promises.Promise, why string) {
	if !slices.Contains(hints[p], why) {
		hints[p] = append(hints[p], why)
	}
}

// hint takes a system call as one: of the words that admit it without regard to
// its arguments, where that is one.
func (r *Report) hint(call string, hints map[promises.Promise][]string) {
	for _, p := range callHints[call] {
		add(hints, p, call)
	}
}

// conclude sorts words into what is probable, what nothing hints at, and what
// cannot be.
func (r *Report) conclude(hints map[promises.Promise][]string) {
	add(hints, promises.Stdio, "every program")
	for p := promises.Stdio; p < promises.Error; p++ {
		why, hinted := hints[p]
		switch {
		case hinted:
			r.Probably = append(r.Probably, Guess{p.String(), why})
		case !p.Set().SubsetOf(guessed):
		case r.Interpreter == "" && r.Unknown == 0 && len(r.Libraries) == 0:
			r.Never |= p.Set()
		default:
			r.NoSign |= p.Set()
		}
	}
}
