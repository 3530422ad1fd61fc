package elfdeps

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
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
)

// readCache reads the format that glibc has written since 2.2 (it may stand
// behind a table of the older format).
func readCache(file string) (*cache, error) {
	data, err := os.ReadFile(file)
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

// lookup returns every path that the cache has for a name.
func (c *cache) lookup(name string) []string {
	var paths []string
	key := append([]byte(name), 0)
	for e := c.entries; len(e) >= cacheEntry; e = e[cacheEntry:] {
		if at := uint64(binary.LittleEndian.Uint32(e[4:])); at < uint64(len(c.data)) && bytes.HasPrefix(c.data[at:], key) {
			paths = append(paths, c.text(binary.LittleEndian.Uint32(e[8:])))
		}
	}
	return paths
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
