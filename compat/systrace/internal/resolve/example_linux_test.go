package resolve_test

import (
	"fmt"
	"log"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

// This process looks for a file as itself.
func ExampleView() {
	root, err := unix.Open("/", unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		log.Fatal(err)
	}
	defer unix.Close(root)
	v := &resolve.View{TID: unix.Gettid(), PID: os.Getpid(), Root: root, Own: true, FSUID: uint32(os.Getuid())}
	p, err := v.Find(root, "/etc/hostname", true)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	fmt.Println(p.Base)
}
