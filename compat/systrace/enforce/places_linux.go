//go:build amd64 || arm64

package enforce

import (
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

// Place is part of perform.Caller. What was judged by where it lies has to lie
// there still.
func (c *call) Place(i int, follow bool) (*resolve.Place, error) {
	if i >= len(c.places) {
		return nil, unix.ENOENT
	}
	p := c.places[i]
	if p.start < 0 {
		return nil, unix.ENOENT
	}
	shared, err := c.view()
	if err != nil {
		return nil, err
	}
	v := *shared
	v.FSUID, v.NoLinks = c.identity().fsuid, c.as != nil
	follow = c.follows(p, follow)
	var at *resolve.Place
	switch {
	case !p.real:
		at, err = c.placeAsNamed(&v, p, follow)
	case c.as != nil:
		if p.err != nil {
			return nil, p.err
		}
		at, err = v.Find(v.Root, p.text, false)
	default:
		at, err = c.placeAsJudged(&v, p, follow)
	}
	if err == nil && c.as != nil && c.planted(at, p.text) {
		at.Close()
		return nil, unix.EPERM
	}
	return at, err
}

// placeAsNamed resolves a path that was judged as text.
func (c *call) placeAsNamed(v *resolve.View, p *place, follow bool) (*resolve.Place, error) {
	if p.err != nil { // nothing was judged but the text: it must not be found now
		at, err := v.Find(p.start, p.name, follow)
		if err == nil {
			at.Close()
			err = p.err
		}
		return nil, err
	}
	if p.found != nil { // its text depends on links
		now, err := v.Find(p.start, p.name, false)
		if err != nil {
			return nil, err
		}
		same := now.Same(p.found)
		if same && !follow {
			return now, nil
		}
		now.Close()
		if !same {
			return nil, unix.ELOOP
		}
	}
	return v.Find(p.start, p.name, follow)
}

// placeAsJudged resolves a path that was judged by where it leads.
func (c *call) placeAsJudged(v *resolve.View, p *place, follow bool) (*resolve.Place, error) {
	if p.found != nil && p.followed == follow && c.creds.unchanged {
		at := p.found
		p.found = nil
		return at, nil
	}
	at, err := v.Find(p.start, p.name, follow)
	if err != nil {
		return nil, err
	}
	text, err := c.textOfPlace(at)
	if err != nil || text != p.text {
		defer at.Close()
		if p.followed && !follow {
			return nil, c.inTheWay(at)
		}
		if at.FD < 0 {
			if err := perform.Searchable(at.Dir); err != nil {
				return nil, err
			}
		}
		if p.err != nil {
			return nil, errno(p.err)
		}
		return nil, unix.ELOOP
	}
	return at, nil
}

// inTheWay is what the kernel says where a call that does not follow its last
// name finds a link there. What was judged is where that leads.
func (c *call) inTheWay(at *resolve.Place) error {
	if at.FD >= 0 {
		return unix.EEXIST
	}
	if err := perform.Searchable(at.Dir); err != nil {
		return err
	}
	switch {
	case c.creates() && at.Slash:
		return unix.EISDIR
	case c.name != "rmdir" && c.name != "unlinkat":
		return unix.EEXIST
	}
	if err := unix.Faccessat2(at.Dir, "", unix.W_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS); err != nil {
		return err
	}
	return unix.ENOTDIR
}

// Open is part of perform.Caller.
func (c *call) Open(i int, how *unix.OpenHow, st *unix.Stat_t) (fd int, err error, ok bool) {
	if i >= len(c.places) || c.as != nil || c.places[i].real {
		return -1, nil, false
	}
	v, err := c.view()
	p := c.places[i]
	if err != nil || p.start < 0 || p.empty || strings.HasSuffix(p.name, "/") {
		return -1, nil, false
	}
	return v.Open(p.start, p.name, how, st)
}

// Empty is part of perform.Caller.
func (c *call) Empty(i int) bool {
	if len(c.places) == 0 { // it is judged as a call on a descriptor
		return i == 0 && c.mayBeEmpty()
	}
	return i < len(c.places) && c.places[i].empty
}

// Slash is part of perform.Caller.
func (c *call) Slash(i int) bool {
	return i < len(c.places) && strings.HasSuffix(c.places[i].name, "/")
}

// Descriptor is part of perform.Caller: of an empty path it is what was judged.
func (c *call) Descriptor(fd uint64) (int, error) {
	for _, p := range c.places {
		if p.empty {
			return unix.FcntlInt(uintptr(p.start), unix.F_DUPFD_CLOEXEC, 0)
		}
	}
	return c.opened(int32(fd))
}

// Text is part of perform.Caller.
func (c *call) Text(addr uint64) (string, bool) { return c.knownString(addr) }

// Judged is part of perform.Caller.
func (c *call) Judged(addr uint64) []byte { return c.knownBytes(addr) }

// Checked is part of perform.Caller.
func (c *call) Checked(fd int) error {
	v, err := c.view()
	if err != nil {
		return err
	}
	return v.Checked(fd)
}

// FileSize is part of perform.Caller.
func (c *call) FileSize() uint64 { return c.fileSize }

// readFileSize asks for that limit, which this thread may not with the caller's
// credentials.
func (c *call) readFileSize() {
	limit := unix.Rlimit{Cur: unix.RLIM_INFINITY}
	unix.Prlimit(c.process.pid, unix.RLIMIT_FSIZE, nil, &limit)
	c.fileSize = limit.Cur
}
