//go:build unix

// Package learn makes promises and unveiled paths of what a program did.
//
//	l := learn.New(argv)
//	spec.Observe = &launcher.Observation{Beyond: promises.Stdio.Set(), Call: l.Call}
//	status, err := launcher.Run(spec)
//	result := l.Result(learn.Options{})
//
// The promises are the fewest that admit every call that was seen. Paths are
// those that Landlock would be asked about, made short: what the system brings
// as a whole directory, what the run itself made as the directory that it made
// it in; homes and other directories that hold secrets stay as they are.
package learn

import (
	"encoding/binary"
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// A Learner takes the calls of one run.
type Learner struct {
	argv    []string
	started time.Time

	mu    sync.Mutex
	calls int
	kinds map[string]*kind
	paths map[string]*place
	made  map[string]bool // by the run itself
	looks map[string]bool // relative paths that were looked at only
	// refused is how many uses of paths the ceiling has refused.
	refused int
	bytes   int  // of what is remembered of paths
	full    bool // more paths than are remembered
	lost    int  // uses of such
}

// kind is calls that need the same.
type kind struct {
	name         string
	alternatives []promises.Set
	unless       promises.Set
	calls        int
	first        string // the first of them, decoded
	order        int    // of the first one among all kinds
	program      string // that made it
}

// place is a path with all that was done with it.
type place struct {
	perms   unveil.Perms
	socket  unveil.Perms // that the word unix makes use of
	dir     bool
	missing bool
	several bool // further paths in it are remembered as this one
	calls   int
	call    string // the first one's name
	program string
}

// maxPaths and maxBytes bound what is remembered of paths, and how long those are
// together; as much again is remembered of further ones by their directory.
const (
	maxPaths = 1 << 16
	maxBytes = 8 << 20
)

// maxText bounds what is remembered of one call.
const maxText = 1000

// maxLooks bounds what is remembered of paths that are looked at.
const maxLooks = 1000

// New returns a learner for a command that begins now.
func New(argv []string) *Learner {
	return &Learner{argv: argv, started: time.Now(), kinds: map[string]*kind{}, paths: map[string]*place{}, made: map[string]bool{}, looks: map[string]bool{}}
}

// Call takes a call; it is an Observation's.
func (l *Learner) Call(o *launcher.Observed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	l.kind(o)
	for i := range o.Uses {
		l.use(o, &o.Uses[i])
	}
}

func (l *Learner) kind(o *launcher.Observed) {
	var space [128]byte
	key := append(space[:0], o.Name...)
	for _, a := range append(o.Alternatives, o.Unless) {
		key = binary.LittleEndian.AppendUint64(key, uint64(a))
	}
	k := l.kinds[string(key)]
	if k == nil {
		k = &kind{order: len(l.kinds), name: o.Name, alternatives: o.Alternatives, unless: o.Unless, first: beginning(o.Text()), program: o.Program()}
		l.kinds[string(key)] = k
	}
	k.calls++
}

func (l *Learner) use(o *launcher.Observed, u *launcher.Use) {
	if u.Real == "" || u.Perms == 0 {
		if u.Real != "" && !u.Missing && len(l.looks) < maxLooks {
			l.looks[u.Real] = true
		}
		return
	}
	if u.Refused {
		l.refused++
		return
	}
	real := u.Real
	if u.Perms&unveil.Create != 0 && u.Missing || makes(o.Name) && u == &o.Uses[len(o.Uses)-1] {
		if !l.made[real] && len(l.made) < maxPaths && l.room(real, maxBytes) {
			l.made[real] = true
		}
	}
	p := l.placeOf(real)
	if p == nil {
		l.lost++
		return
	}
	if p.calls == 0 {
		p.call, p.program, p.missing, p.dir = o.Name, o.Program(), u.Missing, u.Dir || p.several
		l.bytes += len(p.program)
	}
	switch o.Name {
	case "connect", "bind", "sendto", "sendmsg", "sendmmsg":
		p.socket |= u.Perms
	default:
		p.perms |= u.Perms
	}
	p.calls++
	p.missing = p.missing && u.Missing
}

// room tells whether a name may be remembered.
func (l *Learner) room(name string, most int) bool {
	if l.bytes+len(name) > most {
		return false
	}
	l.bytes += len(name)
	return true
}

// placeOf is a path's, its directory's where there are too many, or nil.
func (l *Learner) placeOf(path string) *place {
	if p := l.paths[path]; p != nil {
		return p
	}
	several := false
	if len(l.paths) >= maxPaths || !l.room(path, maxBytes) {
		l.full, several = true, true
		path = parent(path)
		if p := l.paths[path]; p != nil {
			p.several = true
			return p
		}
		if len(l.paths) >= 2*maxPaths || !l.room(path, 2*maxBytes) {
			return nil
		}
	}
	p := &place{several: several}
	l.paths[path] = p
	return p
}

// beginning is as much of a text as is remembered.
func beginning(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.Clone(text[:maxText]) + "…"
}

// makes tells whether the last path of a call is a name that it makes.
func makes(call string) bool {
	for _, prefix := range []string{"mkdir", "rename", "link", "symlink", "mknod", "bind"} {
		if strings.HasPrefix(call, prefix) {
			return true
		}
	}
	return false
}

func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

// Progress says how far the run is.
type Progress struct {
	Calls, Paths int
	Promises     promises.Set
}

// Progress can be called while the program runs.
func (l *Learner) Progress() Progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Progress{l.calls, len(l.paths), words(l.list())}
}

