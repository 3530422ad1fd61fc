package convert_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func Example() {
	const text = "Policy: /bin/cat, Emulation: native\n\tnative-fsread: filename match \"/srv/*\" then permit\n\tnative-write: permit\n"
	file, err := syntax.Parse("bin_cat", []byte(text), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	there := func(string) bool { return true }
	r := convert.Section(file.Sections[0], convert.Options{Exists: there, IsDir: there})
	fmt.Println(r.Command())
	// Output: pledge "stdio rpath" -u "r:/srv" -- "/bin/cat" "$@"
}
