package promises_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/promises"
)

func Example() {
	set, err := promises.Parse("rpath stdio")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(set, set.Has(promises.Inet))
	// Output: stdio rpath false
}

// The words that would admit a call are those of the lines that decide it.
func ExampleExplainCall() {
	lines, err := promises.ExplainCall("socket(AF_INET)")
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.Needs)
	}
}
