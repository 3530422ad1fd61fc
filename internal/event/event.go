// Package event is one refused call and the places it is written to: standard
// error, a file, JSON lines, syslog, the journal.
package event

import (
	"strconv"
	"strings"
	"time"
)

// An Event is a call that was refused, or an accumulated count of equal ones.
type Event struct {
	Time    time.Time `json:"time"`
	PID     int       `json:"pid"`
	Program string    `json:"program"` // comm
	Arch    string    `json:"arch"`
	Syscall int       `json:"syscall"`
	Name    string    `json:"name"`
	Call    string    `json:"call"`              // with decoded arguments
	Promise string    `json:"promise,omitempty"` // missing words, reporting order
	Unveil  string    `json:"unveil,omitempty"`  // missing unveil, PERMS:PATH
	Never   bool      `json:"never,omitempty"`   // no promise admits it
	Verdict string    `json:"verdict"`           // deny, kill
	Count   int       `json:"count"`
}

// Needs says in words what is missing.
func (e *Event) Needs() string {
	switch {
	case e.Promise != "" && strings.Contains(e.Promise, " "):
		return `needs promises "` + e.Promise + `"`
	case e.Promise != "":
		return `needs promise "` + e.Promise + `"`
	case e.Unveil != "":
		return "needs --unveil " + e.Unveil
	}
	return "is in no promise"
}

// Text is the line for people. A kill is told as OpenBSD's kernel tells it.
func (e *Event) Text() string {
	if e.Verdict == "kill" {
		word, _, _ := strings.Cut(e.Promise, " ")
		return e.Program + "[" + strconv.Itoa(e.PID) + `]: pledge "` + word + `", syscall ` + strconv.Itoa(e.Syscall) + " (" + e.Name + ")"
	}
	return "pledge: " + e.Program + "[" + strconv.Itoa(e.PID) + "]: " + e.Call + ": " + e.Needs()
}

// Key tells equal events apart from others, whatever the process.
func (e *Event) Key() string { return e.Program + "\x00" + e.Call + "\x00" + e.Needs() }
