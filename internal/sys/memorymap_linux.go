package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A MemoryMap tells which pages of another process are in memory: of those a
// copy cannot wait for anybody.
type MemoryMap struct{ fd int }

// OpenMemoryMap opens the page map of a process (proc_pid_pagemap(5)). It needs
// the right to trace the process.
func OpenMemoryMap(path string) (MemoryMap, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return MemoryMap{fd}, err
}

// Close closes it.
func (m MemoryMap) Close() { unix.Close(m.fd) }

// Present reports whether all pages of n bytes at addr are in memory or in swap
// space. known is false if the process has another memory by now.
func (m MemoryMap) Present(addr uint64, n int) (present, known bool) {
	const inMemory, inSwap = 1 << 63, 1 << 62
	if n == 0 {
		return true, true
	}
	page := uint64(unix.Getpagesize())
	first, last := addr/page, (addr+uint64(n)-1)/page
	if last < first || last-first > 1<<20 {
		return false, true
	}
	entries := make([]uint64, last-first+1)
	b := unsafe.Slice((*byte)(unsafe.Pointer(&entries[0])), 8*len(entries))
	got, err := unix.Pread(m.fd, b, int64(first*8))
	if err != nil || got < len(b) {
		return false, err == nil && got > 0
	}
	for _, e := range entries {
		if e&(inMemory|inSwap) == 0 {
			return false, true
		}
	}
	return true, true
}
