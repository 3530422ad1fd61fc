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
