//go:build unix

package main

import (
	"fmt"
	"strings"

	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/gocode"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
)

// render writes what was given in a format.
func render(as string, g ask.Grant, argv []string) (string, error) {
	switch as {
	case "shell":
		return shellOf(g, argv), nil
	case "toml":
		p := profile.Profile{Description: "answered for " + quote.Short(quote.Words(argv), 200), Promises: g.Words.String()}
		for _, e := range g.Entries {
			p.Unveil = append(p.Unveil, e.String())
		}
		p.TCPConnect, p.TCPBind = ports(g)
		b, err := p.Marshal()
		return string(b), err
	case "go":
		f := gocode.Func{Name: "confine", Doc: "confines this process to what was answered", Promises: g.Words}
		for _, e := range g.Entries {
			f.Paths = append(f.Paths, gocode.Path{Path: e.Path, Perms: e.Perms.String()})
		}
		b, err := gocode.File([]string{"answered for: " + quote.Short(quote.Words(argv), 200)}, []gocode.Func{f})
		return string(b), err
	case "systrace":
		unveils := []convert.Unveil{}
		for _, e := range g.Entries {
			unveils = append(unveils, convert.Unveil{Path: e.Path, Perms: e.Perms})
		}
		return syntax.Text(convert.Export(argv[0], g.Words, unveils))
	}
	return "", errorf("--as %q: want shell, toml, go or systrace", as)
}

func shellOf(g ask.Grant, argv []string) string {
	var b strings.Builder
	b.WriteString("pledge")
	connect, bind := ports(g)
	for _, n := range connect {
		fmt.Fprintf(&b, " --tcp-connect %d", n)
	}
	for _, n := range bind {
		fmt.Fprintf(&b, " --tcp-bind %d", n)
	}
	b.WriteString(" " + quote.ShellString(g.Words.String()))
	for _, e := range g.Entries {
		b.WriteString(" \\\n\t-u " + quote.ShellString(e.String()))
	}
	if len(g.Entries) > 0 {
		b.WriteString(" \\\n\t")
	} else {
		b.WriteByte(' ')
	}
	b.WriteString("--")
	for _, a := range argv {
		b.WriteString(" " + quote.Shell(a))
	}
	return b.String() + "\n"
}
