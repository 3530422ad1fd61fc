package event_test

import (
	"fmt"
	"os"

	"github.com/pledge-linux/pledge/launcher/event"
)

// What programs say of themselves is quoted in the line for people.
func ExampleLines() {
	sink := event.Lines{W: os.Stdout}
	e := &event.Event{PID: 7, Program: "cat\n", Call: "openat(\"/etc/hostname\", O_RDONLY)", Promise: "rpath", Verdict: "deny", Count: 1}
	if err := sink.Event(e); err != nil {
		fmt.Println(err)
	}
	// Output: pledge: "cat\n"[7]: openat("/etc/hostname", O_RDONLY): needs promise "rpath"
}
