// Ring makes a ring of io_uring, lets go of it as its first argument says, and
// confines itself as the second says: then it prints the error, and if there is none
// what a directory that the ring alone was to make has become.
package main

// int ring_make(void);
// int ring_mkdir(const char *);
import "C"

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

func main() {
	fd := int(C.ring_make())
	if fd < 0 {
		fmt.Println("no ring:", unix.Errno(-fd))
		return
	}
	if os.Args[1] == "closed" {
		unix.Close(fd)
	}
	if err := confine(os.Args[2]); err != nil {
		fmt.Println(errors.Is(err, unix.EBUSY), err)
		return
	}
	fmt.Println("confined, and mkdir:", C.ring_mkdir(C.CString("made")))
}

func confine(how string) error {
	switch how {
	case "block":
		if err := unveil.Unveil("/", "r"); err != nil {
			return err
		}
		return unveil.Block()
	case "best":
		return pledge.Promises("stdio", pledge.BestEffort)
	}
	return pledge.Promises("stdio")
}
