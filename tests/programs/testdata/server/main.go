// A file server that knows nothing of pledge.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	l, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.WriteString(l.Addr().String() + "\n")
	log.Fatal(http.Serve(l, http.FileServer(http.Dir(os.Args[2]))))
}
