// Package syntax reads and prints the policy language of systrace 1.6g.
//
//	f, err := syntax.Parse("usr_bin_id", text, syntax.Options{})
//	for _, s := range f.Sections { ... }
//
// A file has sections, a section has rules, and a rule is simple ("permit") or
// a filter ("filename eq "/etc/hosts" then permit"). Every node knows where it
// stands; comments are kept; [Print] is the inverse of [Parse].
//
// The language has surprises, which are kept, because old policies depend on
// them: "and" and "or" have no precedence and associate to the right, "not"
// takes everything to its right, parentheses and slashes belong to words, and
// a backslash in quotes disappears before most characters.
//
// # Limitations
//
// What names mean (users, groups, system calls, argument names) is not looked
// at here but by package policy. Where the original went on with half a policy
// after an error, [Parse] refuses all of it unless [Options.Strict] asks for
// the original's ways.
//
// # Stability
//
// The language is that of systrace 1.6g and does not change. Before version 1 fields
// may be added to the nodes.
package syntax

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/quote"
)

// MaxLine is the longest line of a file, without its newline: the original
// read lines into 2048 bytes.
const MaxLine = 2046

// MaxOperand is the longest quoted operand.
const MaxOperand = 8191

// A Pos is a place in a file; lines and columns count from 1, columns in bytes.
type Pos struct {
	File      string
	Line, Col int
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", quote.Text(p.File), p.Line, p.Col) }

// A File is a policy file or a template.
type File struct {
	Name     string
	Sections []*Section
	Tail     []string  // comments and empty lines after the last rule
	Warnings []Warning // where the original would silently have read something else
}

// A Warning is a line whose meaning is not what it seems.
type Warning struct {
	Pos Pos
	Msg string
}

func (w Warning) String() string { return fmt.Sprintf("%s: %s", w.Pos, w.Msg) }

// Kind is what a section's header says it is.
type Kind uint8

// Kinds of sections.
const (
	Policy   Kind = iota // Policy: NAME, Emulation: EMUL
	Template             // Template: NAME, Emulation: EMUL, Description: TEXT
	Fragment             // no header
)

// A Section is a header and its rules.
type Section struct {
	Pos         Pos
	Kind        Kind
	Name        string // the program's path
	Emulation   string
	Description string // of templates
	Rules       []*Rule
	Detached    bool // the program is not traced

	Lead     []string // comments and empty lines before the header
	Comment  string   // after the header, with its "#"
	Released []string // comments and empty lines before "detached"
}

// Action is what a rule does.
type Action uint8

// Actions.
const (
	Permit Action = iota
	Deny
	Ask
)

func (a Action) String() string { return [...]string{"permit", "deny", "ask"}[a] }

// Flag is what permit[...] says of an execve.
type Flag uint8

// Flags of permit.
const (
	Inherit Flag = 1 << iota // the new program keeps this policy
	Detach                   // the new program is not traced
)

// A Rule is a line of a section.
type Rule struct {
	Pos       Pos
	Emulation string
	Call      string // system call or alias
	Source    string // the rule's text in the file, without its comment

	// Simple rules have no Expr, Log, As, If or Flags.
	Simple bool
	Now    bool // this time only; answers in a dialogue, not files
	Expr   Expr
	Action Action
	Error  string // of deny: upper case, "" if not given
	Flags  Flag
	Log    bool
	As     *Elevation
	If     *Predicate

	Lead    []string // comments and empty lines above
	Comment string   // on the same line, with its "#"
}

// Elevation is the credentials of "as"; an empty string is one not given.
type Elevation struct{ User, Group string }

// Predicate is what ", if" says.
type Predicate struct {
	Group bool   // of the group, not of the user
	Op    string // = != < >
	ID    string // a name or a number
}

// Expr is a logical expression: [True], [Not], [And], [Or] or [Cond].
type Expr interface{ expr() }

type (
	// True always holds.
	True struct{}
	// Not negates.
	Not struct{ X Expr }
	// And holds if both do.
	And struct{ X, Y Expr }
	// Or holds if one does.
	Or struct{ X, Y Expr }
	// Cond compares an argument with an operand.
	Cond struct {
		Pos     Pos
		Name    string // of the translated argument
		Index   int    // which of several of that name; -1 if not given
		Op      Op
		Operand string // without quotes and escapes
	}
)

func (True) expr()  {}
func (Not) expr()   {}
func (And) expr()   {}
func (Or) expr()    {}
func (*Cond) expr() {}

// Op is a comparison.
type Op uint8

// Comparisons.
const (
	Match  Op = iota // fnmatch with FNM_PATHNAME and FNM_LEADING_DIR
	Eq               // equal, ignoring case
	Neq              // not Eq
	Sub              // contains the operand
	Nsub             // not Sub
	Inpath           // is the operand or a directory above it
	Re               // POSIX extended regular expression
)

var ops = [...]string{"match", "eq", "neq", "sub", "nsub", "inpath", "re"}

func (o Op) String() string { return ops[o] }

// Walk calls f with e and everything below, parents first.
func Walk(e Expr, f func(Expr)) {
	f(e)
	switch x := e.(type) {
	case Not:
		Walk(x.X, f)
	case And:
		Walk(x.X, f)
		Walk(x.Y, f)
	case Or:
		Walk(x.X, f)
		Walk(x.Y, f)
	}
}