// list is the kinds in the order of their names.
func (l *Learner) list() (list []*kind) {
	for _, k := range l.kinds {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].name != list[j].name {
			return list[i].name < list[j].name
		}
		return list[i].first < list[j].first
	})
	return list
}

// Options say how paths are made short.
type Options struct {
	// MaxUnveils is how many paths there may be; 0 is 16.
	MaxUnveils int
	// Within is what was enforced meanwhile; 0 for nothing. The result is no
	// wider.
	Within promises.Set
	// Ceiling is what paths were shown meanwhile; nil for all. The result shows
	// no more.
	Ceiling *unveil.Plan
	// Dir is where the program was started; "" is where this process is.
	Dir string
	// Widen lets directories of homes be unveiled as a whole as well.
	Widen bool
}

// A Result is what a run needs.
type Result struct {
	Command  []string
	Time     time.Time
	Calls    int // that were seen
	Promises promises.Set
	Words    []Word
	Unveils  []Unveil
	Never    []Evidence // calls that no promise admits
	Notes    []string
	History  []string // of earlier runs
}

// Evidence is calls that were made.
type Evidence struct {
	Calls   int    `json:"calls"`
	First   string `json:"first"`
	Program string `json:"program"`
}

// A Word is a promise with the calls that need it.
type Word struct {
	Promise string `json:"promise"`
	Evidence
}

// An Unveil is a path with what was done below it.
type Unveil struct {
	Path  string       `json:"path"`
	Perms unveil.Perms `json:"-"`
	// Wider is set where it is a directory that stands for some of its files.
	Wider bool `json:"wider,omitempty"`
	// ceiling is set where it allows less than what is above it, as the ceiling
	// does.
	ceiling bool
	Evidence
}

func (u *Unveil) String() string { return u.Perms.String() + ":" + u.Path }

// Result sums up.
func (l *Learner) Result(o Options) *Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list()
	r := &Result{Command: l.argv, Time: l.started, Calls: l.calls, Promises: words(list)}
	if beyond := r.Promises &^ o.Within &^ promises.Stdio.Set(); o.Within != 0 && beyond != 0 {
		r.Promises &^= beyond
		r.Notes = append(r.Notes, fmt.Sprintf("the program also tried what only %q admits, and was refused", beyond))
	}
	r.Words, r.Never = evidence(list, r.Promises)
	r.Unveils = l.unveils(o, r)
	if l.refused > 0 {
		r.Notes = append(r.Notes, plural(l.refused, "use")+" of paths that were not shown meanwhile were refused")
	}
	if l.full {
		r.Notes = append(r.Notes, "more paths were used than are remembered: some are there as their directories")
	}
	if l.lost > 0 {
		r.Notes = append(r.Notes, plural(l.lost, "use")+" of further paths are not in this")
	}
	return r
}
