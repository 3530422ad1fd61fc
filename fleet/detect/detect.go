// Package detect finds in a fleet's events what somebody should look at, and says
// why. It is pure: the same events in the same order have the same findings, so
// that a rule can be tried on what is stored.
//
// What one machine does that no other ever did is rare; what many begin to do at
// once is a roll-out, and one finding. All else is a count in a table.
package detect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// A Finding is something to look at. Its ID is the same for the same thing.
type Finding struct {
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Kind    string    `json:"kind"` // novelty, rollout, rate, canary, gap, silent, lost
	Host    string    `json:"host"`
	Program string    `json:"program,omitempty"`
	Text    string    `json:"text"`   // the reason, with prevalence
	Change  string    `json:"change"` // what to do about it
}

// Options have the limits. What is zero has a default.
type Options struct {
	Quiet    time.Duration // a program is known after so long; 3 days
	Few      int           // at most so many hosts are an exception; 2
	Canaries []string      // paths that nobody has a reason to touch
	Silence  time.Duration // without a heartbeat; 10 minutes
	Burst    int           // so many of a kind in Window are worth a look; 50
	Window   time.Duration // 5 minutes
}

func (o *Options) defaults() {
	o.Quiet, o.Silence = cmp.Or(o.Quiet, 72*time.Hour), cmp.Or(o.Silence, 10*time.Minute)
	o.Few, o.Burst, o.Window = cmp.Or(o.Few, 2), cmp.Or(o.Burst, 50), cmp.Or(o.Window, 5*time.Minute)
}

// A Detector reads events.
type Detector struct {
	o        Options
	programs map[string]*program
	told     map[string]bool
	hosts    map[string]*host
}

// program is what is known of a program in the fleet.
type program struct {
	first time.Time
	hosts map[string]bool
	keys  map[string]*key
}

// key is one kind of refusal of a program.
type key struct {
	first time.Time
	hosts map[string]bool
	late  bool // it came when the program was known
}

type host struct {
	seen   time.Time
	left   bool // it said so
	silent bool
	rates  map[string]*rate
}

// rate counts a kind on a host in this window, and the most of windows before.
type rate struct {
	start time.Time
	n     int
	most  int
}

// New makes a detector that knows nothing yet.
func New(o Options) *Detector {
	o.defaults()
	return &Detector{o: o, programs: map[string]*program{}, told: map[string]bool{}, hosts: map[string]*host{}}
}

// Add reads an event.
func (d *Detector) Add(e *envelope.Event) (found []Finding) {
	h := d.hosts[e.Host]
	if h == nil {
		h = &host{rates: map[string]*rate{}}
		d.hosts[e.Host] = h
	}
	if e.Time.After(h.seen) {
		h.seen, h.silent = e.Time, false
	}
	h.left = e.Type == "host.bye"
	var c envelope.Call
	switch e.Type {
	case "gap":
		var g envelope.Gap
		if json.Unmarshal(e.Body, &g) == nil {
			found = append(found, Finding{ID: "gap/" + e.ID(), Kind: "gap",
				Text:   fmt.Sprintf("%s has dropped %d events, numbers %d to %d: its spool was full", e.Host, g.Count, g.From, g.To),
				Change: "look why the host could not send, or give pledged a larger --spool"})
		}
	case "exec.start":
		if json.Unmarshal(e.Body, &c) == nil {
			d.program(c.Program, e.Time).hosts[e.Host] = true
		}
	case "call.refused", "call.killed":
		if json.Unmarshal(e.Body, &c) == nil {
			found = d.call(e, &c, h)
		}
	}
	return d.fresh(found, e)
}

// fresh leaves what was not found before.
func (d *Detector) fresh(found []Finding, e *envelope.Event) (list []Finding) {
	for _, f := range found {
		if d.told[f.ID] {
			continue
		}
		d.told[f.ID] = true
		f.Time, f.Host = e.Time, e.Host
		list = append(list, f)
	}
	return list
}

// Names are chosen by others: of so many nothing more is told apart.
const (
	maxPrograms = 20000
	maxKinds    = 500  // of a program
	maxRates    = 1000 // of a host
	theRest     = "others"
)

func (d *Detector) program(name string, now time.Time) *program {
	name = path.Base(name)
	if d.programs[name] == nil && len(d.programs) >= maxPrograms {
		name = theRest
	}
	p := d.programs[name]
	if p == nil {
		p = &program{first: now, hosts: map[string]bool{}, keys: map[string]*key{}}
		d.programs[name] = p
	}
	return p
}

