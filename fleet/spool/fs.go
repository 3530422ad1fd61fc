package spool

import (
	"os"
	"path/filepath"
)

// A Disk is the directory that a spool is kept in. Tests have one that loses
// power.
type Disk interface {
	List() ([]string, error)
	Read(name string) ([]byte, error)
	// ReadAt reads so many bytes from a place on; fewer are an error.
	ReadAt(name string, at, size int64) ([]byte, error)
	// Create makes an empty file to append to.
	Create(name string) (File, error)
	Rename(from, to string) error
	Remove(name string) error
	// Sync makes names last: those that came, those that went.
	Sync() error
}

// A File is appended to.
type File interface {
	Write(p []byte) (int, error)
	Sync() error
	Close() error
}

// Dir is a directory of the file system, which has to be the caller's alone.
type Dir string

func (d Dir) path(name string) string { return filepath.Join(string(d), name) }

// List implements Disk.
func (d Dir) List() (names []string, err error) {
	list, err := os.ReadDir(string(d))
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names, err
}

// Read implements Disk.
func (d Dir) Read(name string) ([]byte, error) { return os.ReadFile(d.path(name)) }

// ReadAt implements Disk.
func (d Dir) ReadAt(name string, at, size int64) ([]byte, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, size)
	_, err = f.ReadAt(data, at)
	return data, err
}

// Create implements Disk.
func (d Dir) Create(name string) (File, error) {
	return os.OpenFile(d.path(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
}

// Rename implements Disk.
func (d Dir) Rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

// Remove implements Disk.
func (d Dir) Remove(name string) error { return os.Remove(d.path(name)) }

// Sync implements Disk.
func (d Dir) Sync() error {
	f, err := os.Open(string(d))
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
