//go:build unix

package options

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// StatusUsage is the exit status of a command line that cannot be run.
const StatusUsage = 125

// Launch runs the program and returns its status, or that of a failure of ours,
// which is told on stderr. Refusals go to stderr, unless the options are quiet,
// and to the sinks.
func (o *Options) Launch(stderr io.Writer, sinks ...event.Sink) int {
	spec, err := o.Spec()
	if err != nil {
		return Fail(stderr, err)
	}
	report := spec.Report
	if !o.Quiet {
		report.Sinks = append(report.Sinks, event.Lines{W: stderr})
	}
	report.Sinks = append(report.Sinks, sinks...)
	watched := o.watch(spec)
	defer watched.Close()
	spec.Started = func() {
		TellNotes(report, stderr)
		watched.started(o)
	}
	if o.Exec {
		return Fail(stderr, launcher.Exec(spec))
	}
	status, err := launcher.Run(spec)
	Ended()
	lost := report.Close()
	watched.ended(status)
	if err != nil {
		return Fail(stderr, err)
	}
	text := ""
	if lost != nil {
		text = "pledge: report: " + quote.Error(lost) + "\n"
	}
	for _, hint := range []string{o.unveilHint(spec, status), o.capsHint(spec, status), o.quietHint(spec, status)} {
		if hint != "" {
			text += hint + "\n"
		}
	}
	say(stderr, text)
	return status
}

// patience is how long a launcher waits for what it says to be taken: the program may
// have stopped the terminal, or filled the pipe, that standard error is.
const patience = time.Second

// say writes a text, and goes on without if nobody takes it.
func say(stderr io.Writer, text string) {
	if text == "" {
		return
	}
	told := make(chan struct{})
	go func() {
		io.WriteString(stderr, text)
		close(told)
	}()
	select {
	case <-told:
	case <-time.After(patience):
	}
}

// TellNotes says how this launch is confined otherwise than asked. --quiet is
// about refusals: nothing is weaker in silence. The program may run already, and
// have filled the pipe that standard error is: nobody waits for it for ever.
func TellNotes(r *launcher.Report, stderr io.Writer) {
	text := ""
	for _, n := range r.Notes() {
		text += "pledge: " + quote.Text(n) + "\n"
	}
	say(stderr, text)
}

// quietHint names what was refused without a word, of a program that failed and of
// which nothing else was refused: some cannot go on without what most can.
func (o *Options) quietHint(spec *launcher.Spec, status int) string {
	if o.Quiet || status == 0 || status >= 126 || spec.Report.Total() > 0 || spec.Promises.Has(promises.Rpath) {
		return ""
	}
	first, more := "", 0
	for _, p := range spec.Report.Quiet() {
		switch {
		case !matters(p):
		case first == "":
			first = p
		default:
			more++
		}
	}
	if first == "" {
		return ""
	}
	files := quote.Word(first)
	if more > 0 {
		files += fmt.Sprintf(" and %d more files", more)
	}
	return fmt.Sprintf("pledge: status %d; refused without a word, since most programs do without: %s; to allow, add %q", status, files, promises.Rpath)
}

// matters reports whether a program may fail for want of a file that is refused
// without a word. Of some that everybody looks for nobody does.
func matters(path string) bool {
	for _, dir := range []string{"/proc/", "/sys/", "/selinux", "/etc/ld.so.", "/etc/malloc.conf", "/etc/selinux/", "/dev/", "/usr/lib/locale/", "/usr/share/locale"} {
		if strings.HasPrefix(path, dir) {
			return false
		}
	}
	return true
}

// unveilHint: Landlock's refusals never reach the launcher, so a program that
// failed under unveil without any report may have failed for that.
func (o *Options) unveilHint(spec *launcher.Spec, status int) string {
	if o.Quiet || spec.Unveil == nil || status == 0 || status >= 126 || o.ReportUnveil || spec.Report.Total() > 0 {
		return ""
	}
	return fmt.Sprintf("pledge: status %d with paths hidden; --report-unveil shows which opens unveil refuses", status)
}

// Stderr is where a command tells what it has to tell. Whatever is printed there,
// nothing but printable text comes out.
func Stderr() io.Writer { return quote.Writer{W: event.FD(2)} }

// Fail prints an error on one line and returns its status.
func Fail(stderr io.Writer, err error) int {
	say(stderr, "pledge: "+quote.Error(err)+"\n")
	var e *launcher.Error
	if errors.As(err, &e) {
		return e.Status
	}
	return StatusUsage
}
