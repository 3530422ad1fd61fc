package convert

import (
	"os"
	"path"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/unveil"
)

// unveils makes a short list of the paths that rules granted and took out.
func (c *conversion) unveils() []Unveil {
	perms := map[string]unveil.Perms{}
	for _, g := range c.paths {
		for _, t := range c.targets(g) {
			perms[t] |= g.perms
		}
	}
	if c.anyPath != 0 {
		perms["/"] |= c.anyPath
	}
	for _, h := range c.holes {
		c.hole(h, perms)
	}
	return c.compress(perms)
}

// targets are the paths that a grant unveils, which may be wider or narrower
// than the grant; its rule is told.
func (c *conversion) targets(g pathGrant) []string {
	p := c.inRoot(g.path)
	switch {
	case p == "/" && !g.subtree:
		g.entry.note(Narrower, "/ itself cannot be listed: that would unveil everything")
		return nil
	case !g.subtree && c.isAncestor(p):
		g.entry.note(Narrower, "%s cannot be listed, only gone through to other paths", p)
		return nil
	case !g.subtree && c.options.IsDir(p):
		g.entry.note(Wider, "all of the directory %s, not only itself", p)
	case g.perms&cr != 0 && !g.subtree && !strings.HasPrefix(p, "/dev/"):
		if !c.options.Widen {
			g.entry.note(Narrower, "%s can be written, not created or removed; --widen unveils its directory", p)
			return []string{p}
		}
		g.entry.note(Wider, "all of %s, to create %s in it", path.Dir(p), path.Base(p))
		return []string{path.Dir(p)}
	}
	return []string{p}
}

func (c *conversion) inRoot(p string) string {
	if c.options.Root != "" && strings.HasPrefix(p, "/") {
		return path.Join(c.options.Root, p)
	}
	if clean := path.Clean(p); strings.HasPrefix(p, "/") || p == "." {
		return clean
	}
	return p
}

// isAncestor tells whether other grants lie below a path that itself is only
// looked at.
func (c *conversion) isAncestor(p string) bool {
	prefix := strings.TrimSuffix(p, "/") + "/"
	return slices.ContainsFunc(c.paths, func(g pathGrant) bool { return strings.HasPrefix(c.inRoot(g.path), prefix) })
}

// hole takes permissions out of what lies above: those that the policy does
// not permit there.
func (c *conversion) hole(h pathGrant, perms map[string]unveil.Perms) {
	p := c.inRoot(h.path)
	above := inherited(perms, p) | perms[p]
	left := c.permitted(h.text) & above
	if left == above {
		h.entry.note(Exact, "what no rule permits is refused")
		return
	}
	if !c.options.Exists(p) {
		h.entry.note(Exact, "%s does not exist; if it is made it will be visible", p)
	}
	perms[p] = left
	h.entry.note(Exact, "taken out of what is unveiled above it")
}

// permitted asks the policy what may be done with a path.
func (c *conversion) permitted(path string) (perms unveil.Perms) {
	p := c.compiled()
	if p == nil {
		return 0
	}
	file := policy.Arg{Name: "filename", Text: path}
	ask := func(perm unveil.Perms, name, alias, flags string) {
		q := policy.Question{Names: []string{name}, Args: []policy.Arg{file, file}, Alias: alias, AliasArgs: []policy.Arg{file}}
		if flags != "" {
			q.Args[1] = policy.Arg{Name: "oflags", Text: flags}
		}
		if v := p.Decide(&q); v.Covered && v.Action == syntax.Permit {
			perms |= perm
		}
	}
	ask(r, "open", "fsread", "ro")
	ask(w, "open", "fswrite", "wo")
	ask(cr, "open", "fswrite", "woc")
	ask(x, "execve", "", "")
	for _, name := range []string{"mkdir", "unlink", "rmdir"} {
		ask(cr, name, "fswrite", "")
	}
	for _, name := range []string{"rename", "link", "symlink", "mknod"} {
		ask(cr, name, "", "")
	}
	return perms
}

// inherited are the permissions that a path gets from the nearest one above.
func inherited(perms map[string]unveil.Perms, p string) unveil.Perms {
	for p != "/" && p != "." && p != "" {
		p = path.Dir(p)
		if above, ok := perms[p]; ok {
			return above
		}
	}
	return 0
}

// compress leaves out paths that have what those above give them anyway, and
// gives every path what those above have.
func (c *conversion) compress(perms map[string]unveil.Perms) []Unveil {
	paths := make([]string, 0, len(perms))
	for p := range perms {
		paths = append(paths, p)
	}
	slices.Sort(paths) // those above first
	var list []Unveil
	kept := map[string]unveil.Perms{}
	for _, p := range paths {
		want := perms[p]
		if !c.isHole(p) {
			want |= inherited(kept, p)
		}
		if above := inherited(kept, p); above == want && covered(kept, p) {
			continue
		}
		kept[p] = want
		list = append(list, Unveil{Path: p, Perms: want, Missing: !c.options.Exists(p)})
	}
	return list
}

func covered(kept map[string]unveil.Perms, p string) bool {
	for p != "/" && p != "." && p != "" {
		p = path.Dir(p)
		if _, ok := kept[p]; ok {
			return true
		}
	}
	return false
}

func (c *conversion) isHole(p string) bool {
	return slices.ContainsFunc(c.holes, func(h pathGrant) bool { return c.inRoot(h.path) == p })
}

// isScript tells whether a program is a script, whose interpreter reads it.
func (c *conversion) isScript(p string) bool {
	f, err := os.Open(os.ExpandEnv(p))
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [2]byte
	n, _ := f.Read(magic[:])
	return n == 2 && string(magic[:]) == "#!"
}
