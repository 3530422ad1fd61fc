// Package event is one refused call and the places it is told to: standard
// error, a file, a log.
//
//	report := &launcher.Report{Sinks: []event.Sink{event.Lines{W: event.FD(2)}}}
//
// What an event says of the program, its name and the paths it used, the program
// has chosen itself. The fields have it as it is, [Event.Text] and [Event.Needs]
// quote it: nothing in them ends a line, commands a terminal or a shell.
//
// # Stability
//
// Fields may be added to Event before version 1, methods to no interface.
package event

import (
	"strconv"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/internal/quote"
)

// An Event is a call that was refused.
type Event struct {
	Time    time.Time `json:"time"`
	PID     int       `json:"pid"`
	Program string    `json:"program"` // as the kernel has it, any bytes
	Arch    string    `json:"arch"`
	Syscall int       `json:"syscall"`
	Name    string    `json:"name"`              // "" for a number that no table knows
	Call    string    `json:"call"`              // with decoded arguments, quoted
	Promise string    `json:"promise,omitempty"` // missing words, reporting order
	Unveil  string    `json:"unveil,omitempty"`  // missing unveil, PERMS:PATH, any bytes
	Option  string    `json:"option,omitempty"`  // missing option of the launcher, as --tcp-connect 8080
	Never   bool      `json:"never,omitempty"`   // no promise admits it
	Verdict string    `json:"verdict"`           // deny, kill
	Count   int       `json:"count"`
}

// Needs says in words what is missing. A path in it is as a shell takes it.
func (e *Event) Needs() string {
	switch {
	case e.Promise != "" && strings.Contains(e.Promise, " "):
		return `needs promises "` + e.Promise + `"`
	case e.Promise != "":
		return `needs promise "` + e.Promise + `"`
	case e.Unveil != "":
		return "needs --unveil " + quote.Shell(e.Unveil)
	case e.Option != "":
		return "needs " + quote.Text(e.Option)
	}
	return "is in no promise"
}

// Text is the line for people. A kill is told as OpenBSD's kernel tells it.
func (e *Event) Text() string {
	who := quote.Word(e.Program) + "[" + strconv.Itoa(e.PID) + "]: "
	if e.Verdict == "kill" {
		word, _, _ := strings.Cut(e.Promise, " ")
		return who + `pledge "` + word + `", syscall ` + strconv.Itoa(e.Syscall) + " (" + quote.Text(e.Name) + ")"
	}
	return "pledge: " + who + quote.Text(e.Call) + ": " + e.Needs()
}

// Key tells equal events apart from others, whatever the process.
func (e *Event) Key() string { return e.Program + "\x00" + e.Call + "\x00" + e.Needs() }
