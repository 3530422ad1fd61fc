package procfs

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"
)

// Terminal is the device number of a process's controlling terminal, 0 if it has
// none: field 7 of /proc/PID/stat (proc_pid_stat(5)).
func Terminal(pid int) (dev uint64, err error) {
	b, err := Read(pid, "stat")
	if err != nil {
		return 0, err
	}
	// The name stands in parentheses and may hold some; nothing after it does.
	f := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(f) < 5 {
		return 0, unix.ESRCH
	}
	nr, err := strconv.ParseInt(string(f[4]), 10, 32)
	n := uint32(nr) // minor's low 8 bits, major, minor's high bits
	return unix.Mkdev(n>>8&0xfff, n&0xff|n>>12&0xfff00), err
}
