package enforce

import (
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// A Record is a call that is logged: one that the policy does not cover, or one
// that a rule with "log" decided.
type Record struct {
	Time      time.Time    `json:"time"`
	Action    string       `json:"action"` // permit or deny
	Error     string       `json:"error,omitempty"`
	User      string       `json:"user"`
	Program   string       `json:"program"`
	PID       int          `json:"pid"`
	Parent    int          `json:"parent"` // 0 if it is not confined
	Policy    string       `json:"policy"`
	Emulation string       `json:"emulation"`
	Call      string       `json:"call"` // the alias, where it has one
	Syscall   int          `json:"syscall"`
	Args      []policy.Arg `json:"args,omitempty"`
	// Rule is the text of the rule that decided, "" if none did.
	Rule  string `json:"rule,omitempty"`
	Count int    `json:"count"`
	// Line is how systrace 1.6g logged it, without a time.
	Line string `json:"-"`
}

// Key is equal for records that differ in the process only.
func (r *Record) Key() string {
	key := r.Action + "\x00" + r.Error + "\x00" + r.User + "\x00" + r.Program + "\x00" + r.Policy + "\x00" + r.Emulation + "-" + r.Call
	for _, a := range r.Args {
		key += "\x00" + a.Name + "=" + a.Text
	}
	return key
}
