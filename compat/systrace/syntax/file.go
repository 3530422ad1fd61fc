package syntax

import (
	"bytes"
	"errors"
	"strings"
)

// Options say how a file is read.
type Options struct {
	// Strict accepts what systrace 1.6g accepted, and no more: the last line
	// needs its newline, a line of a lone carriage return is an error, and
	// what stands before the first error is returned with it.
	Strict bool
	// Fragment reads rules before the first header as a section of this name;
	// "" makes them an error. The section's emulation is that of its first rule.
	Fragment string
}

// Parse reads a policy file or a template. It returns no file with an error,
// unless o.Strict; the error joins up to ten of type [*Error].
func Parse(name string, src []byte, o Options) (*File, error) {
	r := &reader{file: &File{Name: name}, options: o}
	r.lines(src)
	r.file.Tail = r.lead
	if err := errors.Join(r.errs...); err != nil {
		if o.Strict {
			return r.file, err
		}
		return nil, err
	}
	return r.file, nil
}

// reader goes through a file line by line.
type reader struct {
	file    *File
	options Options
	section *Section // nil before the first header and after "detached"
	lead    []string
	pos     Pos // of the line at hand
	errs    []error
}

func (r *reader) lines(src []byte) {
	for n := 1; len(src) > 0; n++ {
		line, rest, ended := bytes.Cut(src, []byte("\n"))
		r.pos = Pos{r.file.Name, n, 1}
		if !r.line(string(line), ended) && (r.options.Strict || len(r.errs) >= maxErrors) {
			return
		}
		src = rest
	}
}

// line reads one line. It returns false after an error.
func (r *reader) line(raw string, ended bool) bool {
	switch {
	case len(raw) > MaxLine:
		return r.fail(&Error{Fault: TooLong, Msg: "line longer than 2046 bytes"})
	case !ended && r.options.Strict:
		return r.fail(&Error{Fault: TooLong, Msg: "last line has no newline"})
	case strings.IndexByte(raw, 0) >= 0:
		r.pos.Col += strings.IndexByte(raw, 0)
		return r.fail(&Error{Msg: "NUL byte: this is no policy file"})
	}
	body := strings.TrimLeft(raw, " \t")
	r.pos.Col += len(raw) - len(body)
	body, comment := r.cut(body)
	if r.options.Strict && body != "" && strings.Trim(body, " \t\n\v\f\r") == "" && comment == "" {
		return r.fail(&Error{Msg: "carriage return alone on a line"})
	}
	body = strings.TrimRight(body, " \t\n\v\f\r")
	if body == "" {
		r.lead = append(r.lead, comment)
		return true
	}
	return r.statement(body, comment)
}

// cut cuts a comment off, as the original did; only if that leaves no rule, and
// reading quotes with their escapes does, that is meant.
func (r *reader) cut(s string) (body, comment string) {
	if hasPrefixFold(s, `policy: "`) && !r.options.Strict {
		return cutComment(s, true)
	}
	body, comment = cutComment(s, false)
	if r.options.Strict || !strings.Contains(s, `\"`) || isRule(body) {
		return body, comment
	}
	if b, c := cutComment(s, true); b != body && isRule(b) {
		r.warn(`systrace would have cut this line at a "#" inside quotes, and refused it`)
		return b, c
	}
	return body, comment
}

func isRule(body string) bool {
	_, text, _ := strings.Cut(body, ": ")
	_, err := ParseRule(strings.TrimRight(text, " \t\r"))
	return err == nil
}

// cutComment cuts at the first "#" outside quotes that follows no dash. The
// original took no notice of escapes when it looked for quotes.
func cutComment(s string, escapes bool) (body, comment string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted && escapes:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '#' && !quoted && (i == 0 || s[i-1] != '-'):
			return s[:i], strings.TrimRight(s[i:], " \t\r")
		}
	}
	return s, ""
}

func (r *reader) fail(e *Error) bool {
	if e.Pos.Line == 0 {
		e.Pos = r.pos
	}
	r.errs = append(r.errs, e)
	return false
}

func (r *reader) warn(msg string) {
	r.file.Warnings = append(r.file.Warnings, Warning{r.pos, msg})
}

func (r *reader) takeLead() []string {
	lead := r.lead
	r.lead = nil
	return lead
}

// statement reads a header, "detached" or a rule.
func (r *reader) statement(body, comment string) bool {
	if s, err := r.header(body); s != nil || err != nil {
		if err != nil {
			return r.fail(err)
		}
		s.Pos, s.Comment, s.Lead = r.pos, comment, r.takeLead()
		r.section = s
		r.file.Sections = append(r.file.Sections, s)
		return true
	}
	if r.section != nil && r.section.Kind == Policy && hasPrefixFold(body, "detached") {
		return r.detached(body)
	}
	if r.section == nil && !r.fragment() {
		return r.fail(&Error{Msg: "rule before any header", Want: `"Policy: PATH, Emulation: NAME"`})
	}
	return r.rule(body, comment)
}

