package launcher

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/launcher/event"
)

// A Report tells what was refused, each kind once, and sums up. The zero Report
// tells nobody.
//
// Each sink is called on a goroutine of its own, which begins with the first
// refusal. A sink that does not keep up, as one that writes to a pipe that
// nobody reads, delays its own lines; it holds up neither the program nor other
// sinks. Call [Report.Close] when the program has ended: it waits for what is
// still to be told.
type Report struct {
	Sinks []event.Sink

	mu      sync.Mutex
	kinds   kinds
	outlets []*outlet
	notes   []string
	quiet   []string // of what was refused without a word
	closed  bool
	failed  error
}

// Note keeps a sentence about how this launch is confined that its user should
// know: what a kernel lacks, what Landlock allows less of.
func (r *Report) Note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// Notes returns them.
func (r *Report) Notes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.notes...)
}

// maxQuiet is how many paths that were refused without a word are remembered.
const maxQuiet = 50

// passOver takes note of a path that was refused without a word, because most
// programs go on without.
func (r *Report) passOver(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.quiet) < maxQuiet && len(path) < 512 && !slices.Contains(r.quiet, path) {
		r.quiet = append(r.quiet, path)
	}
}

// Quiet returns some of the paths that were refused without a word: files that
// most programs look for and go on without. They are as the program gave them, any
// bytes.
func (r *Report) Quiet() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.quiet)
}

// Total is how many calls were refused.
func (r *Report) Total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kinds.total
}

// add tells an event that is new, and counts it otherwise. It waits a moment for
// the sinks, at the most.
func (r *Report) add(e *event.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.kinds.add(e) || r.closed {
		return
	}
	e.Count, e.Time = 1, time.Now()
	if r.outlets == nil {
		for _, s := range r.Sinks {
			r.outlets = append(r.outlets, newOutlet(s))
		}
	}
	var lines []<-chan struct{}
	for _, o := range r.outlets {
		lines = append(lines, o.put(e))
	}
	await(lines, r.outlets)
}

// Close tells the summary, if anything was refused, and returns the first
// error of a sink. It waits until everything is told, but not for a sink that
// takes nothing for some seconds: what was lost by that is the error. Refusals
// after it are counted only.
func (r *Report) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return r.failed
	}
	r.closed = true
	summary := r.kinds.summary()
	errs := make(chan error)
	for _, o := range r.outlets {
		go func() { errs <- o.close(summary) }()
	}
	for range r.outlets {
		if err := <-errs; err != nil && r.failed == nil {
			r.failed = err
		}
	}
	return r.failed
}
