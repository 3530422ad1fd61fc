//go:build amd64 || arm64

package enforce

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// textOf is where a descriptor lies, as the caller sees it.
func (c *call) textOf(fd int) (string, error) {
	text, err := c.engine.textOf(fd)
	if err != nil {
		return "", err
	}
	v, err := c.view()
	if err != nil || v.Own {
		return text, err
	}
	root, err := c.engine.textOf(v.Root)
	if err != nil {
		return "", err
	}
	if text == root {
		return "/", nil
	}
	rest, ok := strings.CutPrefix(text, strings.TrimSuffix(root, "/")+"/")
	if !ok {
		return "", unix.ENOENT // outside: the caller could not name it
	}
	return "/" + rest, nil
}

// textOf is where a descriptor lies. The kernel marks what was removed.
func (e *engine) textOf(fd int) (string, error) {
	var space [unix.PathMax]byte
	n, err := unix.Readlinkat(e.fds, strconv.Itoa(fd), space[:])
	if err != nil {
		return "", err
	}
	text, removed := strings.CutSuffix(string(space[:n]), deletedMark)
	if removed && !isDeleted(fd) {
		text += deletedMark // it is called so
	}
	return text, nil
}

const deletedMark = " (deleted)"

func isDeleted(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Nlink == 0
}
