package layers

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// Make works out the plan. The error is a [*Lack] where the kernel lacks
// something and BestEffort is not set, or the veil's own.
func Make(a Ask) (Plan, error) {
	b := builder{Ask: a, can: landlock.At(a.ABI)}
	b.plan.Held = a.Held
	b.situations()
	if b.Held.Closed && b.Veil != nil {
		return Plan{}, &Lack{What: "hiding paths after a pledge without rpath, with cgo", Need: allThreads(), Have: a.ABI, Otherwise: "rpath until then"}
	}
	for _, layer := range []func() error{b.ports, b.scopes, b.files, b.fallen, b.memory, b.referring, b.domain} {
		if err := layer(); err != nil {
			return Plan{}, err
		}
	}
	if err := b.close(); err != nil {
		return Plan{}, err
	}
	return b.plan, nil
}

type builder struct {
	Ask
	can  landlock.Version
	plan Plan
}

func (b *builder) has(p promises.Promise) bool { return b.Promises.Has(p) }

func (b *builder) note(format string, args ...any) {
	b.plan.Notes = append(b.plan.Notes, fmt.Sprintf(format, args...))
}

// lack is an error, or a note where that was asked for.
func (b *builder) lack(e *Lack, lost string) error {
	e.Have = b.ABI
	if !b.BestEffort {
		return e
	}
	b.note("%s", lost)
	b.plan.Waived = append(b.plan.Waived, e)
	return nil
}

// situations are those that do not depend on the ruleset.
func (b *builder) situations() {
	set := b.Promises | b.Found
	add := func(when bool, bits promises.Set) {
		if when {
			set |= bits
		}
	}
	add(b.Mode != Supervised, rules.Unsupervised)
	add(b.Mode == InPlace, rules.Loads|rules.Whitelisted)
	add(b.Mode == Library, rules.Library)
	add(b.has(promises.Exec), rules.Loads)
	add(b.LimitTCP, rules.ConnectLimited)
	add(b.LimitTCP && len(b.Bind) == 0, rules.NoBind)
	add(b.LimitTCP && b.can.Net == 0 && b.Mode == Supervised, rules.PortsJudged)
	add(b.Kills && b.Mode == Supervised, rules.Penalized)
	if b.Veil != nil {
		add(b.Veil.CreateOnly(), rules.CreateOnly)
		add(b.Mode == Supervised && (b.Trace || b.Strict), rules.TraceOpens)
		add(b.Mode == Supervised && b.Strict, rules.StrictUnveil)
		add(b.Mode == Supervised && b.has(promises.Unix), rules.Veiled)
		add(b.ABI > 0 && b.can.Files&landlock.Truncate == 0, rules.Untruncated)
	}
	b.plan.Set = set
	if b.Veil != nil && b.Strict && b.Mode != Supervised {
		b.note("--strict-unveil needs a supervisor: stat, access and readlink of hidden paths are answered")
	}
	if b.LimitTCP && len(b.Bind) != 0 && b.Mode != Supervised {
		b.note("listen(2) on a socket that was not bound picks a TCP port that is not limited: a supervisor would refuse it")
	}
}

// memory: without a domain of Landlock a program that opens files can open the
// memory of every process of its user, the launcher's too.
func (b *builder) memory() error {
	if b.ABI > 0 || !b.PtraceFree || !b.has(promises.Rpath) && !b.has(promises.Wpath) {
		return nil
	}
	can := "read"
	if b.has(promises.Wpath) {
		can = "written"
	}
	lost := "through /proc the memory of other processes of this user can be " + can
	return b.lack(&Lack{What: lost, Need: landlock.At(1), Otherwise: "kernel.yama.ptrace_scope=1"}, lost+": this kernel has no Landlock")
}

// ports limits TCP to what was asked for, or, without inet, to what the promises
// need of it: the second wall behind the filter, which sees no ports.
func (b *builder) ports() error {
	r := &b.plan.Ruleset
	const tcp = landlock.ConnectTCP | landlock.BindTCP
	switch {
	case b.plan.Set&rules.PortsJudged != 0:
		return nil
	case b.LimitTCP && b.can.Net&tcp == 0:
		return b.lack(&Lack{What: "--tcp-connect and --tcp-bind", Need: landlock.Since(0, tcp, 0)},
			fmt.Sprintf("TCP ports are not limited: Landlock ABI %d, %d is needed", b.ABI, landlock.Since(0, tcp, 0).ABI))
	case b.LimitTCP:
		r.Net, r.Connect, r.Bind = tcp, b.Connect, b.Bind
		return nil
	case b.has(promises.Inet) || b.can.Net&tcp == 0:
		return nil
	}
	want := NoPorts
	if b.has(promises.DNS) {
		want = NamePorts
	}
	if want <= b.Held.TCP {
		return nil
	}
	r.Net = tcp
	switch {
	case want == NamePorts && b.Mode == Supervised:
		// It looks at addresses itself, and ends who listens.
		r.Net, r.Connect = landlock.ConnectTCP, []uint16{namePort}
	case want == NamePorts:
		r.Net, r.Connect = tcp|b.can.Net&landlock.ConnectSendUDP, []uint16{namePort}
	}
	b.plan.Held.TCP = want
	return nil
}

