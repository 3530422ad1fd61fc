package launcher

import (
	"fmt"
	"os"
	"strings"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

// Describe says in words what a launch of s would enforce, line by line, and
// runs nothing. inPlace says that Exec would be called.
func Describe(s *Spec, inPlace bool) ([]string, error) {
	l, r, p, err := plan(s, inPlace)
	if err != nil {
		return nil, err
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	add("program: %s (%s, %s)", quote.Word(l.image.path), l.image.arch.Name, linkage(l.image.dynamic))
	for _, f := range l.image.chain[1:] {
		add("  interpreted by %s", quote.Word(f))
	}
	add("promises: %q", s.Promises)
	add("mode: %s", l.mode(inPlace))
	add("violations: %s", l.penalty(inPlace))
	add("seccomp: one filter of %d instructions, loaded before the program starts", len(p.Code))
	if !r.Empty() {
		add("landlock: ABI %d, one ruleset", landlock.ABI())
		describeRuleset(r, add)
	}
	if s.Unveil == nil {
		add("paths: all visible, as far as the promises reach")
	}
	if os.Geteuid() == 0 && !s.KeepCaps {
		add("capabilities: all dropped but %s", capNames(keptCaps(s.Promises)))
	}
	for _, n := range s.Report.Notes() {
		add("note: %s", n)
	}
	return out, nil
}

// Filter returns the filter that a launch of s would load.
func Filter(s *Spec, inPlace bool) (*filter.Program, filter.Options, error) {
	l, _, p, err := plan(s, inPlace)
	if err != nil {
		return nil, filter.Options{}, err
	}
	return p, l.options(l.set, l.violation(inPlace), l.handed(inPlace)), nil
}

func plan(s *Spec, inPlace bool) (*launch, *landlock.Ruleset, *filter.Program, error) {
	l, err := newLaunch(s)
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := l.situate(inPlace)
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := l.compile(l.set, l.violation(inPlace), l.handed(inPlace))
	return l, r, p, err
}

func (l *launch) violation(inPlace bool) filter.Verdict {
	if inPlace {
		return l.violationVerdict()
	}
	return l.supervisedViolation()
}

// handed is the verdict of calls that a supervisor performs.
func (l *launch) handed(inPlace bool) filter.Verdict {
	if inPlace {
		return l.violationVerdict()
	}
	return filter.Notify
}

func linkage(dynamic bool) string {
	if dynamic {
		return "dynamically linked"
	}
	return "static"
}

func (l *launch) mode(inPlace bool) string {
	switch {
	case inPlace:
		return "in place: no supervisor, no report; reading libraries and mapping files executable stay allowed"
	case l.needsTrace():
		return "supervised; the loader's rights end at the program's entry point"
	case l.image.dynamic && l.spec.Promises.Has(promises.Exec):
		return "supervised; the loader's rights stay, for the programs that exec starts"
	}
	return "supervised"
}

func (l *launch) penalty(inPlace bool) string {
	switch {
	case l.spec.Promises.Has(promises.Error):
		return "ENOSYS, silently"
	case l.spec.Penalty == Kill && inPlace:
		return "the process is killed by SIGSYS"
	case l.spec.Penalty == Kill:
		return "the process is killed, status 134"
	case inPlace:
		return "EPERM"
	}
	return "EPERM and a report"
}

func describeRuleset(r *landlock.Ruleset, add func(string, ...any)) {
	if r.FS != 0 {
		for _, p := range r.Paths {
			add("  %-5s %s", rightsText(p.Access&r.FS), quote.Word(p.Path))
		}
		add("  every other path is denied what the ruleset handles")
	}
	if r.Net != 0 {
		add("  TCP connect to %v, bind to %v", r.Connect, r.Bind)
	}
	if r.Scoped&landlock.ScopeSignal != 0 {
		add("  signals stay inside the sandbox")
	}
	if r.Scoped&landlock.ScopeAbstract != 0 {
		add("  abstract sockets stay inside the sandbox")
	}
}

func rightsText(a uint64) string {
	var b strings.Builder
	for _, r := range []struct {
		right  uint64
		letter byte
	}{{landlock.ReadFile, 'r'}, {landlock.WriteFile, 'w'}, {landlock.Execute, 'x'}, {landlock.MakeReg, 'c'}} {
		if a&r.right != 0 {
			b.WriteByte(r.letter)
		}
	}
	return b.String()
}

func capNames(mask uint64) string {
	if mask == 0 {
		return "none"
	}
	var names []string
	for _, p := range promiseCaps {
		for _, c := range p.caps {
			if mask&(1<<c) != 0 {
				names = append(names, fmt.Sprintf("%d (%s)", c, p.why))
			}
		}
	}
	return strings.Join(names, ", ")
}
