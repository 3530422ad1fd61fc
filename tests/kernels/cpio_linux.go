package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// pack writes a directory in the format that kernels unpack (newc), with root as the
// owner of everything.
func pack(dir, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	c := &cpio{w: bufio.NewWriter(f)}
	c.entry("dev", syscall.S_IFDIR|0o755, nil, 0, 0)
	c.entry("dev/console", syscall.S_IFCHR|0o600, nil, 5, 1) // before there is a /dev
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir || filepath.Base(name) == "." {
			return err
		}
		return c.file(strings.TrimPrefix(name, dir+"/"), name)
	})
	if err != nil {
		return err
	}
	c.entry("TRAILER!!!", 0, nil, 0, 0)
	return c.w.Flush()
}

type cpio struct {
	w   *bufio.Writer
	ino int
}

func (c *cpio) file(as, name string) error {
	var st syscall.Stat_t
	if err := syscall.Lstat(name, &st); err != nil {
		return err
	}
	var data []byte
	var err error
	switch uint32(st.Mode) & syscall.S_IFMT {
	case syscall.S_IFLNK:
		var to string
		to, err = os.Readlink(name)
		data = []byte(to)
	case syscall.S_IFREG:
		data, err = os.ReadFile(name)
	}
	if err == nil {
		c.entry(as, uint32(st.Mode), data, 0, 0)
	}
	return err
}

func (c *cpio) entry(name string, mode uint32, data []byte, major, minor int) {
	c.ino++
	n, _ := fmt.Fprintf(c.w, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		c.ino, mode, 0, 0, 1, 0, len(data), 0, 0, major, minor, len(name)+1, 0, name)
	pad(c.w, n)
	c.w.Write(data)
	pad(c.w, len(data))
}

func pad(w io.Writer, n int) { w.Write(make([]byte, (4-n%4)%4)) }
