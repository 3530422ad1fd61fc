package pledge

import (
	"fmt"
	"strings"
)

// A State says what is in force, and by which layer.
type State struct {
	Pledged      bool
	Promises     string
	ExecPromises string // of programs that are executed, if HasExec
	HasExec      bool
	// Penalty is kill, deny or error: what the filter loaded last answers to a
	// violation. Of several filters the strictest answer counts.
	Penalty string
	// Layers are the kernel's mechanisms that hold the process, a line each.
	Layers []string
	// Lost says what is enforced less exactly than OpenBSD would, or not at all,
	// a line each.
	Lost []string
}

// String is the state in lines for people.
func (s State) String() string {
	if !s.Pledged && len(s.Layers)+len(s.Lost) == 0 {
		return "not pledged"
	}
	var b strings.Builder
	if s.Pledged {
		fmt.Fprintf(&b, "pledged %q, violations: %s\n", s.Promises, s.Penalty)
	} else {
		b.WriteString("not pledged\n")
	}
	if s.HasExec {
		fmt.Fprintf(&b, "execpromises %q\n", s.ExecPromises)
	}
	for _, l := range s.Layers {
		fmt.Fprintf(&b, "by %s\n", l)
	}
	for _, l := range s.Lost {
		fmt.Fprintf(&b, "lost: %s\n", l)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Status returns what is in force.
func Status() State { return status() }
