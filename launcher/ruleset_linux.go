package launcher

import (
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// ruleset builds what Landlock has to enforce: unveiled paths, TCP ports,
// scopes, and in place the whitelist.
func (l *launch) ruleset() (*landlock.Ruleset, error) {
	s := l.spec
	r := &landlock.Ruleset{}
	abi := landlock.ABI()
	if err := l.scopes(r, abi); err != nil {
		return nil, err
	}
	switch {
	case s.Unveil != nil:
		return r, l.unveiled(r, abi)
	case l.set&promises.Unsupervised != 0 && l.unpromised() != 0:
		return r, l.whitelisted(r, abi)
	}
	return r, nil
}

// scopes adds port rules, which are an error where the kernel lacks them, and
// the second walls, which are not: the filter is the first.
func (l *launch) scopes(r *landlock.Ruleset, abi int) error {
	s := l.spec
	if s.TCPConnect != nil || s.TCPBind != nil {
		if abi < 4 {
			if !s.BestEffort {
				return lacking("--tcp-connect and --tcp-bind", 4, abi)
			}
			s.Report.Note("TCP ports are not limited: Landlock ABI %d, 4 is needed (Linux 6.7)", abi)
		} else {
			r.Net = landlock.ConnectTCP | landlock.BindTCP
			r.Connect, r.Bind = s.TCPConnect, s.TCPBind
		}
	}
	if abi >= 6 {
		if !s.Promises.Has(promises.Proc) {
			r.Scoped |= landlock.ScopeSignal
			l.set |= promises.SignalScope
		}
		if !s.Promises.Has(promises.Unix) || s.Unveil != nil {
			r.Scoped |= landlock.ScopeAbstract
		}
	}
	return nil
}

func lacking(what string, need, have int) error {
	kernels := map[int]string{1: "5.13", 3: "6.2", 4: "6.7", 6: "6.12"}
	if have == 0 {
		return failf("%s: this kernel has no Landlock or it is off (needs Linux %s with lsm=landlock); --best-effort runs without", what, kernels[need])
	}
	return failf("%s needs Landlock ABI %d (Linux %s), this kernel has %d; --best-effort runs with less", what, need, kernels[need], have)
}

// unveiled denies every path but those of the plan, the whitelist, and what the
// program needs to start.
func (l *launch) unveiled(r *landlock.Ruleset, abi int) error {
	s := l.spec
	if abi < 3 {
		if !s.BestEffort {
			return lacking("--unveil", 3, abi)
		}
		if abi == 0 {
			s.Report.Note("paths are not hidden: this kernel has no Landlock")
			return nil
		}
		s.Report.Note("truncating hidden files is not denied: Landlock ABI %d, 3 is needed (Linux 6.2)", abi)
	}
	rules, notes, err := s.Unveil.Rules()
	if err != nil {
		return failf("%w", err)
	}
	for _, n := range notes {
		s.Report.Note("%s", n)
	}
	if l.set&promises.Unsupervised != 0 {
		// The filter leaves opens that only the whitelist admits to Landlock then.
		rules = landlock.Without(rules, l.unpromised(), s.Promises.Has(promises.Exec))
		l.set |= promises.WritesListed
	}
	r.FS = landlock.Handled(abi)
	l.added = append(l.programRules(), whitelist.Rules(whitelist.Entries(s.Promises), s.Promises)...)
	r.Paths = append(rules, l.added...)
	return nil
}

// unpromised are the rights of opening files that no promise gives: in place the
// filter leaves such opens to Landlock, which admits the whitelist.
func (l *launch) unpromised() uint64 {
	var rights uint64
	if !l.spec.Promises.Has(promises.Rpath) {
		rights |= landlock.Reading
	}
	// Only for writing /dev/null a ruleset would cost every open.
	if !l.spec.Promises.Has(promises.Wpath) && (rights != 0 || l.spec.Unveil != nil) {
		rights |= landlock.Writing
	}
	return rights
}

// whitelisted limits reading without rpath to the whitelist and the loader's
// files, writing without wpath to the whitelist; everything else is the filter's.
func (l *launch) whitelisted(r *landlock.Ruleset, abi int) error {
	if abi < 1 {
		if l.spec.Promises.Has(promises.Rpath) {
			return nil // the filter refuses all opens for writing
		}
		if !l.spec.BestEffort {
			return lacking("running without a supervisor and without rpath", 1, abi)
		}
		l.spec.Report.Note("files can be opened for reading without rpath: this kernel has no Landlock")
		return nil
	}
	r.FS = l.unpromised()
	l.set |= promises.WritesListed
	r.Paths = append(l.programRules(), whitelist.Rules(whitelist.Entries(l.spec.Promises), l.spec.Promises)...)
	r.Paths = append(r.Paths, whitelist.Loading(l.spec.Promises, envValue(l.spec.Env, "PATH", ""))...)
	for i := range r.Paths {
		r.Paths[i].Access &= r.FS
	}
	return nil
}

// admits reports whether a rule that the launcher added of itself (the program,
// its libraries, the whitelist) gives the rights on a path.
func (l *launch) admits(path string, rights uint64) bool {
	const looked = landlock.ReadFile | landlock.WriteFile
	for _, r := range l.added {
		if beneath(path, r.Path) && rights&looked&^r.Access == 0 {
			return true
		}
	}
	return false
}
