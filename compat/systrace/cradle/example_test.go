//go:build unix

package cradle_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/systrace/cradle"
)

// A client asks the user's server, which is started with the front end if there
// is none.
func ExampleConnect() {
	client, err := cradle.Connect("/usr/local/bin/xsystrace")
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Ask("/bin/cat, pid: 7(0), policy: /bin/cat, filters: 0, syscall: native-fsread(5), filename: /etc/hosts")
	if err != nil {
		log.Fatal(err)
	}
	client.Done()
	fmt.Println(answer)
}