func (d *Detector) call(e *envelope.Event, c *envelope.Call, h *host) (found []Finding) {
	name := path.Base(c.Program)
	p := d.program(name, e.Time)
	p.hosts[e.Host] = true
	kind := Generalise(c)
	if p.keys[kind] == nil && len(p.keys) >= maxKinds {
		kind = theRest
	}
	k := p.keys[kind]
	if k == nil {
		k = &key{first: e.Time, hosts: map[string]bool{}, late: e.Time.Sub(p.first) > d.o.Quiet}
		p.keys[kind] = k
	}
	k.hosts[e.Host] = true
	if text := d.canary(e, c); text != "" {
		found = append(found, Finding{ID: "canary/" + e.Host + "/" + name + "/" + kind, Kind: "canary", Program: name, Text: text,
			Change: "nobody has a reason to touch this: look at the process tree, and stop the program"})
	}
	switch n := len(k.hosts); {
	case !k.late:
	case n <= d.o.Few:
		found = append(found, Finding{ID: "novelty/" + name + "/" + kind + "/" + e.Host, Kind: "novelty", Program: name,
			Text:   fmt.Sprintf("%s runs on %d hosts; only %s asked for %s, first at %s", name, len(p.hosts), strings.Join(sorted(k.hosts), " and "), kind, k.first.Format(time.RFC3339)),
			Change: "if it is meant: " + change(c) + "; if not, stop the program on " + e.Host})
	default:
		found = append(found, Finding{ID: "rollout/" + name + "/" + k.first.Format("2006-01-02"), Kind: "rollout", Program: name,
			Text:   fmt.Sprintf("%s asks for %s on %d hosts since %s: a new version needs it", name, kind, n, k.first.Format(time.RFC3339)),
			Change: change(c)})
	}
	if f := d.rate(e, name, kind, h); f != nil {
		found = append(found, *f)
	}
	return found
}

func sorted(m map[string]bool) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// change is what would admit a call.
func change(c *envelope.Call) string {
	switch {
	case c.Promise != "":
		return "add the promise " + c.Promise
	case c.Unveil != "":
		return "add --unveil " + c.Unveil
	case c.Option != "":
		return "add " + c.Option
	}
	return "no promise admits it"
}

func (d *Detector) canary(e *envelope.Event, c *envelope.Call) string {
	for _, p := range d.o.Canaries {
		if strings.Contains(c.Call, `"`+p) || strings.HasSuffix(c.Unveil, ":"+p) {
			return fmt.Sprintf("%s on %s touched %s, which is there for nobody", path.Base(c.Program), e.Host, p)
		}
	}
	return ""
}

// rate finds what comes much more often than ever before on this host.
func (d *Detector) rate(e *envelope.Event, name, kind string, h *host) *Finding {
	r := h.rates[name+" "+kind]
	if r == nil {
		if len(h.rates) >= maxRates {
			clear(h.rates)
		}
		r = &rate{start: e.Time}
		h.rates[name+" "+kind] = r
	}
	if e.Time.Sub(r.start) > d.o.Window {
		r.start, r.most, r.n = e.Time, max(r.most, r.n), 0
	}
	r.n++
	if r.n < d.o.Burst || r.n < 5*r.most {
		return nil
	}
	return &Finding{ID: "rate/" + e.Host + "/" + name + "/" + kind + "/" + r.start.Format("2006-01-02"), Kind: "rate", Program: name,
		Text:   fmt.Sprintf("%s on %s asked for %s %d times in %v, never more than %d before", name, e.Host, kind, r.n, d.o.Window, r.most),
		Change: "look what the program tries in a loop"}
}

// Silent returns the hosts that have not been heard of, each once until they are
// heard again.
func (d *Detector) Silent(now time.Time) (list []Finding) {
	for name, h := range d.hosts {
		if h.left || h.silent || now.Sub(h.seen) < d.o.Silence {
			continue
		}
		h.silent = true
		list = append(list, Finding{ID: fmt.Sprintf("silent/%s/%d", name, h.seen.Unix()), Time: now, Kind: "silent", Host: name,
			Text:   fmt.Sprintf("%s was last heard of at %s, and did not say that it ends", name, h.seen.Format(time.RFC3339)),
			Change: "look whether pledged runs there and reaches the hub"})
	}
	slices.SortFunc(list, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

var (
	quoted  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	numbers = regexp.MustCompile(`[0-9]+`)
)

// Generalise is the kind of a refusal: the call, what it is missing, and the
// directory that its first path is in, with numbers left out.
func Generalise(c *envelope.Call) string {
	kind := c.Name
	if need := cmp.Or(c.Promise, c.Option, c.Rule); need != "" {
		kind += " (" + need + ")"
	}
	name := quoted.FindString(c.Call)
	if name == "" {
		_, name, _ = strings.Cut(c.Unveil, ":")
	}
	name = strings.Trim(name, `"`)
	if !strings.HasPrefix(name, "/") {
		return kind
	}
	// Programs and what is directly below the few famous places count by name.
	dir := path.Dir(name)
	if strings.HasPrefix(c.Name, "exec") || dir == "/etc" || dir == "/" {
		dir = name
	}
	return kind + " " + numbers.ReplaceAllString(dir, "N")
}
