// Package bypath makes policies of systrace that permit everything, but by what
// the supervisor has to look at: every call on paths is judged and performed. A
// program must behave under them as it does without.
package bypath

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
)

// Policy is one for a program, of the emulation linux64 or native. Calls in
// without get no rule; extra lines come first.
func Policy(program, emulation string, without []string, extra ...string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Policy: %s, Emulation: %s\n", program, emulation)
	for _, line := range extra {
		fmt.Fprintf(&s, "\t%s-%s\n", emulation, line)
	}
	seen := map[string]bool{}
	for _, alias := range []string{"fsread", "fswrite"} {
		if !slices.Contains(without, alias) {
			fmt.Fprintf(&s, "\t%s-%s: filename match \"/*\" or filename sub \":[\" then permit\n", emulation, alias)
		}
	}
	for _, c := range abi.AMD64.Calls() {
		for _, name := range translate.Names(emulation, &translate.Call{Arch: abi.AMD64.Name, Name: c.Name}) {
			if seen[name] || slices.Contains(without, name) || slices.Contains(without, c.Name) {
				continue
			}
			seen[name] = true
			fmt.Fprintf(&s, "\t%s-%s: %s\n", emulation, name, rule(emulation, name))
		}
	}
	return s.String()
}

// rule permits a call by what its arguments are.
func rule(emulation, name string) string {
	args := translate.Arguments(emulation, name)
	switch {
	case name == "execve" || name == "execveat":
		return "filename match \"/*\" then permit[inherit]"
	case slices.Contains(args, "filename"): // pipes and the like have no path
		return "filename match \"/*\" or filename sub \":[\" then permit"
	case slices.Contains(args, "sockaddr"):
		return "sockaddr nsub \"no such address\" then permit"
	}
	return "permit"
}
