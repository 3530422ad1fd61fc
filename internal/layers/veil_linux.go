package layers

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/promises"
)

// veil denies every path but those of the veil, the whitelist, and what the
// program needs to start.
func (b *builder) veil(unpromised uint64) error {
	what := "--unveil"
	if b.Mode == Library {
		what = "unveil"
	}
	if b.ABI == 0 {
		return b.lack(&Lack{What: what, Need: landlock.At(1), Paths: true}, "paths are not hidden: this kernel has no Landlock")
	}
	if err := b.older(what); err != nil {
		return err
	}
	if err := b.hiddenSockets(); err != nil {
		return err
	}
	list, notes, err := b.Veil.Rules()
	if err != nil {
		return err
	}
	b.plan.Notes = append(b.plan.Notes, notes...)
	r := &b.plan.Ruleset
	r.FS = b.can.Files
	whitelist := call(b.Whitelist)
	b.plan.Added = append(call(b.Start), whitelist...)
	b.plan.Held.Veiled, b.plan.Held.Listing = true, len(whitelist)
	r.Paths = append(sockets(landlock.Without(list, unpromised, b.has(promises.Exec)), r.FS), b.plan.Added...)
	return nil
}

// older is what stands in for what older versions cannot do with paths: the filter
// refuses to truncate by a path, or a supervisor looks at it.
func (b *builder) older(what string) error {
	if need := landlock.Since(landlock.Refer, 0, 0); b.ABI < need.ABI && b.has(promises.Cpath) {
		b.note("links and renames between directories fail with EXDEV: Landlock ABI %d, %d is needed (Linux %s)", b.ABI, need.ABI, need.Linux)
	}
	need := landlock.Since(landlock.Truncate, 0, 0)
	switch {
	case b.ABI >= need.ABI || b.Mode == Supervised:
	case b.Unfiltered:
		return b.lack(&Lack{What: what + " without a pledge", Need: need, Otherwise: "a pledge without the word unveil, which hides the paths, too", Paths: true},
			fmt.Sprintf("truncating hidden files is not denied: Landlock ABI %d, %d is needed (Linux %s)", b.ABI, need.ABI, need.Linux))
	case b.has(promises.Wpath) && b.has(promises.Fattr):
		b.note("truncate(2) is refused, truncating an open file works: Landlock ABI %d, %d is needed (Linux %s)", b.ABI, need.ABI, need.Linux)
	}
	return nil
}

// hiddenSockets: connecting to a socket by a hidden path is a supervisor's to
// refuse, or Landlock's where it knows that.
func (b *builder) hiddenSockets() error {
	need := landlock.Since(landlock.ResolveUnix, 0, 0)
	if b.Mode == Supervised || !b.has(promises.Unix) || b.ABI >= need.ABI {
		return nil
	}
	lost := fmt.Sprintf("unix: local sockets can be connected to by hidden paths: Landlock ABI %d, %d is needed (Linux %s)", b.ABI, need.ABI, need.Linux)
	if b.LooseSockets || b.Mode == Library {
		b.note("%s", lost)
		return nil
	}
	return b.lack(&Lack{What: "--unveil with the promise unix, without a supervisor", Need: need}, lost)
}

// sockets lets what may be written be connected to, as unveil(2) has it.
func sockets(list []landlock.PathRule, handled uint64) []landlock.PathRule {
	for i := range list {
		if list[i].Access&landlock.WriteFile != 0 {
			list[i].Access |= landlock.ResolveUnix & handled
		}
	}
	return list
}
