package house

import (
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"
)

// doors are the public packages.
func doors(t *testing.T) (names []string) {
	for _, p := range strings.Fields(run(t, nil, "go", "list", "./...")) {
		name := strings.TrimPrefix(p, module+"/")
		top, _, _ := strings.Cut(name, "/")
		if !strings.Contains("/"+name+"/", "/internal/") && top != "cmd" && top != "tests" && top != "examples" {
			names = append(names, name)
		}
	}
	return names
}

// TestNoInternalTypes looks at all that a stranger can name, call, implement or
// fill in: no type of an internal package is in it.
func TestNoInternalTypes(t *testing.T) {
	sources := newSources()
	for _, pair := range onUnix {
		goos, goarch, _ := strings.Cut(pair, "/")
		checked, err := sources.types(goos, goarch, list(t, goos, goarch, "..."))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range doors(t) {
			p := checked[module+"/"+name]
			if p == nil { // not for this system
				continue
			}
			for _, leak := range leaks(p) {
				t.Errorf("%s: %s.%s", pair, name, leak)
			}
		}
	}
}

// leaks are the exported names of a package whose types lead to an internal one.
func leaks(p *types.Package) (found []string) {
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		seen := map[types.Type]bool{}
		visit(o.Type(), p, seen)
		for t := range seen {
			if what := internal(t); what != "" {
				found = append(found, name+" shows "+what)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// internal is the name of a type that strangers cannot name.
func internal(t types.Type) string {
	var o *types.TypeName
	switch t := t.(type) {
	case *types.Named:
		o = t.Obj()
	case *types.Alias:
		o = t.Obj()
	default:
		return ""
	}
	if o.Pkg() != nil && strings.HasPrefix(o.Pkg().Path(), module) && strings.Contains(o.Pkg().Path(), "/internal/") {
		return o.Pkg().Path() + "." + o.Name()
	}
	return ""
}

// visit collects the types that can be reached from one. Those of other packages
// are judged by their names, as theirs are there.
func visit(t types.Type, from *types.Package, seen map[types.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	next := func(t types.Type) { visit(t, from, seen) }
	switch t := t.(type) {
	case *types.Alias:
		next(t.Rhs())
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			next(a)
		}
		if t.Obj().Pkg() != from {
			return
		}
		next(t.Underlying())
		for m := range t.Methods() {
			if m.Exported() {
				next(m.Type())
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() {
				next(f.Type())
			}
		}
	case *types.Signature:
		next(t.Params())
		next(t.Results())
		for p := range t.TypeParams().TypeParams() {
			next(p.Constraint())
		}
	case *types.Tuple:
		for v := range t.Variables() {
			next(v.Type())
		}
	case *types.Interface:
		for m := range t.Methods() {
			next(m.Type())
		}
	case *types.Map:
		next(t.Key())
		next(t.Elem())
	case interface{ Elem() types.Type }:
		next(t.Elem())
	}
}

// TestDoorsAreExplained wants of every public package an Example, which go vet
// and go test compile, and a word on what stays as it is.
func TestDoorsAreExplained(t *testing.T) {
	examples, stability := map[string]bool{}, map[string]bool{}
	for _, f := range tree(t) {
		room := path.Dir(f.name)
		if f.ast.Doc != nil && strings.Contains(f.ast.Doc.Text(), "# Stability\n") {
			stability[room] = true
		}
		for _, d := range f.ast.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(f.name, "_test.go") && strings.HasPrefix(d.Name.Name, "Example") {
				examples[room] = true
			}
		}
	}
	names := doors(t)
	if len(names) < 5 {
		t.Fatalf("only %q are public", names)
	}
	for _, name := range names {
		if !examples[name] {
			t.Errorf("package %s has no Example", name)
		}
		if !stability[name] {
			t.Errorf("package %s has no section Stability in its comment", name)
		}
	}
}
