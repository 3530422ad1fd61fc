package syntax

import (
	"strconv"
	"strings"
)

// maxDepth bounds how deep expressions nest.
const maxDepth = 1000

// ParseRule reads what stands after "EMULATION-CALL: ", as in a file or as the
// answer in a dialogue, where the -now forms are meant. The error is an
// [*Error] without a file.
func ParseRule(text string) (*Rule, error) {
	r := &Rule{Pos: Pos{Line: 1, Col: 1}, Source: text}
	if r.simple(text) {
		return r, nil
	}
	if err := r.filter(text, 0); err != nil {
		return nil, err
	}
	return r, nil
}

// simple reads "permit", "deny" and "deny[error]", and nothing else.
func (r *Rule) simple(text string) bool {
	head, name, bracket := strings.Cut(text, "[")
	if bracket && !strings.HasSuffix(name, "]") {
		return false
	}
	now := strings.HasSuffix(head, "-now")
	switch strings.TrimSuffix(head, "-now") {
	case "permit":
		if bracket {
			return false
		}
		r.Action = Permit
	case "deny":
		if bracket {
			e, ok := ErrnoByName(strings.TrimSuffix(name, "]"))
			if !ok {
				return false
			}
			r.Error = e.Name
		}
		r.Action = Deny
	default:
		return false
	}
	r.Simple, r.Now = true, now
	return true
}

// filter reads an expression and what follows from it. shift is how far text
// is from r.Pos.
func (r *Rule) filter(text string, shift int) error {
	p := &parser{lex: lexer{text: text}, base: r.Pos, shift: shift}
	p.advance()
	r.Expr = p.expression(0)
	p.tail(r)
	if p.err != nil {
		return p.err
	}
	return nil
}

// parser reads one rule. After the first fault every method does nothing.
type parser struct {
	lex   lexer
	tok   token
	base  Pos
	shift int
	err   *Error
}

func (p *parser) pos(at int) Pos {
	pos := p.base
	pos.Col += at + p.shift
	return pos
}

func (p *parser) fail(e *Error) {
	if p.err == nil {
		e.Pos = p.pos(p.tok.at)
		p.err = e
	}
	p.tok.kind, p.tok.text = endToken, ""
}

func (p *parser) advance() {
	if p.err != nil {
		return
	}
	tok, err := p.lex.next()
	p.tok = tok
	if err != nil {
		p.fail(err)
	}
}

func (p *parser) unexpected(want string) {
	p.fail(&Error{Msg: "unexpected " + p.tok.describe(), Want: want})
}

func (t token) describe() string {
	switch t.kind {
	case endToken:
		return "end of the rule"
	case stringToken:
		return strconv.Quote(t.text)
	}
	return "'" + t.text + "'"
}

// is tells whether the token is that keyword or punctuation.
func (p *parser) is(text string) bool {
	return (p.tok.kind == keywordToken || p.tok.kind == punctToken) && p.tok.text == text
}

