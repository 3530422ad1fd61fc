//go:build unix

package learn

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

//go:embed page.html
var pageText string

// node is a directory or a path of the tree.
type node struct {
	Name  string
	Perms string // "" for one that is only above others
	Wider bool
	Evidence
	Children []*node
}

// Shown is the name for people.
func (n *node) Shown() string { return quote.Escape(n.Name) }

// HTML returns a page that needs nothing beside itself: the promises, the tree of
// paths, and where each is from.
func (r *Result) HTML() ([]byte, error) {
	page, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	type promised struct {
		Word
		Summary string
	}
	data := struct {
		Title, Command, Shell string
		Provenance            []string
		Words                 []promised
		Tree                  []*node
		Never                 []Evidence
		Notes                 []string
	}{Title: "pledge learn: " + quote.Text(r.Command[0]), Command: quote.Words(r.Command), Shell: r.commandLine(),
		Provenance: r.provenance(), Tree: tree(r.Unveils), Never: r.Never, Notes: texts(r.Notes)}
	for _, w := range r.Words {
		p := promised{Word: w}
		if set, err := promises.Parse(w.Promise); err == nil {
			for _, promise := range set.Promises() {
				p.Summary = promise.Summary()
			}
		}
		p.First, p.Program = quote.Text(p.First), quote.Escape(p.Program)
		data.Words = append(data.Words, p)
	}
	var b bytes.Buffer
	err = page.Execute(&b, data)
	return b.Bytes(), err
}

func texts(list []string) (quoted []string) {
	for _, s := range list {
		quoted = append(quoted, quote.Text(s))
	}
	return quoted
}

// tree arranges paths below their common directories.
func tree(list []Unveil) []*node {
	root := &node{}
	for _, u := range list {
		at := root
		for _, name := range strings.Split(strings.Trim(u.Path, "/"), "/") {
			at = at.child("/" + name)
		}
		at.Perms, at.Wider, at.Evidence = u.Perms.String(), u.Wider, u.Evidence
	}
	for _, n := range root.Children {
		n.join()
	}
	return root.Children
}

func (n *node) child(name string) *node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	c := &node{Name: name}
	n.Children = append(n.Children, c)
	return c
}

// join writes a directory that is nothing but above one other with that.
func (n *node) join() {
	for n.Perms == "" && len(n.Children) == 1 {
		only := n.Children[0]
		only.Name = n.Name + only.Name
		*n = *only
	}
	for _, c := range n.Children {
		c.join()
	}
}
