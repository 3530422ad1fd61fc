package syntax_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func Example() {
	const text = "Policy: /bin/cat, Emulation: native\n\tnative-fsread: filename eq \"/etc/hosts\" then permit\n"
	file, err := syntax.Parse("bin_cat", []byte(text), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Sections[0].Name, len(file.Sections[0].Rules))
	fmt.Print(syntax.Print(file))
	// Output:
	// /bin/cat 1
	// Policy: /bin/cat, Emulation: native
	// 	native-fsread: filename eq "/etc/hosts" then permit
}