// accept skips a keyword or punctuation.
func (p *parser) accept(text string) bool {
	if !p.is(text) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(text string) {
	if !p.accept(text) {
		p.unexpected("'" + text + "'")
	}
}

// text takes a token of that kind and returns its text.
func (p *parser) text(kind tokenKind, what string) string {
	t := p.tok
	if t.kind != kind {
		p.unexpected(what)
		return ""
	}
	p.advance()
	return t.text
}

// expression: the grammar has no precedence; everything associates to the
// right, and "not" takes all that follows.
func (p *parser) expression(depth int) Expr {
	if depth > maxDepth {
		p.fail(&Error{Msg: "expression nested too deep"})
		return True{}
	}
	if p.accept("not") {
		return Not{p.expression(depth + 1)}
	}
	x := p.operand(depth)
	switch {
	case p.accept("and"):
		return And{x, p.expression(depth + 1)}
	case p.accept("or"):
		return Or{x, p.expression(depth + 1)}
	}
	return x
}

func (p *parser) operand(depth int) Expr {
	if p.accept("(") {
		x := p.expression(depth + 1)
		p.expect(")")
		return x
	}
	if p.accept("true") {
		return True{}
	}
	return p.condition()
}

func (p *parser) condition() Expr {
	c := &Cond{Pos: p.pos(p.tok.at), Index: -1}
	c.Name = p.text(wordToken, "an argument's name, 'true', 'not' or '('")
	if p.accept("[") {
		c.Index = p.offset()
		p.expect("]")
	}
	op, ok := opByName(p.tok)
	if !ok {
		p.unexpected("match, eq, neq, sub, nsub, inpath or re")
	}
	c.Op = op
	p.advance()
	c.Operand = p.text(stringToken, "an operand in quotes")
	return c
}

func opByName(t token) (Op, bool) {
	for i, name := range ops {
		if t.kind == keywordToken && t.text == name {
			return Op(i), true
		}
	}
	return 0, false
}

// offset reads an index. The original read it into 32 bits before it looked.
func (p *parser) offset() int {
	at := p.tok
	n := number32(p.text(numberToken, "a number"))
	if n < 0 || n > 9 {
		p.tok = at
		p.fail(&Error{Fault: BadOffset, Msg: "bad offset " + strconv.Itoa(int(n)), Want: "0 to 9"})
	}
	return int(n)
}

// number32 keeps the low 32 bits of a decimal number, as the original did.
func number32(s string) int32 {
	var n uint32
	for i := 0; i < len(s); i++ {
		n = n*10 + uint32(s[i]-'0')
	}
	return int32(n)
}

// tail reads "then ACTION [flag] log as ..., if ...".
func (p *parser) tail(r *Rule) {
	if !p.accept("->") && !p.accept("then") {
		p.unexpected("'then', 'and' or 'or'")
	}
	p.action(r)
	r.Log = p.accept("log")
	if p.accept("as") {
		p.elevation(r)
	}
	if p.accept(",") {
		p.predicate(r)
	}
	if p.tok.kind != endToken {
		p.unexpected("the end of the rule")
	}
}

func (p *parser) action(r *Rule) {
	switch {
	case p.accept("permit"):
		r.Action = Permit
	case p.accept("deny"):
		r.Action = Deny
	case p.accept("ask"):
		r.Action = Ask
	default:
		p.unexpected("permit, deny or ask")
	}
	if p.accept("[") {
		p.modifier(r)
		p.expect("]")
	}
}

// modifier reads what stands in brackets. After ask it means nothing.
func (p *parser) modifier(r *Rule) {
	at := p.tok
	word := p.text(wordToken, "a name")
	fail := func(e *Error) { p.tok = at; p.fail(e) }
	if p.err != nil || r.Action == Ask {
		return
	}
	if r.Action == Deny {
		e, ok := ErrnoByName(word)
		if !ok {
			fail(&Error{Fault: UnknownError, Msg: "unknown error code " + word, Want: "a name such as EPERM or ENOENT"})
		}
		r.Error = e.Name
		return
	}
	switch strings.ToLower(word) {
	case "inherit":
		r.Flags = Inherit
	case "detach":
		r.Flags = Detach
	default:
		fail(&Error{Fault: UnknownFlag, Msg: "unknown flag " + word, Want: "inherit or detach"})
	}
}

func (p *parser) elevation(r *Rule) {
	r.As = &Elevation{}
	if !p.is(":") {
		r.As.User = p.id("a user")
	}
	if p.accept(":") {
		r.As.Group = p.id("a group")
	}
}

// id reads a name or a number.
func (p *parser) id(what string) string {
	if p.tok.kind == numberToken {
		return p.text(numberToken, what)
	}
	return p.text(wordToken, what)
}

func (p *parser) predicate(r *Rule) {
	p.expect("if")
	q := &Predicate{}
	switch {
	case p.accept("user"):
	case p.accept("group"):
		q.Group = true
	default:
		p.unexpected("user or group")
	}
	for _, op := range []string{"=", "!=", "<", ">"} {
		if q.Op == "" && p.accept(op) {
			q.Op = op
		}
	}
	if q.Op == "" {
		p.unexpected("=, !=, < or >")
	}
	q.ID = p.id("a name or a number")
	r.If = q
}

// Number returns the id that s spells in digits, as the original read it into
// 32 bits; ok is false if s is a name.
func Number(s string) (id uint32, ok bool) {
	if s == "" || !isDigit(s[0]) {
		return 0, false
	}
	return uint32(number32(s)), true
}
