//go:build unix

package agent_test

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/agent"
)

func ExampleText() {
	person := &agent.Text{In: bufio.NewReader(strings.NewReader("permit\n")), FD: -1, Out: os.Stdout}
	answer, err := person.Ask("/bin/cat, pid: 7(0), policy: /bin/cat, filters: 0, syscall: native-fsread(5), filename: /etc/hosts")
	if err != nil {
		log.Fatal(err)
	}
	person.Done()
	fmt.Println(answer)
	// Output:
	// /bin/cat, pid: 7(0), policy: /bin/cat, filters: 0, syscall: native-fsread(5), filename: /etc/hosts
	// Answer: permit
}
