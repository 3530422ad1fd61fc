package calls_test

import (
	"fmt"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
)

func ExampleLookup() {
	c, ok := calls.Lookup("native", "break")
	fmt.Println(ok, c.Linux, c.Fidelity)
	// Output: true [brk] rename
}
