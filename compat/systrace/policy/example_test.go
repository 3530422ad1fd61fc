package policy_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func Example() {
	const text = "Policy: /bin/cat, Emulation: native\n\tnative-fsread: filename match \"/etc/*\" then permit\n"
	file, err := syntax.Parse("bin_cat", []byte(text), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	p, err := policy.Compile(file.Sections[0], &policy.Env{UID: 1000, GID: 1000})
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"/etc/hosts", "/home"} {
		v := p.Decide(&policy.Question{Names: []string{"openat"}, Alias: "fsread", AliasArgs: []policy.Arg{{Name: "filename", Text: name}}})
		fmt.Println(name, v.Covered)
	}
	// Output:
	// /etc/hosts true
	// /home false
}