const namePort = 53

// scopes keeps signals and abstract sockets inside. It is the second wall where
// the filter is the first; where violators are killed it is what keeps a program
// with proc from ending who kills.
func (b *builder) scopes() error {
	r := &b.plan.Ruleset
	if (!b.has(promises.Proc) || b.Kills && b.Mode == Supervised) && !b.ThreadsApart {
		r.Scoped |= b.can.Scopes & landlock.ScopeSignal
	}
	if !b.has(promises.Unix) || b.Veil != nil {
		r.Scoped |= b.can.Scopes & landlock.ScopeAbstract
	}
	r.Scoped &^= b.Held.Scoped
	return nil
}

// files limits opening: to the veil, and to the whitelist where nobody else would
// look.
func (b *builder) files() error {
	rights := b.unpromised()
	if b.Veil != nil {
		if err := b.veil(rights); err != nil {
			return err
		}
	}
	if rights == 0 {
		return nil
	}
	return b.list(rights)
}

// unpromised are the rights of opening files that no promise gives and no
// supervisor would give: the filter leaves such opens to Landlock then.
func (b *builder) unpromised() uint64 {
	var rights uint64
	if b.Mode == Supervised {
		return 0
	}
	if !b.has(promises.Rpath) {
		rights |= landlock.Reading
	}
	if !b.has(promises.Wpath) {
		rights |= landlock.Writing
	}
	return rights
}

// list limits reading without rpath to the whitelist and the loader's files,
// writing without wpath to the whitelist.
func (b *builder) list(rights uint64) error {
	switch {
	case b.ABI == 0 && rights&landlock.Reading == 0:
		b.note("no file can be opened for writing, /dev/null neither: this kernel has no Landlock")
		return nil
	case b.ABI == 0 && b.Mode == InPlace:
		return b.lack(&Lack{What: "running without a supervisor and without rpath", Need: landlock.At(1)},
			"files can be opened for reading without rpath: this kernel has no Landlock")
	case b.ABI == 0:
		return b.lack(&Lack{What: fmt.Sprintf("promises without rpath (%q)", b.Promises), Need: landlock.At(1)},
			"no file can be opened, whitelisted ones neither: this kernel has no Landlock")
	case b.Held.Listed&rights == rights && b.Held.ListedFor == b.Promises && b.Veil == nil:
		return nil
	}
	b.plan.Held.Listed, b.plan.Held.ListedFor = b.Held.Listed|rights, b.Promises
	if b.Veil != nil {
		return nil // the veil's rules are as narrow already
	}
	r := &b.plan.Ruleset
	r.FS |= rights
	whitelist, load := call(b.Whitelist), call(b.Load)
	b.plan.Held.Listing, b.plan.Held.Loaded = len(whitelist), len(load)
	for _, p := range append(append(call(b.Start), whitelist...), load...) {
		p.Access &= r.FS
		r.Paths = append(r.Paths, p)
	}
	return nil
}

// fallen takes away the whitelisted files that a veil let through and fewer words do
// not, where a promise would let them be opened: what is unveiled, and the whitelist
// as it is now, in a ruleset of its own.
func (b *builder) fallen() error {
	rights := (landlock.Reading | landlock.Writing) &^ b.unpromised()
	if !b.Held.Veiled || b.Veil != nil || rights == 0 {
		return nil
	}
	whitelist := call(b.Whitelist)
	if len(whitelist) >= b.Held.Listing {
		return nil
	}
	b.plan.Held.Listing = len(whitelist)
	r := &b.plan.Ruleset
	r.FS |= rights
	if b.Held.Closed {
		return nil // close says so
	}
	if b.Fallen == nil {
		return b.lack(&Lack{What: "giving up whitelisted files under a veil of very many paths", Need: landlock.At(1), Otherwise: "those words not pledged before"},
			"whitelisted files of earlier promises stay open: too many paths are unveiled")
	}
	list, _, err := b.Fallen.Rules()
	if err != nil {
		return err
	}
	for _, p := range append(landlock.Without(list, b.unpromised(), b.has(promises.Exec)), whitelist...) {
		p.Access &= r.FS
		r.Paths = append(r.Paths, p)
	}
	return nil
}

