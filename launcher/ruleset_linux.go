//go:build amd64 || arm64

package launcher

import (
	"errors"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/unveiled"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// situate works out what the layers have to enforce. The supervisor reads of it,
// later, what it keeps in the launch.
func (l *launch) situate(inPlace bool) (layers.Plan, error) {
	ask := l.ask(inPlace)
	plan, err := layers.Make(ask)
	var lack *layers.Lack
	switch {
	case errors.As(err, &lack):
		return plan, failf("%w; --best-effort runs without", err)
	case err != nil:
		return plan, failf("%w", err)
	}
	for _, n := range plan.Notes {
		l.spec.Report.Note("%s", n)
	}
	l.set, l.added = plan.Set, plan.Added
	return plan, nil
}

// ask is the question of this launch.
func (l *launch) ask(inPlace bool) layers.Ask {
	s := l.spec
	a := layers.Ask{
		Promises: s.Promises, Found: l.found(), Kills: s.Penalty == Kill && !s.Promises.Has(promises.Error) && s.Observe == nil,
		LimitTCP: s.TCPConnect != nil || s.TCPBind != nil, Connect: s.TCPConnect, Bind: s.TCPBind,
		Trace: s.TraceUnveil, Strict: s.StrictUnveil,
		Start:     l.programRules,
		Whitelist: func() []landlock.PathRule { return whitelist.Rules(whitelist.Entries(s.Promises), s.Promises) },
		Load:      func() []landlock.PathRule { return whitelist.Loading(s.Promises, envValue(s.Env, "PATH", "")) },
		ABI:       landlock.ABI(), BestEffort: s.BestEffort,
	}
	if inPlace || l.unsupervised {
		a.Mode, a.LooseSockets = layers.InPlace, l.unsupervised || l.stub
	}
	if s.Unveil != nil {
		a.Veil = translated(s.Unveil)
	}
	if a.ABI == 0 {
		a.PtraceFree = landlock.PtraceFree()
	}
	return a
}

// translated has the paths as the layers take them.
func translated(p *unveil.Plan) unveiled.Veil {
	v := unveiled.Veil{Plan: unveiled.Plan{}, Links: map[string][]string{}}
	for _, e := range p.Entries() {
		v.Plan[e.Path], v.Links[e.Path] = unveiled.Perms(e.Perms), e.Links
	}
	return v
}

// found are the situations that this process, the program and the options make.
func (l *launch) found() promises.Set {
	var set promises.Set
	if l.untraced {
		set |= rules.Loads
	}
	if l.holds().netAdmin() {
		set |= rules.NetAdmin
	}
	set |= rules.Inherited(l.spec.Promises, inheritedSockets(l.spec.KeepFDs))
	if l.stub {
		set |= rules.AnyInherited
	}
	return set
}
