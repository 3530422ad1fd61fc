//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
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
	if !trap.wanted && debugging() {
		trap.wanted, trap.tell = true, tell
	}
	notes, err := process.Overlooked(r.bestEffort)
	if err != nil {
		return fmt.Errorf("pledge: %w", err)
	}
	waived := r.waived()
	if !r.Pledged || same(r.State, process.Now) && (r.deny || !process.Now.Deny) || process.Now.Unhidden != nil && waived != nil {
		return waived
	}
	rings, err := process.Rings()
	if err != nil {
		return fmt.Errorf("pledge: %w", err)
	}
	r.note(append(notes, rings...))
	if err := r.enforce(); err != nil {
		r.release()
		return fmt.Errorf("pledge: %w", err)
	}
	return nil
}

// waived is the error of what an earlier pledge with BestEffort went without, for one
// that does not accept that.
func (r *request) waived() error {
	for _, err := range []error{process.Now.Unhidden, process.Now.Waived} {
		if err != nil && !r.bestEffort && r.Pledged {
			return fmt.Errorf("pledge: %w", err)
		}
	}
	return nil
}

// note keeps what is said of the state, once.
func (r *request) note(list []string) {
	for _, n := range list {
		if !slices.Contains(r.Notes, n) {
			r.Notes = append(r.Notes[:len(r.Notes):len(r.Notes)], n)
		}
	}
}

// release closes what a request that failed has opened.
func (r *request) release() {
	if r.looked {
		r.Pins.Release()
	}
	if r.Fallen != process.Now.Fallen && r.Fallen != r.Pins.Veil {
		process.UnpinVeil(r.Fallen)
	}
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
		return &promises.UnsupportedError{Feature: "filters for " + runtime.GOARCH, Needs: "amd64 or arm64"}
	}
	if err := r.look(); err != nil {
		return err
	}
	plan, err := r.plan()
	if err != nil {
		return err
	}
	p, err := filter.Compile(filter.Options{
		Arch: arch, Set: plan.Set, Violation: r.violation(), Supervised: r.violation(), Self: self(),
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
	if err := (process.Layers{Ruleset: &plan.Ruleset, Filter: p.Code}).Enforce(); err != nil {
		return err
	}
	r.Deny, r.Kills = r.deny, r.Kills || r.kills()
	r.Filters, r.Held = process.Now.Filters, plan.Held
	r.note(plan.Notes)
	r.Waive(plan)
	process.Now = r.State
	return nil
}

// kills reports whether violations of the requested promises end the process.
func (r *request) kills() bool {
	v := r.violation()
	return v == filter.KillProcess || v == filter.Trap
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

// plan works out what to enforce in addition to what is. Without the word unveil
// that is the veil, too.
func (r *request) plan() (layers.Plan, error) {
	ask := process.Ask(r.Promises, r.bestEffort)
	r.PtraceFree = ask.PtraceFree
	ask.Root, ask.Found = r.Pins.Root, r.found()
	ask.Fallen = r.Fallen
	ask.Whitelist = func() []landlock.PathRule { return whitelist.Rules(r.Pins.Known, r.Promises) }
	if r.Promises.Has(promises.Exec) {
		ask.Load = func() []landlock.PathRule { return r.Pins.Load(r.Promises) }
	}
	if !r.Promises.Has(promises.Unveil) && !r.Blocked {
		var err error
		if ask.Veil, r.Fallen, err = r.Fall(); err != nil {
			return layers.Plan{}, err
		}
		r.Blocked = true
	}
	return process.Plan(ask)
}

// found are the situations that are this process's own.
func (r *request) found() promises.Set {
	set := r.Sockets
	add := func(when bool, bit promises.Set) {
		if when {
			set |= bit
		}
	}
	add(r.execRefused(), rules.ExecRefused)
	add(r.NetAdmin, rules.NetAdmin)
	add(r.Veil != nil && r.Veil.CreateOnly(), rules.CreateOnly)
	add(trap.wanted && !r.deny && !r.Promises.Has(promises.Error), rules.Trapped)
	return set
}

// look takes note of what cannot be looked at any more once the process has
// pledged.
func (r *request) look() (err error) {
	if !process.Now.Pledged {
		r.NetAdmin, r.Sockets = holdsNetAdmin(), openSockets(r.Promises)
	} else {
		r.Sockets |= madeSockets(process.Now.Promises)
	}
	if process.Now.Pledged && !process.Now.Promises.Has(promises.Rpath) {
		return nil
	}
	r.looked = true
	if r.Promises.Has(promises.Rpath) {
		r.Pins = process.Pins{Known: whitelist.Entries(r.Promises)}
		return nil
	}
	var veil process.Veil
	if !r.Blocked {
		veil = r.Veil
	}
	r.Pins, err = process.Pin(r.Promises, veil)
	return err
}

func self() rules.Self {
	s := rules.Self{PID: uint32(os.Getpid()), UID: uint32(os.Geteuid()), GIDs: []uint32{uint32(os.Getegid())}}
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

// openSockets are the situations that open sockets make. Where they cannot be seen
// there may be any.
func openSockets(words promises.Set) promises.Set {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return rules.AnyInherited
	}
	var list []rules.InheritedSocket
	for _, name := range names {
		fd, err := strconv.Atoi(name.Name())
		if err != nil {
			continue
		}
		if k, ok := sys.Socket(fd); ok {
			list = append(list, rules.InheritedSocket(k))
		}
	}
	return rules.Inherited(words, list)
}

// madeSockets are the situations that sockets make which words let be made.
func madeSockets(words promises.Set) (s promises.Set) {
	if words.Has(promises.Unix) {
		s |= rules.UnixInherited | rules.UnixUnpaired
	}
	if words.Has(promises.Inet) || words.Has(promises.DNS) {
		s |= rules.InetInherited | rules.OtherInherited // getifaddrs() makes one
	}
	if words.Has(promises.Route) || words.Has(promises.Wroute) {
		s |= rules.OtherInherited
	}
	if words.Has(promises.Recvfd) {
		s |= rules.AnyInherited
	}
	return s
}