func (r *reader) detached(body string) bool {
	if !strings.EqualFold(body, "detached") {
		r.warn("read as detached, as systrace did with every line that begins so")
	}
	r.section.Detached, r.section.Released = true, r.takeLead()
	r.section = nil
	return true
}

func (r *reader) fragment() bool {
	if r.options.Fragment == "" || len(r.file.Sections) > 0 {
		return false
	}
	r.section = &Section{Pos: r.pos, Kind: Fragment, Name: r.options.Fragment}
	r.file.Sections = append(r.file.Sections, r.section)
	return true
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// header reads a section's first line; both results are nil if it is none.
func (r *reader) header(body string) (*Section, *Error) {
	switch {
	case hasPrefixFold(body, "policy: "):
		return r.policyHeader(body[len("policy: "):])
	case hasPrefixFold(body, "template: "):
		return r.templateHeader(body[len("template: "):])
	}
	return nil, nil
}

func (r *reader) policyHeader(rest string) (*Section, *Error) {
	name, rest, ok := r.name(rest)
	if !ok || !hasPrefixFold(rest, " emulation: ") {
		return nil, &Error{Msg: "header without an emulation", Want: `"Policy: PATH, Emulation: NAME" with one space after each colon and comma`}
	}
	emulation := rest[len(" emulation: "):]
	if strings.ContainsAny(emulation, " \t,") {
		r.warn("the emulation is the rest of the line, \"" + emulation + "\": no rule can belong to it")
	}
	return &Section{Kind: Policy, Name: name, Emulation: emulation}, nil
}

// name cuts the name off, which may be in quotes; the original knew none around
// it.
func (r *reader) name(s string) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) || r.options.Strict {
		return strings.Cut(s, ",")
	}
	l := lexer{text: s}
	t, err := l.quoted()
	if err != nil {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(s[l.at:], ",")
	return t.text, rest, ok
}

func (r *reader) templateHeader(rest string) (*Section, *Error) {
	want := `"Template: NAME, Emulation: NAME, Description: TEXT"`
	name, rest, ok := strings.Cut(rest, ",")
	if !ok || !hasPrefixFold(rest, " emulation: ") {
		return nil, &Error{Msg: "template without an emulation", Want: want}
	}
	rest = rest[len(" emulation: "):]
	n := strings.IndexAny(rest, ", ")
	if n < 0 || !hasPrefixFold(rest[n:], ", description: ") {
		return nil, &Error{Msg: "template without a description", Want: want}
	}
	return &Section{Kind: Template, Name: name, Emulation: rest[:n], Description: rest[n+len(", description: "):]}, nil
}

// rule reads "EMULATION-CALL: RULE".
func (r *reader) rule(body, comment string) bool {
	emulation, rest, dash := strings.Cut(body, "-")
	call, text, colon := strings.Cut(rest, ":")
	if !dash || !colon || !strings.HasPrefix(text, " ") || emulation == "" || call == "" {
		return r.fail(&Error{Msg: "no rule", Want: `"EMULATION-CALL: RULE", with one space after the colon`})
	}
	text = text[1:]
	s := r.section
	if s.Kind == Fragment && s.Emulation == "" {
		s.Emulation = emulation
	}
	if emulation != s.Emulation {
		return r.fail(&Error{Msg: "rule of emulation " + emulation, Want: s.Emulation + ", as the header says"})
	}
	rule := &Rule{Pos: r.pos, Emulation: emulation, Call: call, Source: text, Comment: comment}
	if err := r.text(rule, text, len(body)-len(text)); err != nil {
		return r.fail(err)
	}
	if rule.Now {
		return r.fail(&Error{Msg: "-now rules are answers in a dialogue", Want: "permit or deny"})
	}
	r.remark(rule)
	rule.Lead = r.takeLead()
	s.Rules = append(s.Rules, rule)
	return true
}

// text reads what stands after the colon. "permit, if ..." is a filter.
func (r *reader) text(rule *Rule, text string, shift int) *Error {
	if rule.simple(text) {
		return nil
	}
	if i := strings.LastIndexByte(text, ','); i >= 0 && hasPrefixFold(text[i+1:], " if") {
		if new(Rule).simple(text[:i]) {
			const always = "true then "
			text, shift = always+text, shift-len(always)
		}
	}
	if err := rule.filter(text, shift); err != nil {
		return err.(*Error)
	}
	return nil
}

// remark warns of what the original read in silence.
func (r *reader) remark(rule *Rule) {
	if rule.Action == Ask && strings.Contains(afterThen(rule.Source), "[") {
		r.warn("what stands in brackets after ask has no meaning")
	}
	if rule.Action != Permit && rule.As != nil {
		r.warn("\"as\" has no meaning after " + rule.Action.String())
	}
	if e, ok := ErrnoByName(rule.Error); ok && !e.Exact {
		r.warn(e.Name + " is no error on Linux: EPERM is given")
	}
	if rule.Comment != "" && strings.HasSuffix(rule.Source, "-") {
		r.warn("a \"#\" after a dash begins no comment")
	}
}

// afterThen is the rule without its expression and operands.
func afterThen(text string) string {
	i := strings.LastIndex(text, "ask")
	return text[max(i, 0):]
}
