//go:build unix

package program

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An Image is an ELF program as the kernel reads it (fs/binfmt_elf.c, Linux 5.13
// to 6.18): by its machine, whatever class and byte order the file states.
type Image struct {
	ELF
	// Interpreter is the first PT_INTERP, which the kernel starts; "" in a static
	// program. It may be relative, to where the program starts.
	Interpreter string
	// Dynamic is set where there is a PT_INTERP.
	Dynamic bool
	Stack   Stack
}

// Stack is what a program's last PT_GNU_STACK asks for.
type Stack uint8

// The stacks. Default is that of a program without the header: an ordinary stack
// for a 64-bit program, and for a 32-bit one all readable memory executable
// (READ_IMPLIES_EXEC).
const (
	StackDefault Stack = iota
	StackPlain
	StackExecutable
)

// WritableCode reports whether the kernel gives the program memory that is
// writable and executable at once.
func (i *Image) WritableCode() bool {
	return i.Stack == StackExecutable || i.Stack == StackDefault && !i.Wide
}

// An ErrMachine is the error of a program for a machine that is not known.
type ErrMachine uint16

func (m ErrMachine) Error() string {
	return fmt.Sprintf("made for ELF machine %d, which no filter is built for (amd64, arm64, 386)", uint16(m))
}

// errInterpreter is what the kernel refuses to read.
var errInterpreter = errors.New("its ELF header names no interpreter that the kernel takes (PT_INTERP)")

// ReadImage reads a program. The error is ErrFormat, an ErrMachine, or that of
// reading; the kernel starts no such file.
func ReadImage(r io.ReaderAt) (*Image, error) {
	head, err := readHead(r)
	if err != nil {
		return nil, err
	}
	if string(head[:4]) != Magic {
		return nil, ErrFormat
	}
	i := &Image{}
	i.order = binary.LittleEndian // of every machine that is known
	switch machine := i.order.Uint16(head[18:]); machine {
	case MachineAMD64, MachineARM64:
		i.Wide = true
	case Machine386, Machine486, MachineARM:
	default:
		return nil, ErrMachine(machine)
	}
	phoff, phsize, phnum := i.fields(head[:])
	if i.Type != typeExec && i.Type != typeDyn {
		return nil, ErrFormat
	}
	if err := i.readSegments(r, phoff, phsize, phnum); err != nil {
		return nil, err
	}
	return i, i.look(r)
}

// look takes the first PT_INTERP and the last PT_GNU_STACK.
func (i *Image) look(r io.ReaderAt) (err error) {
	for _, s := range i.segments {
		switch {
		case s.kind == ptInterp && !i.Dynamic:
			i.Dynamic = true
			if i.Interpreter, err = s.interpreter(r); err != nil {
				return err
			}
		case s.kind == ptStack && s.flags&flagExec != 0:
			i.Stack = StackExecutable
		case s.kind == ptStack:
			i.Stack = StackPlain
		}
	}
	return nil
}

func (s segment) interpreter(r io.ReaderAt) (string, error) {
	if s.inFile < 2 || s.inFile > maxName {
		return "", errInterpreter
	}
	b := make([]byte, s.inFile)
	if err := readFull(r, b, s.offset); err != nil {
		return "", err
	}
	if b[len(b)-1] != 0 || b[0] == 0 {
		return "", errInterpreter
	}
	return text(b), nil
}
