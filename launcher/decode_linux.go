//go:build amd64 || arm64

package launcher

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/quote"
)

// decode tells the call as strace would. The error is [notify.ErrWait], or nil.
func decode(c *notify.Call) (string, error) {
	row := rowOf(c.Name)
	if row == nil {
		if c.Name == "" {
			return "syscall " + strconv.Itoa(c.Nr), nil
		}
		return c.Name + "(…)", nil
	}
	var parts []string
	for i := range len(row.shape) {
		text, err := decodeArg(c, row.shape, i)
		if err != nil {
			return "", err
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	return c.Name + "(" + strings.Join(parts, ", ") + ")", nil
}

// decodeArg tells an argument, "" if it is not told.
func decodeArg(c *notify.Call, shape string, i int) (string, error) {
	v := c.Args[i]
	switch shape[i] {
	case 'p':
		return decodePath(c, v)
	case 'a':
		return decodeSockaddr(c, v, c.Args[i+1]&0xffffffff)
	case 'D':
		if int32(v) == unix.AT_FDCWD {
			return "", nil
		}
	case 'm':
		if i > 0 && shape[i-1] == 'o' && c.Args[i-1]&(unix.O_CREAT|unix.O_TMPFILE&^unix.O_DIRECTORY) == 0 {
			return "", nil
		}
	}
	return decodeNumber(v, shape[i]), nil
}

// decodeNumber tells an argument that is no pointer.
func decodeNumber(v uint64, letter byte) string {
	switch letter {
	case 'd', 'D', 'i', 'M':
		return itoa(int32(v))
	case 'o':
		return flagNames(v, openFlagNames, openMode(v))
	case 'm':
		return "0" + strconv.FormatUint(v&0o177777, 8)
	case 'f':
		return named(v&0xffffffff, familyNames)
	case 't':
		return flagNames(v&^0xf, typeFlagNames, named(v&0xf, typeNames))
	case 'q':
		return named(v&0xffffffff, requestNames)
	case 'P':
		return flagNames(v, protNames, "")
	case 's':
		if name := unix.SignalName(unix.Signal(v)); name != "" {
			return name
		}
		return itoa(int32(v))
	case 'c':
		return flagNames(v&^0xff, cloneNames, "")
	case '_', 'A':
		return ""
	}
	return pointer(v)
}

func pointer(v uint64) string { return "0x" + strconv.FormatUint(v, 16) }

// decodePath quotes a path; what cannot be read is told as a pointer.
func decodePath(c *notify.Call, addr uint64) (string, error) {
	if addr == 0 {
		return "NULL", nil
	}
	p, err := c.String(addr)
	switch {
	case err == notify.ErrWait:
		return "", err
	case err != nil:
		return pointer(addr), nil
	}
	return quote.String(p), nil
}

func decodeSockaddr(c *notify.Call, addr, length uint64) (string, error) {
	a, err := readAddress(c, addr, min(length, maxAddress))
	switch {
	case err == notify.ErrWait:
		return "", err
	case err != nil:
		return pointer(addr), nil
	}
	return decodeAddress(a), nil
}

func decodeAddress(a address) string {
	if a.family() == unix.AF_UNIX && len(a) > 2 {
		name := string(a[2:])
		if name[0] == 0 {
			return quote.String("@" + strings.TrimRight(name[1:], "\x00"))
		}
		name, _, _ = strings.Cut(name, "\x00")
		return quote.String(name)
	}
	return a.String()
}

func named(v uint64, names table[uint64, string]) string {
	if n, ok := names.find(v); ok {
		return n
	}
	return pointer(v)
}

type flagName struct {
	bits uint64
	name string
}

// flagNames joins the names of the bits that are set; first stands in front.
func flagNames(v uint64, names []flagName, first string) string {
	var parts []string
	if first != "" {
		parts = append(parts, first)
	}
	for _, f := range names {
		if v&f.bits == f.bits {
			parts = append(parts, f.name)
			v &^= f.bits
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, "|")
}

func openMode(v uint64) string {
	return [4]string{"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"}[v&3]
}
