package explain_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/promises/explain"
)

// The words that would admit a call are those of the lines that decide it.
func ExampleCall() {
	lines, err := explain.Call("flock")
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.Needs, l.Answer)
	}
	// Output: flock allow
}

// A set has a line for each thing that it admits.
func ExampleSet() {
	for _, l := range explain.Set(promises.Flock.Set()) {
		fmt.Println(l.Call, l.Needs, l.Answer)
	}
	// Output:
	// flock flock allow
	// fcntl flock allow
	// fcntl64 flock allow
}
