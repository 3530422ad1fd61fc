// Lookup prints the addresses of host names.
//
//	lookup localhost example.org
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"

	"github.com/pledge-linux/pledge/pledge"
)

func main() {
	if err := pledge.Pledge("stdio dns", ""); err != nil {
		log.Fatal(err)
	}
	failed := false
	resolver := &net.Resolver{PreferGo: true}
	for _, host := range os.Args[1:] {
		addrs, err := resolver.LookupHost(context.Background(), host)
		if err != nil {
			log.Print(err)
			failed = true
		}
		for _, a := range addrs {
			fmt.Println(host, a)
		}
	}
	if failed {
		os.Exit(1)
	}
}
