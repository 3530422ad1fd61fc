package translate_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// A call without memory needs no Caller.
func Example() {
	questions, err := translate.Questions("native", &translate.Call{Arch: "amd64", Name: "socket", Args: [6]uint64{2, 1, 0}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, q := range questions {
		fmt.Println(q.Names, q.Args)
	}
	// Output: [socket] [{sockdom AF_INET} {socktype SOCK_STREAM}]
}
