// Follow prints what is appended to a log file, and goes on with its successor
// when the log is rotated: the directory is unveiled, so a new file of that name
// is visible.
//
//	follow /var/log/messages
package main

import (
	"errors"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: follow file")
	}
	path, err := filepath.Abs(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := unveil.Unveil(filepath.Dir(path), "r"); err != nil {
		log.Fatal(err)
	}
	if err := pledge.Promises("stdio rpath"); err != nil {
		log.Fatal(err)
	}
	for {
		if err := follow(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			log.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// follow prints the file until another one has its name.
func follow(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		if _, err := io.Copy(os.Stdout, f); err != nil {
			return err
		}
		mine, err := f.Stat()
		if err != nil {
			return err
		}
		if now, err := os.Stat(path); err != nil || !os.SameFile(mine, now) {
			_, err := io.Copy(os.Stdout, f) // what came in between
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
