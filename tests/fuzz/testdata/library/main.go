// Library confines itself and then makes the system calls that it is told, as
// calls.c does.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
)

var page [8192]byte

func main() {
	copy(page[256:], "x\x00")
	copy(page[512:], "/tmp/pledge-fuzz-x\x00")
	copy(page[640:], "/dev/null\x00")
	copy(page[768:], []byte{2, 0, 0, 53, 127, 0, 0, 1})
	copy(page[1024:], []byte{1, 0, 'x'})
	if err := pledge.Promises(os.Args[1], pledge.Deny); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	index := 0
	for _, text := range os.Args[2:] {
		f := strings.Fields(text)
		for ; len(f) >= 8; f = f[8:] {
			one(index, f[:8])
			index++
		}
	}
}

func one(index int, f []string) {
	var a [7]uintptr
	for i := range a {
		text, base := f[i], uintptr(0)
		if text[0] == 'p' {
			text, base = text[1:], uintptr(unsafe.Pointer(&page))
		}
		v, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			os.Exit(5)
		}
		a[i] = base + uintptr(v)
	}
	_, _, e := unix.RawSyscall6(a[0], a[1], a[2], a[3], a[4], a[5], a[6])
	if want, err := strconv.ParseUint(f[7], 16, 32); err == nil && e != unix.Errno(want) {
		fmt.Fprintln(os.Stderr, index, -int(e))
		os.Exit(3)
	}
}
