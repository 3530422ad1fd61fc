package lint_test

import (
	"fmt"
	"log"

	"github.com/pledge-linux/pledge/compat/systrace/lint"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func Example() {
	const text = "Policy: /bin/cat, Emulation: native\n\tnative-exit: permit\n\tnative-exit: deny[eperm]\n"
	file, err := syntax.Parse("bin_cat", []byte(text), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range lint.Section(file.Sections[0]) {
		fmt.Println(f)
	}
	// Output: bin_cat:3:2: contradiction: line 2 says permit; of simple rules the last counts
}
