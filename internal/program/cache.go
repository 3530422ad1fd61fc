//go:build unix

package program

import (
	"bytes"
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"
)

// A cache is /etc/ld.so.cache: names of shared objects and where they are.
type cache struct {
	data    []byte
	entries []byte
}

const (
	cacheMagic  = "glibc-ld.so.cache1.1"
	cacheHeader = 48
	cacheEntry  = 24
	maxCache    = 64 << 20
)

// readCache reads the format that glibc has written since 2.2 (it may stand
// behind a table of the older format).
func readCache(file string) (*cache, error) {
	data, err := mapFile(file)
	if err != nil {
		return nil, err
	}
	i := bytes.Index(data, []byte(cacheMagic))
	if i < 0 || len(data) < i+cacheHeader {
		return nil, errors.New("not a loader cache of a known format")
	}
	data = data[i:]
	n := uint64(binary.LittleEndian.Uint32(data[20:]))
	if uint64(len(data)) < cacheHeader+n*cacheEntry {
		return nil, errors.New("loader cache is cut short")
	}
	return &cache{data, data[cacheHeader : cacheHeader+n*cacheEntry]}, nil
}

// mapFile maps a file, for good: it is read once, in pieces here and there.
func mapFile(file string) ([]byte, error) {
	fd, err := unix.Open(file, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Size <= 0 || st.Size > maxCache {
		return nil, errors.New("not a loader cache: its size")
	}
	return unix.Mmap(fd, 0, int(st.Size), unix.PROT_READ, unix.MAP_PRIVATE)
}

// kindOf is the second byte of the flags of a machine's entries (dl-cache.h).
func kindOf(machine uint16) (kind uint32, known bool) {
	switch machine {
	case Machine386, Machine486:
		return 0, true
	case MachineAMD64:
		return 3, true
	case MachineARM64:
		return 10, true
	}
	return 0, false
}

// lookup returns every path that the cache, which may be nil, has for a name and
// a machine.
func (c *cache) lookup(name string, machine uint16) []string {
	if c == nil {
		return nil
	}
	var paths []string
	kind, known := kindOf(machine)
	key := append([]byte(name), 0)
	for e := c.entries; len(e) >= cacheEntry; e = e[cacheEntry:] {
		if at := uint64(binary.LittleEndian.Uint32(e[4:])); at < uint64(len(c.data)) && bytes.HasPrefix(c.data[at:], key) {
			if flags := binary.LittleEndian.Uint32(e); known && flags>>8&0xff != kind {
				continue
			}
			paths = append(paths, c.text(binary.LittleEndian.Uint32(e[8:])))
		}
	}
	return paths
}

// names reports whether some entry leads to a path.
func (c *cache) names(path string) bool {
	for e := c.entries; len(e) >= cacheEntry; e = e[cacheEntry:] {
		if c.text(binary.LittleEndian.Uint32(e[8:])) == path {
			return true
		}
	}
	return false
}

func (c *cache) text(off uint32) string {
	if uint64(off) >= uint64(len(c.data)) {
		return ""
	}
	s := c.data[off:]
	if i := bytes.IndexByte(s, 0); i >= 0 {
		return string(s[:i])
	}
	return ""
}
