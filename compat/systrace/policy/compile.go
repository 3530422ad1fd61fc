package policy

import (
	"errors"
	"regexp"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// Env is what a policy is compiled for.
type Env struct {
	// Root says that systrace runs as root: it may elevate, and the ids and
	// names below are the traced process's. Otherwise they are systrace's own.
	Root bool

	UID, GID        uint32
	Home, User, Cwd string // $HOME: the passwd directory; $CWD: where systrace was started

	// UserID and GroupID look names up.
	UserID  func(name string) (uint32, bool)
	GroupID func(name string) (uint32, bool)
}

// IsAlias tells whether a name is not a system call but stands for several.
func IsAlias(name string) bool { return name == "fsread" || name == "fswrite" || name == "_socketcall" }

// Compile compiles a section. The error joins those of all rules, each a
// [*syntax.Error].
func Compile(s *syntax.Section, env *Env) (*Policy, error) {
	p := &Policy{Name: s.Name, Emulation: s.Emulation, Detached: s.Detached, Len: len(s.Rules), OnlyPermits: true, calls: map[string]*rules{}}
	var errs []error
	if err := CheckEmulation(s); err != nil {
		errs = append(errs, err)
	}
	for _, rule := range s.Rules {
		p.OnlyPermits = p.OnlyPermits && rule.Action == syntax.Permit && rule.As == nil
		p.Releases = p.Releases || rule.Flags&syntax.Detach != 0
		if err := p.add(rule, env); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, r := range p.calls {
		r.index = newIndex(r.filters)
	}
	return p, nil
}

// CheckEmulation returns an error for an emulation that systrace did not know.
func CheckEmulation(s *syntax.Section) error {
	if s.Emulation == "" || calls.IsEmulation(s.Emulation) {
		return nil
	}
	return &syntax.Error{Pos: s.Pos, Msg: "unknown emulation " + s.Emulation, Want: strings.Join(calls.Emulations, ", ")}
}

func (p *Policy) add(rule *syntax.Rule, env *Env) error {
	f, active, err := compileRule(rule, env)
	if err != nil || !active {
		return err
	}
	r := p.calls[rule.Call]
	if r == nil {
		r = &rules{}
		p.calls[rule.Call] = r
	}
	// A simple rule decides before all filters of its call, and the last one
	// counts; for an alias it is a filter like others.
	if rule.Simple && !IsAlias(rule.Call) {
		r.simple = f
		return nil
	}
	r.filters = append(r.filters, f)
	return nil
}

// filter is a compiled rule.
type filter struct {
	rule  *syntax.Rule
	cond  condition
	errno syntax.Errno
	as    *Credentials

	keys []key // every call that it matches has one of these; nil if unknown
}

// compileRule returns a filter, and whether its predicate holds. A rule that
// is not active must be correct nevertheless.
func compileRule(rule *syntax.Rule, env *Env) (f *filter, active bool, err error) {
	f, active = &filter{rule: rule, cond: always{}}, true
	if rule.Action == syntax.Deny {
		name := rule.Error
		if name == "" {
			name = "EPERM"
		}
		f.errno, _ = syntax.ErrnoByName(name)
	}
	if rule.Expr != nil {
		if f.cond, err = compileExpr(rule.Expr, env); err != nil {
			return nil, false, err
		}
		if keys, ok := keysOf(f.cond); ok {
			f.keys = keys
		}
	}
	if rule.As != nil {
		if f.as, err = elevation(rule, env); err != nil {
			return nil, false, err
		}
	}
	if rule.If != nil {
		active, err = predicate(rule, env)
	}
	return f, active, err
}

func fault(pos syntax.Pos, kind syntax.Fault, msg string) error {
	return &syntax.Error{Pos: pos, Fault: kind, Msg: msg}
}

func elevation(rule *syntax.Rule, env *Env) (*Credentials, error) {
	c := &Credentials{}
	if rule.As.User != "" {
		id, ok := lookup(rule.As.User, env.UserID)
		if !ok {
			return nil, fault(rule.Pos, syntax.UnknownUser, "unknown user "+rule.As.User)
		}
		c.UID = &id
	}
	if rule.As.Group != "" {
		id, ok := lookup(rule.As.Group, env.GroupID)
		if !ok {
			return nil, fault(rule.Pos, syntax.UnknownGroup, "unknown group "+rule.As.Group)
		}
		c.GID = &id
	}
	if !env.Root {
		return nil, fault(rule.Pos, syntax.NoElevation, "\"as\" needs systrace to run as root")
	}
	return c, nil
}

func lookup(name string, byName func(string) (uint32, bool)) (uint32, bool) {
	if id, ok := syntax.Number(name); ok {
		return id, true
	}
	if byName == nil {
		return 0, false
	}
	return byName(name)
}

// predicate decides ", if". Ids are compared as numbers without a sign.
func predicate(rule *syntax.Rule, env *Env) (bool, error) {
	own, byName, kind, what := env.UID, env.UserID, syntax.UnknownUser, "user "
	if rule.If.Group {
		own, byName, kind, what = env.GID, env.GroupID, syntax.UnknownGroup, "group "
	}
	id, ok := lookup(rule.If.ID, byName)
	if !ok {
		return false, fault(rule.Pos, kind, "unknown "+what+rule.If.ID)
	}
	switch rule.If.Op {
	case "=":
		return own == id, nil
	case "!=":
		return own != id, nil
	case "<":
		return own < id, nil
	}
	return own > id, nil
}

// condition is a compiled expression.
type condition interface{ holds(args []Arg) bool }

type (
	always struct{}
	never  struct{}
	not    struct{ x condition }
	both   struct{ x, y condition }
	either struct{ x, y condition }

	compare struct {
		name    string // lower case
		index   int
		op      syntax.Op
		operand string
		re      *regexp.Regexp
	}
)

func (always) holds([]Arg) bool   { return true }
func (never) holds([]Arg) bool    { return false }
func (c not) holds(a []Arg) bool  { return !c.x.holds(a) }
func (c both) holds(a []Arg) bool { return c.x.holds(a) && c.y.holds(a) }
func (c either) holds(a []Arg) bool {
	return c.x.holds(a) || c.y.holds(a)
}

// holds: an argument that the call does not have makes every comparison false,
// neq and nsub too.
func (c *compare) holds(args []Arg) bool {
	text, ok := find(args, c.name, c.index)
	if !ok {
		return false
	}
	switch c.op {
	case syntax.Match:
		return Fnmatch(c.operand, text)
	case syntax.Eq:
		return equalFold(text, c.operand)
	case syntax.Neq:
		return !equalFold(text, c.operand)
	case syntax.Sub:
		return strings.Contains(text, c.operand)
	case syntax.Nsub:
		return !strings.Contains(text, c.operand)
	case syntax.Inpath:
		return inpath(text, c.operand)
	}
	return matchERE(c.re, text)
}

// Holds tells whether a comparison holds for an argument's text. Variables
// stand for themselves; an invalid regular expression matches nothing.
func Holds(c *syntax.Cond, text string) bool {
	x, err := compileCond(c, &Env{Home: "$HOME", User: "$USER", Cwd: "$CWD"})
	return err == nil && x.holds([]Arg{{Name: c.Name, Text: text}})
}

// inpath tells whether path is dir or a directory above dir.
func inpath(path, dir string) bool {
	if path == "" || dir == "" || path == "/" {
		return path == "/" && dir != ""
	}
	return strings.HasPrefix(dir, path) && (len(dir) == len(path) || dir[len(path)] == '/')
}

// equalFold compares without regard to the case of ASCII letters.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func compileExpr(e syntax.Expr, env *Env) (condition, error) {
	switch x := e.(type) {
	case syntax.True:
		return always{}, nil
	case syntax.Not:
		c, err := compileExpr(x.X, env)
		return not{c}, err
	case syntax.And:
		a, b, err := compilePair(x.X, x.Y, env)
		return both{a, b}, err
	case syntax.Or:
		a, b, err := compilePair(x.X, x.Y, env)
		return either{a, b}, err
	}
	return compileCond(e.(*syntax.Cond), env)
}

func compilePair(x, y syntax.Expr, env *Env) (a, b condition, err error) {
	if a, err = compileExpr(x, env); err != nil {
		return nil, nil, err
	}
	b, err = compileExpr(y, env)
	return a, b, err
}

func compileCond(x *syntax.Cond, env *Env) (condition, error) {
	c := &compare{name: strings.ToLower(x.Name), index: max(x.Index, 0), op: x.Op, operand: env.expandFor(x.Op, x.Operand)}
	if x.Op != syntax.Re {
		return c, nil
	}
	re, err := compileERE(c.operand)
	switch {
	case err == nil:
		c.re = re
		return c, nil
	case env.Root && HasVariable(x.Operand):
		return never{}, nil
	}
	return nil, fault(x.Pos, syntax.BadRegexp, "invalid regular expression "+syntax.Quote(x.Operand)+": "+err.Error())
}
