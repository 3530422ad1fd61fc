package pledge

import (
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// pledge brings the process from what it holds to what is asked for.
func pledge(words, execWords *string, opts []Option) error {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	r, err := newRequest(words, execWords, opts)
	if err != nil {
		return err
	}
	if !r.Pledged || same(r.State, process.Now) && (r.deny || !process.Now.Deny) {
		return nil
	}
	if err := r.enforce(); err != nil {
		return fmt.Errorf("pledge: %w", err)
	}
	return nil
}

// same reports whether a request changes nothing that the kernel would have to
// know.
func same(a, b process.State) bool {
	return a.Pledged == b.Pledged && a.Promises == b.Promises && a.Exec == b.Exec && a.ExecSet == b.ExecSet
}

// enforce prepares both layers, and puts them in force when both are ready.
func (r *request) enforce() error {
	arch := abi.ByName(runtime.GOARCH)
	if arch == nil {
		return &process.Unsupported{Feature: "filters for " + runtime.GOARCH, Needs: "amd64 or arm64"}
	}
	r.look()
	ruleset, err := r.ruleset()
	if err != nil {
		return err
	}
	p, err := filter.Compile(filter.Options{
		Arch: arch, Set: r.situation(ruleset), Violation: r.violation(), Supervised: r.violation(), Self: self(),
	})
	if err != nil {
		return err
	}
	if trap.wanted {
		if err := trap.install(); err != nil {
			return err
		}
		trap.promises.Store(uint64(r.Promises))
	}
	if err := (process.Layers{Ruleset: ruleset, Filter: p.Code}).Enforce(); err != nil {
		return err
	}
	r.Deny = r.deny
	r.Filters, r.Layers, r.Scoped = process.Now.Filters, process.Now.Layers, process.Now.Scoped
	process.Now = r.State
	return nil
}

// violation is what the kernel answers.
func (r *request) violation() filter.Verdict {
	switch {
	case r.Promises.Has(promises.Error):
		return filter.NoSys
	case r.deny:
		return filter.Perm
	case trap.wanted:
		return filter.Trap
	}
	return filter.KillProcess
}

// situation adds to the promises what else the rules depend on.
func (r *request) situation(added *landlock.Ruleset) promises.Set {
	set := r.Promises | promises.Unsupervised | promises.Library
	add := func(when bool, bit promises.Set) {
		if when {
			set |= bit
		}
	}
	add(r.Promises.Has(promises.Exec), promises.Loads)
	add(r.Listed&landlock.Reading != 0, promises.Whitelisted)
	add(r.Listed&landlock.Writing != 0, promises.WritesListed)
	add(r.execRefused(), promises.ExecRefused)
	add((process.Now.Scoped|added.Scoped)&landlock.ScopeSignal != 0, promises.SignalScope)
	add(r.NetAdmin, promises.NetAdmin)
	add(r.UnixSocket, promises.UnixInherited)
	add(r.Veil != nil && r.Veil.CreateOnly(), promises.CreateOnly)
	add(trap.wanted && !r.deny && !r.Promises.Has(promises.Error), promises.Trapped)
	return set
}

// ruleset is what Landlock has to enforce in addition to what it does.
func (r *request) ruleset() (*landlock.Ruleset, error) {
	version := landlock.ABI()
	rs := &landlock.Ruleset{}
	r.scopes(rs, version)
	if !r.Promises.Has(promises.Unveil) && !r.Blocked {
		if err := r.block(rs, version); err != nil {
			return nil, err
		}
	}
	if err := r.list(rs, version); err != nil {
		return nil, err
	}
	if rs.Empty() || process.CanRestrict() {
		return rs, nil
	}
	if r.Veil != nil && !process.Now.Blocked {
		return nil, &process.Unsupported{Feature: "hiding paths after a pledge without rpath, with cgo", Needs: "Landlock ABI 8 (Linux 7.0), or rpath until then"}
	}
	r.Notes = append(r.Notes, "whitelisted files of earlier promises stay readable, and signals and abstract sockets are left to the filter: with cgo another ruleset needs rpath or Landlock ABI 8")
	return &landlock.Ruleset{}, nil
}

// scopes adds the second walls around signals and abstract sockets; the filter
// is the first.
func (r *request) scopes(rs *landlock.Ruleset, version int) {
	if version < 6 {
		return
	}
	if !r.Promises.Has(promises.Proc) && process.ThreadSignals() {
		rs.Scoped |= landlock.ScopeSignal
	}
	if !r.Promises.Has(promises.Unix) || r.Veil != nil {
		rs.Scoped |= landlock.ScopeAbstract
	}
	rs.Scoped &^= r.Scoped
}

// block enforces the veil: what was unveiled, and the whitelist, which pierces
// it.
func (r *request) block(rs *landlock.Ruleset, version int) error {
	r.Blocked = true
	if r.Veil == nil {
		return nil
	}
	notes, err := process.VeilRules(rs, r.Veil, version, r.bestEffort)
	if err != nil {
		return err
	}
	r.Notes = append(r.Notes, notes...)
	rs.Paths = append(rs.Paths, whitelist.Rules(r.Known, r.Promises)...)
	return nil
}

// list limits reading without rpath, and writing without wpath, to whitelisted
// files.
func (r *request) list(rs *landlock.Ruleset, version int) error {
	rights := r.unpromised()
	if version < 1 {
		return r.listNothing(rights)
	}
	if rights == 0 || r.Listed == rights && process.Now.Promises == r.Promises {
		return nil
	}
	r.Listed = rights
	rs.FS |= rights
	rs.Paths = landlock.Without(rs.Paths, rights, r.Promises.Has(promises.Exec))
	for _, p := range r.listed() {
		p.Access &= rs.FS
		rs.Paths = append(rs.Paths, p)
	}
	return nil
}

// listNothing: without Landlock no whitelisted file can be opened, which a
// process without rpath is told.
func (r *request) listNothing(rights uint64) error {
	if rights&landlock.Reading == 0 {
		return nil
	}
	if !r.bestEffort {
		return &process.Unsupported{Feature: fmt.Sprintf("Landlock, which promises without rpath need (%q)", r.Promises), Needs: "Linux 5.13 with lsm=landlock, or the option BestEffort"}
	}
	r.Notes = append(r.Notes, "no file can be opened, whitelisted ones neither: this kernel has no Landlock")
	return nil
}

// unpromised are the rights of opening files that no promise gives.
func (r *request) unpromised() uint64 {
	var rights uint64
	if !r.Promises.Has(promises.Rpath) {
		rights |= landlock.Reading
	}
	// A ruleset costs every open. Where there is none anyway, only who starts
	// programs gets one, for os/exec writes /dev/null.
	if !r.Promises.Has(promises.Wpath) && (rights != 0 || r.Veil != nil || r.Promises.Has(promises.Exec)) {
		rights |= landlock.Writing
	}
	return rights
}

// listed is what can be opened all the same: the whitelist, and what loading
// programs takes if the process executes any.
func (r *request) listed() []landlock.PathRule {
	rules := whitelist.Rules(r.Known, r.Promises)
	if r.Promises.Has(promises.Exec) && (r.Veil == nil || process.Now.Blocked) {
		rules = append(rules, whitelist.Loading(r.Promises, os.Getenv("PATH"))...)
	}
	return rules
}

// look takes note of what cannot be looked at any more once the process has
// pledged.
func (r *request) look() {
	if !process.Now.Pledged {
		r.NetAdmin, r.UnixSocket = holdsNetAdmin(), holdsUnixSocket()
	} else {
		r.UnixSocket = r.UnixSocket || process.Now.Promises&(promises.Unix.Set()|promises.Recvfd.Set()) != 0
	}
	if !process.Now.Pledged || process.Now.Promises.Has(promises.Rpath) {
		r.Known = whitelist.Entries(r.Promises)
		if !r.Promises.Has(promises.Rpath) {
			whitelist.Hold(r.Known)
		}
	}
}

func self() promises.Self {
	s := promises.Self{PID: uint32(os.Getpid()), UID: uint32(os.Geteuid()), GIDs: []uint32{uint32(os.Getegid())}}
	groups, _ := os.Getgroups()
	for _, g := range groups {
		s.GIDs = append(s.GIDs, uint32(g))
	}
	return s
}

// holdsNetAdmin reports whether a netlink socket could change interfaces.
func holdsNetAdmin() bool {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&hdr, &data[0]) != nil {
		return os.Geteuid() == 0
	}
	return data[0].Permitted&(1<<unix.CAP_NET_ADMIN) != 0
}

// holdsUnixSocket reports whether an AF_UNIX socket is open, over which
// descriptors could come and go. Where that cannot be seen it may be.
func holdsUnixSocket() bool {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return true
	}
	for _, name := range names {
		fd, err := strconv.Atoi(name.Name())
		if err != nil {
			continue
		}
		if d, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err == nil && d == unix.AF_UNIX {
			return true
		}
	}
	return false
}
