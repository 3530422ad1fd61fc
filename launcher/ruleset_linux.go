package launcher

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/elfdeps"
	"github.com/pledge-linux/pledge/internal/landlock"
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
	case l.set&promises.Unsupervised != 0 && !s.Promises.Has(promises.Rpath):
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
	r.FS = landlock.Handled(abi)
	l.added = append(l.programRules(), whitelistRules(s.Promises)...)
	r.Paths = append(rules, l.added...)
	return nil
}

// programRules admit the files that start the program: executing it and its
// interpreters, reading its libraries.
func (l *launch) programRules() []landlock.PathRule {
	var rules []landlock.PathRule
	for _, f := range l.image.chain {
		rules = append(rules, landlock.PathRule{Path: f, Access: landlock.Execute | landlock.ReadFile})
	}
	deps := elfdeps.Of(l.image.chain[len(l.image.chain)-1], envValue(l.spec.Env, "LD_LIBRARY_PATH", ""), envValue(l.spec.Env, "LD_PRELOAD", ""))
	if deps.Interpreter != "" {
		rules = append(rules, landlock.PathRule{Path: deps.Interpreter, Access: landlock.Execute | landlock.ReadFile})
	}
	for _, f := range append(deps.Libraries, deps.Config...) {
		rules = append(rules, landlock.PathRule{Path: f, Access: landlock.ReadFile})
	}
	return rules
}

// whitelistRules repeat the whitelist, which pierces unveil. Rules attach to
// files that exist now; a link is followed only where its target may lie.
func whitelistRules(s promises.Set) []landlock.PathRule {
	var rules []landlock.PathRule
	for _, f := range promises.Files {
		if s&promises.Unpledged != 0 || f.Needs&^s != 0 || strings.Contains(f.Path, "*/") {
			continue
		}
		path := strings.TrimSuffix(f.Path, "/**")
		real, err := filepath.EvalSymlinks(path)
		if err != nil || !whitelistTarget(f.Path, real) || path == f.Path && isDir(real) {
			continue // a rule on a directory would be one on all below it
		}
		access := uint64(landlock.ReadFile)
		if f.Write {
			access |= landlock.WriteFile | landlock.IoctlDev
		}
		rules = append(rules, landlock.PathRule{Path: real, Access: access})
	}
	return rules
}

// whitelistTarget says where a whitelisted name may lead: nowhere else, or, for
// files that are commonly links, into the directories that are meant.
func whitelistTarget(name, real string) bool {
	if strings.TrimSuffix(name, "/**") == real {
		return true
	}
	for _, dir := range []string{"/usr/share/zoneinfo/", "/run/", "/etc/", "/usr/etc/", "/usr/lib/", "/nix/store/"} {
		if strings.HasPrefix(real, dir) {
			return true
		}
	}
	return false
}

// whitelisted limits reading, in place and without rpath, to the whitelist and
// the loader's files; everything else is the filter's.
func (l *launch) whitelisted(r *landlock.Ruleset, abi int) error {
	if abi < 1 {
		if !l.spec.BestEffort {
			return lacking("running without a supervisor and without rpath", 1, abi)
		}
		l.spec.Report.Note("files can be opened for reading without rpath: this kernel has no Landlock")
		return nil
	}
	r.FS = landlock.ReadFile | landlock.ReadDir
	r.Paths = append(l.programRules(), whitelistRules(l.spec.Promises)...)
	for _, dir := range libraryDirs {
		if _, err := os.Stat(dir); err == nil {
			r.Paths = append(r.Paths, landlock.PathRule{Path: dir, Access: landlock.ReadFile})
		}
	}
	if l.spec.Promises.Has(promises.Exec) {
		// The kernel reads a program with the rights of who executes it.
		for _, dir := range filepath.SplitList(envValue(l.spec.Env, "PATH", "")) {
			if _, err := os.Stat(dir); err == nil && filepath.IsAbs(dir) {
				r.Paths = append(r.Paths, landlock.PathRule{Path: dir, Access: landlock.ReadFile})
			}
		}
	}
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

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
