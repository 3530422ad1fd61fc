package envelope

import "encoding/json"

// A Call is the body of call.refused, call.killed and call.permitted. Every
// field but Peer is what the supervisor says.
type Call struct {
	Program string `json:"program,omitempty"`
	PID     int    `json:"pid,omitempty"`
	Name    string `json:"name,omitempty"`
	Call    string `json:"call,omitempty"` // with decoded arguments
	Promise string `json:"promise,omitempty"`
	Unveil  string `json:"unveil,omitempty"`
	Option  string `json:"option,omitempty"`
	Policy  string `json:"policy,omitempty"`
	Digest  string `json:"digest,omitempty"` // of the policy
	Rule    string `json:"rule,omitempty"`
	Verdict string `json:"verdict,omitempty"`
	Count   int    `json:"count,omitempty"`
	Lost    int    `json:"lost,omitempty"` // that the supervisor could not tell before
	Tool    string `json:"tool,omitempty"` // pledge, systrace
	Peer    *Peer  `json:"peer,omitempty"`
}

// A Peer is who told a host's broker, as the kernel says.
type Peer struct {
	UID int `json:"uid"`
	GID int `json:"gid"`
	PID int `json:"pid"`
	// Of the program that was confined, if its process was still there.
	Exe    string `json:"exe,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Tree   []Proc `json:"tree,omitempty"`
}

// A Proc is a process in a tree, children first.
type Proc struct {
	PID  int    `json:"pid"`
	Name string `json:"name"`
}

// A Gap is the body of gap: what a spool that was full has dropped.
type Gap struct {
	From  uint64      `json:"from"`
	To    uint64      `json:"to"`
	Count uint64      `json:"count"`
	Sevs  map[int]int `json:"sevs,omitempty"`
	Boot  string      `json:"boot,omitempty"` // the dropped events', if not the gap's own
}

// A Beat is the body of host.hello, host.beat and host.bye.
type Beat struct {
	Name     string            `json:"name,omitempty"` // the machine's own
	Kernel   string            `json:"kernel,omitempty"`
	Arch     string            `json:"arch,omitempty"`
	Landlock int               `json:"landlock,omitempty"`
	Spooled  int64             `json:"spooled"` // bytes that wait
	Waiting  uint64            `json:"waiting"` // events that wait
	Lost     uint64            `json:"lost"`    // dropped since this boot's beginning
	Refused  uint64            `json:"refused"` // datagrams that were no events
	Policies map[string]string `json:"policies,omitempty"`
	Last     uint64            `json:"last"` // number of the last event before this one
	Doctor   json.RawMessage   `json:"doctor,omitempty"`
}
