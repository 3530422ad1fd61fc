//go:build amd64 || arm64

package launcher

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Describe says in words what a launch of s would enforce, line by line, and
// runs nothing. inPlace says that Exec would be called.
func Describe(s *Spec, inPlace bool) ([]string, error) {
	l, r, p, err := describe(s, inPlace)
	if err != nil {
		return nil, err
	}
	defer l.close()
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	add("program: %s (%s, %s)", quote.Word(l.image.path), l.image.arch.Name, linkage(l.image.dynamic))
	for _, f := range l.image.chain[1:] {
		add("  interpreted by %s", quote.Word(f.Path))
	}
	add("promises: %q", s.Promises)
	add("mode: %s", l.mode(inPlace))
	add("violations: %s", l.penalty(inPlace))
	add("seccomp: one filter of %d instructions, loaded before the program starts", len(p.Code))
	if !r.Empty() {
		add("landlock: ABI %d, one ruleset", landlock.ABI())
		describeRuleset(r, add)
		add("  processes outside of the sandbox cannot be traced, nor their memory opened")
	}
	if onlyExecutes(s.Unveil) {
		add("  what is unveiled x can be read as well: the kernel reads it with the program's rights")
	}
	if s.Unveil == nil {
		add("paths: all visible, as far as the promises reach")
	}
	if sys.Capabilities().Permitted != 0 && !s.KeepCaps {
		add("capabilities: all dropped but %s", capNames(l.holds().caps))
	}
	for _, n := range s.Report.Notes() {
		add("note: %s", n)
	}
	return out, nil
}

// WriteFilter writes the filter that a launch of s would load: as "bpf", its
// instructions one a line, or as "pfc", the text of libseccomp.
func WriteFilter(w io.Writer, s *Spec, inPlace bool, form string) error {
	if form != "bpf" && form != "pfc" {
		return failf("filters are written as bpf or pfc, not as %q", form)
	}
	l, _, p, err := describe(s, inPlace)
	if err != nil {
		return err
	}
	defer l.close()
	if form == "bpf" {
		return p.Listing(w)
	}
	o := l.options(l.set, l.violation(inPlace), l.handed(inPlace))
	return o.PFC(w)
}

func describe(s *Spec, inPlace bool) (*launch, *landlock.Ruleset, *filter.Program, error) {
	l, err := newLaunch(s)
	if err != nil {
		return nil, nil, nil, err
	}
	plan, err := l.situate(inPlace)
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := l.compile(plan.Set, l.violation(inPlace), l.handed(inPlace))
	return l, &plan.Ruleset, p, err
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
		if len(r.Paths) > 0 {
			add("  every other path is denied what the ruleset handles")
		}
	}
	if r.Net != 0 {
		add("  TCP: connect to %s, bind to %s", portsText(r.Connect), portsText(r.Bind))
	}
	if r.Net&landlock.ConnectSendUDP != 0 {
		add("  UDP: connect and send to %s", portsText(r.Connect))
	}
	if r.Scoped&landlock.ScopeSignal != 0 {
		add("  signals stay inside the sandbox")
	}
	if r.Scoped&landlock.ScopeAbstract != 0 {
		add("  abstract sockets stay inside the sandbox")
	}
}

func portsText(ports []uint16) string {
	if len(ports) == 0 {
		return "no port"
	}
	text := "port"
	for _, p := range ports {
		text += " " + strconv.Itoa(int(p))
	}
	return text
}

// onlyExecutes reports whether something is unveiled for executing and not for
// reading.
func onlyExecutes(p *unveil.Plan) bool {
	if p == nil {
		return false
	}
	for _, e := range p.Entries() {
		if e.Perms&unveil.Exec != 0 && e.Perms&unveil.Read == 0 {
			return true
		}
	}
	return false
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
