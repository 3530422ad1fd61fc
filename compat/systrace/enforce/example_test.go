package enforce_test

import (
	"fmt"
	"log"
	"os"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// A program runs under the policy that the user has for it; what that does not
// cover is refused, and printed.
func Example() {
	status, err := enforce.Run(enforce.Options{
		Argv: []string{"/bin/cat", "/etc/hostname"}, Env: os.Environ(), Mode: enforce.Automatic,
		Store: &policy.Store{User: os.Getenv("HOME") + "/.systrace"}, Errors: os.Stderr,
		Log: func(r *enforce.Record) { fmt.Println(r.Action, r.Call, r.Args) },
	})
	if err != nil {
		log.Fatal(err) // nothing was run
	}
	fmt.Println(status)
}
