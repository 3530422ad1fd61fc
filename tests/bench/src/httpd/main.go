// Httpd answers requests; with an argument it pledges first.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/pledge-linux/pledge/pledge"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 {
		if err := pledge.Promises(os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(l.Addr())
	log.Fatal(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })))
}
