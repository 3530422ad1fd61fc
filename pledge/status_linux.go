//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"strings"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/promises"
)

func status() State {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	n := process.Now
	s := State{Pledged: n.Pledged, Promises: n.Promises.String(), HasExec: n.ExecSet, ExecPromises: n.Exec.String()}
	switch {
	case !n.Pledged:
	case n.Promises.Has(promises.Error):
		s.Penalty = "error"
	case n.Deny:
		s.Penalty = "deny"
	default:
		s.Penalty = "kill"
	}
	if n.Filters > 0 {
		s.Layers = append(s.Layers, fmt.Sprintf("seccomp: %s for every thread", plural(n.Filters, "filter")))
	}
	if n.Held.Domains > 0 {
		s.Layers = append(s.Layers, fmt.Sprintf("landlock (ABI %d): %s: %s", landlock.ABI(), plural(n.Held.Domains, "ruleset"), strings.Join(guards(n), ", ")))
	}
	s.Lost = append(lost(n), n.Notes...)
	return s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// guards lists what Landlock is used for.
func guards(n process.State) []string {
	var list []string
	if n.Blocked && n.Veil != nil {
		list = append(list, "unveiled paths")
	}
	if n.Held.Listed&landlock.Reading != 0 {
		list = append(list, "reading of whitelisted files")
	}
	if n.Held.Listed&landlock.Writing != 0 {
		list = append(list, "writing of whitelisted files")
	}
	if n.Held.Scoped&landlock.ScopeSignal != 0 {
		list = append(list, "signals")
	}
	if n.Held.Scoped&landlock.ScopeAbstract != 0 {
		list = append(list, "abstract sockets")
	}
	switch n.Held.TCP {
	case layers.NamePorts:
		list = append(list, "TCP to port 53 only")
	case layers.NoPorts:
		list = append(list, "no TCP")
	}
	list = append(list, "tracing")
	return list
}

// losses are what no layer sees without a supervisor, by the words that it
// concerns.
var losses = []struct {
	when promises.Set
	text string
}{
	{promises.Sendfd.Set(), "sendfd: the kind of a descriptor that is sent is not looked at"},
	{promises.Recvfd.Set(), "recvfd: the kind of a descriptor that is received is not looked at"},
	{promises.Unix.Set(), "unix: sendmsg(2) needs sendfd and recvmsg(2) recvfd, for they could carry descriptors (so does a resolver of C under dns and unix)"},
	{promises.Tmppath.Set(), "tmppath: files in /tmp need rpath, wpath and cpath here"},
	{promises.PS.Set(), "ps: /proc/PID needs rpath here"},
	{promises.Cpath.Set(), "cpath: setuid, setgid and sticky bits are EPERM, not dropped"},
	{promises.Fattr.Set(), "fattr: setuid, setgid and sticky bits are EPERM, not dropped"},
}

// portsLost says which addresses dns does not limit.
func portsLost(n process.State) string {
	switch {
	case !n.Promises.Has(promises.DNS):
		return ""
	case n.Held.TCP < layers.NamePorts:
		return "dns: connections are not limited to port 53"
	case landlock.At(landlock.ABI()).Net&landlock.ConnectSendUDP == 0:
		return "dns: UDP is not limited to port 53"
	}
	return ""
}

func lost(n process.State) []string {
	var list []string
	for _, f := range n.Failed {
		list = append(list, fmt.Sprintf("unveil: %v: the next pledge and Block fail", f.Err))
	}
	if n.Pledged {
		if text := portsLost(n); text != "" {
			list = append(list, text)
		}
		for _, l := range losses {
			if l.when.SubsetOf(n.Promises) {
				list = append(list, l.text)
			}
		}
		if n.Held.Listed&landlock.Reading != 0 {
			list = append(list, "a file that is not whitelisted is EACCES, no violation; a whitelisted one that is replaced by rename(2) as well")
		}
		if (&request{State: n}).execRefused() {
			list = append(list, "exec: execve is EACCES under these execpromises; programs of pledge.Command have to be started before them")
		}
	}
	if n.Blocked && n.Veil != nil {
		list = append(list, "unveil: stat, access, readlink, chdir and O_PATH see hidden paths; they answer EACCES, not ENOENT, when opened")
	}
	if n.Veil != nil && !n.Blocked {
		list = append(list, "unveil: paths are collected, none is hidden before Block or a pledge without the word unveil")
	}
	return list
}
