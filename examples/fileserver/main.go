// Fileserver serves one directory over HTTP. Once it listens it can do nothing
// but that: no other path is visible, nothing can be written or executed.
//
//	fileserver localhost:8080 /srv/www
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: fileserver address directory")
	}
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := unveil.Unveil(os.Args[2], "r"); err != nil {
		log.Fatal(err)
	}
	if err := pledge.Promises("stdio rpath inet"); err != nil {
		log.Fatal(err)
	}
	fmt.Println("serving", os.Args[2], "at", listener.Addr())
	log.Fatal(http.Serve(listener, http.FileServer(http.Dir(os.Args[2]))))
}
