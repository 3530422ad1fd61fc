package pledge_test

import (
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// The process may read below one directory, and nothing else of the file system.
func ExamplePromises() {
	if err := unveil.Unveil("/srv/www", "r"); err != nil {
		log.Fatal(err)
	}
	if err := pledge.Promises("stdio rpath"); err != nil {
		log.Fatal(err)
	}
}

// A kernel without what is needed is an error that says so; nothing is in force.
func ExamplePledge() {
	err := pledge.Pledge("stdio rpath", "")
	if errors.Is(err, pledge.ErrNotSupported) {
		log.Print("running unconfined: ", err)
	} else if err != nil {
		log.Fatal(err)
	}
}

// The program may compute and use its three descriptors, whatever this process
// may.
func ExampleCommand() {
	cmd := pledge.Command("stdio", "gzip", "-9")
	cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
	if err := cmd.Run(); err != nil {
		log.Fatal(err)
	}
}

// A server starts a program for each request, long after it has pledged.
func ExamplePrepare() {
	gzip, err := pledge.Prepare("stdio", "gzip")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		cmd := gzip.CommandContext(r.Context(), "-9")
		cmd.Stdin, cmd.Stdout = r.Body, w
		if err := cmd.Run(); err != nil {
			log.Print(err)
		}
	})
	l, err := net.Listen("tcp", "localhost:8080")
	if err != nil {
		log.Fatal(err)
	}
	if err := pledge.Promises("stdio rpath inet proc exec"); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(l, nil))
}

func ExampleOnViolation() {
	pledge.OnViolation(func(v pledge.Violation) {
		log.Printf("%s needs %q", v.Syscall, v.Promise)
	})
	if err := pledge.Promises("stdio"); err != nil {
		log.Fatal(err)
	}
}

func ExampleStatus() {
	fmt.Println(pledge.Status())
	// Output: not pledged
}
