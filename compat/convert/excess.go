package convert

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// act is something done with a path that words admit, and how policies call it.
type act struct {
	needs       promises.Set
	perm        unveil.Perms // that the path needs
	what        string
	names       []string
	alias, mode string // mode is the oflags of an open
}

const (
	rpath = promises.Set(1) << promises.Rpath
	wpath = promises.Set(1) << promises.Wpath
	cpath = promises.Set(1) << promises.Cpath
	dpath = promises.Set(1) << promises.Dpath
	execs = promises.Set(1) << promises.Exec
)

// acts are what the words on paths admit where a path has the permission.
var acts = []act{
	{rpath, r, "open to read", []string{"openat", "open"}, "fsread", "ro"},
	{wpath, w, "open to write", []string{"openat", "open"}, "fswrite", "wo"},
	{wpath, w, "truncate", []string{"truncate"}, "", ""},
	{cpath, cr, "create", []string{"creat", "openat", "open"}, "fswrite", "woc"},
	{cpath, cr, "mkdir", []string{"mkdirat", "mkdir"}, "fswrite", ""},
	{cpath, cr, "rmdir", []string{"unlinkat", "rmdir"}, "fswrite", ""},
	{cpath, cr, "unlink", []string{"unlinkat", "unlink"}, "fswrite", ""},
	{cpath, cr, "rename", []string{"renameat", "rename"}, "", ""},
	{cpath, cr, "link", []string{"linkat", "link"}, "", ""},
	{cpath, cr, "symlink", []string{"symlinkat", "symlink"}, "", ""},
	{dpath, cr, "mkfifo", []string{"mknodat", "mkfifo", "mknod"}, "", ""},
	{execs, x, "execute", []string{"execve"}, "", ""},
}

// excess finds what the words and paths admit and the policy refuses, and tells
// the rules that the words are for: one that needs a word for one call admits
// all that the word does.
func (c *conversion) excess(set promises.Set, list []Unveil) {
	p := c.compiled()
	if p == nil {
		return
	}
	for _, word := range []promises.Set{rpath, wpath, cpath, dpath, execs} {
		var what, names []string
		where := ""
		for _, a := range acts {
			if file, ok := c.refused(p, a, list); ok && a.needs == word && word&^set == 0 {
				what, names = append(what, a.what), append(names, a.names...)
				where = cmp.Or(where, file)
			}
		}
		if len(what) > 0 {
			c.blame(word, set, names, "%s admits more, which the policy refuses: %s, of %s for one", word, strings.Join(what, ", "), where)
		}
	}
	c.neighbours(set)
	c.refusals(set)
}

// refused looks for a path that the act is admitted on and the policy refuses.
func (c *conversion) refused(p *policy.Policy, a act, list []Unveil) (where string, ok bool) {
	perms := map[string]unveil.Perms{}
	for _, u := range list {
		perms[u.Path] = u.Perms
	}
	for _, s := range c.samples(list) {
		have, known := perms[s]
		if !known {
			have = inherited(perms, s)
		}
		if have&a.perm != 0 && !c.permits(p, a, s) {
			return s, true
		}
	}
	return "", false
}

// strangers are names of files that no policy has; parts of one may be in a rule.
var strangers = []string{"any-other-name", "Z9"}

