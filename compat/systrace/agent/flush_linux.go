package agent

import "golang.org/x/sys/unix"

func discard(fd int) { unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
