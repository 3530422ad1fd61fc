package perform_test

import (
	"fmt"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
)

func ExamplePerforms() {
	fmt.Println(perform.Performs("openat"), perform.Performs("getpid"))
	// Output: true false
}
