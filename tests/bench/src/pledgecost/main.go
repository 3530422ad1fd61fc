// Pledgecost prints how many microseconds the first pledge of a process takes.
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/pledge-linux/pledge/pledge"
)

func main() {
	start := time.Now()
	if err := pledge.Promises(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	fmt.Println(time.Since(start).Microseconds())
}