// samples are paths to ask about: those unveiled, those that the policy names,
// and others in the same directories.
func (c *conversion) samples(list []Unveil) []string {
	found := map[string]bool{}
	add := func(p string) {
		for d := path.Dir(p); d != "/" && d != "."; d = path.Dir(d) {
			if c.options.Exists(d) && !c.options.IsDir(d) && !strings.HasPrefix(d, variable) {
				return // nothing lies below a file
			}
		}
		found[p] = true
	}
	operands, pieces := c.operands()
	// A rule may be about where a file is and what it is called together.
	names := slices.Concat(strangers, pieces, []string{strings.Join(pieces, "-")})
	for _, u := range list {
		if c.options.IsDir(u.Path) {
			for _, name := range names {
				add(path.Join(u.Path, name))
			}
			continue
		}
		add(u.Path)
	}
	for _, operand := range operands {
		add(operand)
		for _, name := range names {
			add(path.Join(operand, name))
			add(operand + "-" + name)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// filled makes a name of a pattern.
var filled = strings.NewReplacer("*", "Z9", "?", "Z")

// operands are the paths that the policy's comparisons begin with or match, and
// pieces of names that others look for.
func (c *conversion) operands() (list, pieces []string) {
	for _, e := range c.policy.entries {
		for _, t := range e.terms {
			for _, l := range t {
				operand, missing := substitute(strings.TrimPrefix(l.Operand, "^"), c.options)
				if missing != "" || strings.Contains(operand, "<") {
					continue
				}
				begin := operand
				if i := strings.IndexAny(operand, globs); i >= 0 {
					begin = operand[:i]
				}
				for _, text := range []string{begin, filled.Replace(operand)} {
					text = c.inRoot(strings.TrimSuffix(text, "/"))
					switch {
					case strings.HasPrefix(text, "/"):
						list = append(list, text)
					case text != "" && text != ".":
						pieces = append(pieces, text)
					}
				}
			}
		}
	}
	slices.Sort(pieces)
	return list, slices.Compact(pieces)
}

// permits asks the policy about an act on a path, by each name that it may have
// there.
func (c *conversion) permits(p *policy.Policy, a act, file string) bool {
	for _, text := range c.spellings(file) {
		arg := policy.Arg{Name: "filename", Text: text}
		q := policy.Question{Names: a.names, Alias: a.alias, Args: []policy.Arg{arg, arg, {Name: "oflags", Text: a.mode}}, AliasArgs: []policy.Arg{arg}}
		if v := p.Decide(&q); v.Covered && v.Action == syntax.Permit {
			return true
		}
	}
	return false
}

// spellings are the texts that a path of Linux may have in the policy.
func (c *conversion) spellings(file string) []string {
	if root := path.Clean(c.options.Root); c.options.Root != "" && root != "/" {
		file = "/" + strings.TrimPrefix(strings.TrimPrefix(file, root), "/")
	}
	if rest, ok := strings.CutPrefix(file, "."); ok && (rest == "" || rest[0] == '/') {
		return []string{file, "$CWD" + rest}
	}
	list := []string{file}
	if c.names(func(operand string) bool { return strings.HasSuffix(operand, "/.") }) {
		list = append(list, file+"/.")
	}
	for _, l := range linuxPaths {
		for _, q := range l.linux {
			rest, ok := strings.CutPrefix(file, q)
			if bsd := strings.TrimSuffix(l.bsd, "/**"); ok && (rest == "" || rest[0] == '/') && bsd != q {
				list = append(list, bsd+rest)
			}
		}
	}
	for _, root := range emulRoots {
		if c.names(func(operand string) bool { return strings.HasPrefix(operand, root+"/") }) {
			list = append(list, root+file)
		}
	}
	for name, value := range c.options.Vars {
		if rest, ok := strings.CutPrefix(file, value); ok && value != "" {
			list = append(list, "${"+name+"}"+rest, "@@"+name+"@@"+rest)
		}
	}
	return list
}

// names tells whether the policy compares with something like that.
func (c *conversion) names(like func(operand string) bool) bool {
	return slices.ContainsFunc(c.policy.entries, func(e *entry) bool {
		return slices.ContainsFunc(e.terms, func(t term) bool {
			return slices.ContainsFunc(t, func(l literal) bool { return like(l.Operand) })
		})
	})
}

// blame tells the first rule that needs one of the words, and all that refuse the
// calls by name.
func (c *conversion) blame(words, set promises.Set, names []string, format string, args ...any) {
	guilty := c.culprit(words, set)
	for _, e := range c.policy.entries {
		if e == guilty || e.rule.Action == syntax.Deny && !e.dead && slices.Contains(names, e.rule.Call) {
			e.note(Wider, format, args...)
		}
	}
}

// culprit is the first rule that permits something by one of the words.
func (c *conversion) culprit(words, set promises.Set) *entry {
	for _, e := range c.policy.entries {
		if slices.ContainsFunc(c.examples, func(x example) bool { return x.entry == e && !admitted(x.call, x.args, set&^words) }) {
			return e
		}
	}
	for _, e := range c.policy.entries {
		if e.permits() && e.call != nil && slices.ContainsFunc(e.call.Promises, func(word string) bool {
			p, ok := promises.ParseWord(word)
			return ok && words&p.Set() != 0
		}) {
			return e
		}
	}
	return c.policy.entries[0] // words come from rules
}

// neighbours are calls without paths that the words beyond stdio admit besides,
// and that the policy could have permitted and did not.
func (c *conversion) neighbours(set promises.Set) {
	inverse := calls.Inverse(c.section.Emulation)
	found := map[promises.Set][]string{}
	for _, rule := range slices.Concat(rules.Tables()...) {
		call := rule.Call
		names := slices.Concat(inverse[call].Exact, inverse[call].Nearest)
		if len(names) == 0 || c.aboutPaths(call, names) || c.anyPermits(names) {
			continue
		}
		for _, args := range examplesOf(call) {
			if !admitted(call, args, set) || admitted(call, args, promises.Stdio.Set()) {
				continue
			}
			word := admitting(call, args, set)
			found[word] = append(found[word], call)
		}
	}
	for _, word := range slices.SortedFunc(maps.Keys(found), func(a, b promises.Set) int { return cmp.Compare(a, b) }) {
		list := found[word]
		slices.Sort(list)
		list = slices.Compact(list)
		var names []string
		for _, call := range list {
			names = slices.Concat(names, inverse[call].Exact, inverse[call].Nearest)
		}
		c.blame(word, set, names, "%s admits more, which no rule permits: %s", word, strings.Join(list, ", "))
	}
}

// admitting is the first word that a call could not be made without, or that
// admits it alone.
func admitting(call string, args [6]uint64, set promises.Set) promises.Set {
	for _, p := range set.Promises() {
		alone := admitted(call, args, p.Set()|promises.Stdio.Set())
		if p != promises.Stdio && (alone || !admitted(call, args, set&^p.Set())) {
			return p.Set()
		}
	}
	return set
}

// aboutPaths tells whether a call has a path, so that acts speak of it, or stands
// for one of fsread and fswrite.
func (c *conversion) aboutPaths(call string, names []string) bool {
	return kinds[call].path || slices.ContainsFunc(names, func(name string) bool {
		known, ok := calls.Lookup(c.section.Emulation, name)
		return ok && known.Alias != ""
	})
}

// examplesOf are arguments with which a call is judged.
func examplesOf(call string) [][6]uint64 {
	switch call {
	case "clone":
		return [][6]uint64{{17}}
	case "kill":
		return [][6]uint64{{1, 15}}
	case "socket":
		return [][6]uint64{{2, 1, 6}, {1, 1, 0}}
	case "mmap":
		return [][6]uint64{{0, 4096, 7, 0x22}}
	case "mprotect":
		return [][6]uint64{{0x1000, 4096, 5}}
	}
	return append([][6]uint64{{}}, exampleArgs[call]...)
}

// anyPermits tells whether some rule permits a call of one of the names. What
// its conditions lose is told with the rule.
func (c *conversion) anyPermits(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(c.policy.byCall[name], (*entry).permits)
	})
}

// refusals are rules that refuse a call that the words admit all the same, as
// stdio does what every program needs.
func (c *conversion) refusals(set promises.Set) {
	for _, e := range c.policy.entries {
		if e.dead || e.call == nil || e.rule.Action == syntax.Permit || len(e.call.Linux) == 0 || e.call.Fidelity == calls.Alias {
			continue
		}
		call := kindName(e.call)
		if kinds[call].path || c.anyPermits([]string{e.rule.Call}) {
			continue
		}
		for _, args := range examplesOf(call) {
			if admitted(call, args, set) {
				e.note(Wider, "permitted: %s has %s", set, call)
				break
			}
		}
	}
}
