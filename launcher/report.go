package launcher

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/promises"
)

// maxKinds bounds how many different refusals are told one by one.
const maxKinds = 1000

// A Report tells what was refused, each kind once, and sums up. The zero Report
// tells nobody.
type Report struct {
	Sinks []event.Sink

	mu     sync.Mutex
	kinds  map[string]*event.Event
	total  int
	notes  []string
	failed error
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

// Total is how many calls were refused.
func (r *Report) Total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// add tells an event that is new, and counts it otherwise.
func (r *Report) add(e *event.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if old := r.kinds[e.Key()]; old != nil {
		old.Count++
		return
	}
	if r.kinds == nil {
		r.kinds = map[string]*event.Event{}
	}
	if len(r.kinds) >= maxKinds {
		return // counted in the total
	}
	e.Count, e.Time = 1, time.Now()
	r.kinds[e.Key()] = e
	for _, s := range r.Sinks {
		if err := s.Event(e); err != nil && r.failed == nil {
			r.failed = err
		}
	}
}

// Close tells the summary, if anything was refused, and returns the first
// error of a sink.
func (r *Report) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.total == 0 {
		return r.failed
	}
	line := r.summary()
	for _, s := range r.Sinks {
		if err := s.Summary(line); err != nil && r.failed == nil {
			r.failed = err
		}
	}
	return r.failed
}

// summary names the words to add.
func (r *Report) summary() string {
	var add promises.Set
	unveils := map[string]bool{}
	never := 0
	for _, e := range r.kinds {
		if set, err := promises.Parse(e.Promise); err == nil {
			add |= set
		}
		if e.Unveil != "" {
			unveils[e.Unveil] = true
		}
		if e.Never {
			never++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "pledge: refused %s", plural(r.total, "call"))
	if len(r.kinds) != r.total {
		fmt.Fprintf(&b, ", %d different", len(r.kinds))
	}
	if add != 0 || len(unveils) > 0 {
		b.WriteString("; to allow, add")
	}
	if add != 0 {
		fmt.Fprintf(&b, " %q", add)
	}
	for _, u := range slices.Sorted(maps.Keys(unveils)) {
		fmt.Fprintf(&b, " --unveil %s", u)
	}
	if never > 0 {
		fmt.Fprintf(&b, "; %d in no promise", never)
	}
	return b.String()
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