// referring: a ruleset on files denies links and renames between directories even
// if it does not speak of them.
func (b *builder) referring() error {
	r := &b.plan.Ruleset
	if r.FS == 0 || b.Veil != nil || !b.has(promises.Cpath) {
		return nil
	}
	if b.can.Files&landlock.Refer == 0 {
		need := landlock.Since(landlock.Refer, 0, 0)
		b.note("links and renames between directories fail with EXDEV: Landlock ABI %d, %d is needed (Linux %s)", b.ABI, need.ABI, need.Linux)
		return nil
	}
	r.FS |= landlock.Refer
	r.Paths = append(r.Paths, landlock.PathRule{Path: "/", Access: landlock.Refer, FD: b.Root})
	return nil
}

// domain: any domain keeps a program from looking into processes outside of it,
// so there is always one; the cheapest handles what no promise gives.
func (b *builder) domain() error {
	if b.ABI == 0 || b.Held.Domains > 0 || !b.plan.Ruleset.Empty() {
		return nil
	}
	b.plan.Ruleset.FS = landlock.MakeChar
	return b.referring()
}

// Around is the ruleset of a domain around the program's, which takes nothing from
// it but what no promise gives. It is empty where there is no Landlock.
func Around(words promises.Set, abi int) landlock.Ruleset {
	b := builder{Ask: Ask{Promises: words, ABI: abi}, can: landlock.At(abi)}
	b.domain() // it fails where a ruleset cannot be added, which this is the first of
	return b.plan.Ruleset
}

// close takes note of what will be in force; where nothing can be added any more
// that is what was.
func (b *builder) close() error {
	p := &b.plan
	if b.Held.Closed && !p.Ruleset.Empty() {
		if err := b.closed(); err != nil {
			return err
		}
		p.Ruleset, p.Added, p.Held = landlock.Ruleset{}, nil, b.Held
	}
	if !p.Ruleset.Empty() {
		p.Held.Domains++
		p.Held.Scoped |= p.Ruleset.Scoped
	}
	set := func(when bool, bit promises.Set) {
		if when {
			p.Set |= bit
		}
	}
	set(p.Held.Scoped&landlock.ScopeSignal != 0, rules.SignalScope)
	// Opening for both is left to Landlock where each is promised or listed.
	reads, writes := p.Held.Listed&landlock.Reading != 0, p.Held.Listed&landlock.Writing != 0
	set(reads, rules.Whitelisted)
	set((reads || writes) && (reads || b.has(promises.Rpath)) && (writes || b.has(promises.Wpath)), rules.WritesListed)
	return nil
}

// closed says what a ruleset that cannot be added would have done. What the filter
// refuses as well is no more than a note.
func (b *builder) closed() error {
	v := allThreads()
	limited := b.Held.Veiled || b.Held.Listed&landlock.Reading != 0
	if b.plan.Held.TCP > b.Held.TCP && (b.has(promises.DNS) || b.has(promises.Unix)) {
		return b.lack(&Lack{What: "giving up inet and keeping dns or unix after a pledge without rpath, with cgo", Need: v, Otherwise: "rpath until then"},
			fmt.Sprintf("TCP ports are not limited: with cgo another ruleset needs rpath or Landlock ABI %d (Linux %s)", v.ABI, v.Linux))
	}
	if limited && (b.plan.Held.Listing < b.Held.Listing || b.plan.Held.Loaded < b.Held.Loaded) {
		return b.lack(&Lack{What: "giving up whitelisted files after a pledge without rpath, with cgo", Need: v, Otherwise: "rpath until then"},
			fmt.Sprintf("whitelisted files of earlier promises stay readable: with cgo another ruleset needs rpath or Landlock ABI %d (Linux %s)", v.ABI, v.Linux))
	}
	b.note("whitelisted files cannot be opened for writing, and signals, abstract sockets and ports are left to the filter: with cgo another ruleset needs rpath or Landlock ABI %d (Linux %s)", v.ABI, v.Linux)
	return nil
}

// allThreads is the first version that restricts all threads in one call.
func allThreads() landlock.Version {
	for abi := 1; abi < landlock.Newest; abi++ {
		if v := landlock.At(abi); v.AllThreads {
			return v
		}
	}
	return landlock.At(landlock.Newest)
}

func call(f func() []landlock.PathRule) []landlock.PathRule {
	if f == nil {
		return nil
	}
	return f()
}
