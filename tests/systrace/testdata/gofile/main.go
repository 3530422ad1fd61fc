// Command gofile reads files from many goroutines: Go's threads and its
// scheduler's signals under a supervisor.
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 20 {
				if _, err := os.ReadFile("data"); err != nil {
					fmt.Println(err)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println("read")
}
