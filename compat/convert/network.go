package convert

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/promises"
)

// network is what a policy's rules on sockets amount to.
type network struct {
	words   promises.Set // inet, unix, dns
	sockets bool         // some rule lets sockets be made
	asked   promises.Set // families that rules on socket name
	unnamed bool         // a rule on socket names none

	inet, unix bool // some address is of that family
	beyondDNS  bool // an inet address that is not port 53
	anywhere   bool // connect or bind without a condition
}

// addressCalls are those whose rules tell families apart by addresses.
var addressCalls = map[string]bool{"bind": true, "connect": true, "sendto": true, "sendmsg": true}

// network looks at all rules on sockets together: an unconditional permit of
// socket is as wide as the addresses that other rules let it be used with.
func (c *conversion) network() {
	n := &c.net
	for _, e := range c.policy.entries {
		if !e.permits() || e.call == nil || len(e.call.Linux) == 0 {
			continue
		}
		for _, t := range e.terms {
			switch call := e.call.Linux[0]; {
			case call == "socket" && e.call.Name != "sendsyslog" && e.call.Name != "sendsyslog2":
				n.socket(t)
			case addressCalls[call]:
				n.address(call, t)
			}
		}
	}
	n.decide()
}

func (n *network) socket(t term) {
	n.sockets = true
	for _, l := range t {
		if strings.EqualFold(l.Name, "sockdom") && l.Op == syntax.Eq && !l.negated {
			n.asked |= familyWord(l.Operand)
			return
		}
	}
	n.unnamed = true
}

func familyWord(operand string) promises.Set {
	switch strings.ToUpper(operand) {
	case "AF_UNIX", "AF_LOCAL":
		return promises.Unix.Set()
	case "AF_INET", "AF_INET6":
		return promises.Inet.Set()
	}
	return 0
}

func (n *network) address(call string, t term) {
	for _, l := range t {
		if !strings.EqualFold(l.Name, "sockaddr") {
			continue
		}
		switch {
		case l.negated && strings.HasPrefix(call, "send") || l.Operand == "<unknown>":
			return // without an address
		case l.negated || l.Op == syntax.Neq || l.Op == syntax.Nsub:
			n.anywhere = true
		case strings.HasPrefix(l.Operand, "inet") || strings.Contains(l.Operand, ":") && !strings.HasPrefix(l.Operand, "/"):
			n.inet = true
			n.beyondDNS = n.beyondDNS || call == "bind" || !strings.HasSuffix(strings.TrimSuffix(l.Operand, "$"), ":53")
		case strings.HasPrefix(l.Operand, "family(") || strings.HasPrefix(l.Operand, "/<non-existent"):
		default:
			n.unix = true
		}
		return
	}
	if call == "connect" || call == "bind" {
		n.anywhere = true
	}
}

func (n *network) decide() {
	inet, unix := promises.Inet.Set(), promises.Unix.Set()
	used := promises.Set(0)
	if n.inet || n.anywhere {
		used |= inet
	}
	if n.unix || n.anywhere {
		used |= unix
	}
	n.words = n.asked
	if n.unnamed {
		n.words |= used
	}
	onlyDNS := n.inet && !n.beyondDNS && !n.anywhere
	if n.words&inet != 0 && onlyDNS {
		n.words = n.words&^inet | promises.DNS.Set()
	}
}

var families = map[string]uint64{"AF_UNIX": 1, "AF_LOCAL": 1, "AF_INET": 2, "AF_INET6": 10}

func grantSocket(c *conversion, e *entry, t term) {
	if e.call.Fidelity == "lossy" {
		e.note(NoCounterpart, "%s", nearest(e.call))
		return
	}
	literals := c.literals(e, t, "sockdom", "socktype")
	for _, l := range literals {
		if strings.EqualFold(l.Name, "socktype") {
			e.note(Wider, "sockets of any type: not only %s", l.text())
		}
	}
	for _, l := range literals {
		if strings.EqualFold(l.Name, "sockdom") && l.Op == syntax.Eq && !l.negated {
			c.family(e, l)
			return
		}
	}
	if c.net.words == 0 {
		e.note(Narrower, "sockets of no family: no rule lets one be bound or connected; add inet or unix")
		return
	}
	if lacking := (promises.Inet.Set() | promises.Unix.Set()) &^ c.net.words; lacking != 0 {
		e.note(Narrower, "only families that rules on connect and bind have addresses of; others need %s", lacking)
	}
	c.sockets(e, c.net.words)
}

// family is a rule that names an address family.
func (c *conversion) family(e *entry, l literal) {
	af, ok := families[strings.ToUpper(l.Operand)]
	if !ok {
		e.note(Narrower, "no promise admits sockets of %s", l.Operand)
		return
	}
	if af != 1 {
		e.note(Wider, "IPv4 and IPv6 alike: not only %s", l.text())
	}
	c.sockets(e, familyWord(l.Operand)&c.net.words|c.dnsFor(af))
}

func (c *conversion) dnsFor(af uint64) promises.Set {
	if af != 1 {
		return c.net.words & (promises.DNS.Set() | promises.Inet.Set())
	}
	return 0
}

// sockets asks for the words and one call for each.
func (c *conversion) sockets(e *entry, words promises.Set) {
	c.definite |= words
	if words&(promises.Inet.Set()|promises.DNS.Set()) != 0 {
		c.need(e, "socket", [6]uint64{2, 1, 6})
	}
	if words&promises.Unix.Set() != 0 {
		c.need(e, "socket", [6]uint64{1, 1, 0})
	}
}

// grantAddress: the family is in the words, ports may be in rules of Landlock,
// the rest of an address is lost.
func grantAddress(c *conversion, e *entry, t term) {
	call := e.call.Linux[0]
	literals := c.literals(e, t, "sockaddr")
	if c.net.words == 0 {
		if len(literals) == 0 && call == "sendto" {
			c.need(e, "sendto", [6]uint64{3, 0x1000, 1})
			e.note(Narrower, "without an address only: no rule lets a socket be made")
			return
		}
		e.note(Narrower, "no rule lets a socket be made; for an inherited one add inet or unix")
		return
	}
	for _, l := range literals {
		c.address(e, call, l)
	}
	if len(literals) == 0 && call != "sendto" && call != "sendmsg" {
		c.anyAddress(e, call)
	}
	if call == "sendto" || call == "sendmsg" {
		c.need(e, "sendto", [6]uint64{3, 0x1000, 1})
		return
	}
	c.need(e, call, [6]uint64{3, 0x1000, 16})
}

func (c *conversion) anyAddress(e *entry, call string) {
	if call == "bind" && c.net.words&promises.Unix.Set() != 0 {
		c.anyPath |= cr
	}
}

func (c *conversion) address(e *entry, call string, l literal) {
	operand, missing := substitute(l.Operand, c.options)
	switch {
	case operand == "<unknown>" || l.negated && l.Op == syntax.Sub && operand == "":
	case missing != "":
		e.note(Narrower, "the value of %s is not known; give it (--set)", missing)
	case strings.HasPrefix(operand, "inet") || strings.Contains(operand, ":") && !strings.HasPrefix(operand, "/"):
		e.note(Wider, "%s to any address: not only %s", map[bool]string{true: "binds", false: "connects and sends"}[call == "bind"], l.text())
	case strings.HasPrefix(operand, "family("):
		e.note(Exact, "an address of no family is refused by the kernel")
	case call == "bind":
		c.bindPath(e, l)
	default:
		e.note(Wider, "any local socket: Landlock does not look at their paths; not only %s", l.text())
	}
}

// bindPath: a socket is a new name in its directory.
func (c *conversion) bindPath(e *entry, l literal) {
	p := c.place(l)
	e.reasons = append(e.reasons, fresh(e, p.reasons)...)
	if p.path == "" {
		return
	}
	if !strings.HasPrefix(p.path, "/") && !strings.HasPrefix(p.path, "$") && !strings.HasPrefix(p.path, ".") {
		p.path = "./" + p.path
	}
	paths, said := onLinux(p.path)
	if said != nil {
		e.note(said.Class, "%s", said.Text)
	}
	for _, q := range paths {
		c.paths = append(c.paths, pathGrant{entry: e, path: q, perms: cr, subtree: p.subtree})
	}
}

// maxPorts is how many ports are worth a rule each.
const maxPorts = 64

// ports asks the policy about every TCP port: the ports that connect and bind
// are limited to, nil if they are not.
func (c *conversion) ports() (connect, bind []int) {
	if c.net.words&promises.Inet.Set() == 0 {
		return nil, nil
	}
	p := c.compiled()
	if p == nil {
		return nil, nil
	}
	connect, bind = c.portsOf(p, "connect"), c.portsOf(p, "bind")
	if connect == nil || bind == nil || len(connect)+len(bind) == 0 {
		return nil, nil // both are limited or neither is
	}
	return connect, bind
}

// compiled is the policy, to be asked; nil if it has errors.
func (c *conversion) compiled() *policy.Policy {
	anyone := func(string) (uint32, bool) { return 0, true }
	p, err := policy.Compile(c.section, &policy.Env{Root: true, UID: c.options.UID, GID: c.options.GID,
		UserID: anyone, GroupID: anyone, Home: "$HOME", User: c.options.User, Cwd: "$CWD"})
	if err != nil {
		return nil
	}
	return p
}

func (c *conversion) portsOf(p *policy.Policy, call string) []int {
	hosts := append([]string{"192.0.2.1", "2001:db8::1"}, c.hosts(call)...)
	var ports []int
	for _, port := range c.candidates(call) {
		if slices.ContainsFunc(hosts, func(h string) bool { return permitsAddress(p, call, fmt.Sprintf("inet-[%s]:%d", h, port)) }) {
			ports = append(ports, port)
		}
		if len(ports) > maxPorts {
			return nil
		}
	}
	if ports == nil {
		return []int{}
	}
	return ports
}

// candidates are the ports that rules may permit: those that they name, or all.
func (c *conversion) candidates(call string) (list []int) {
	for _, e := range c.policy.byCall[call] {
		for _, t := range e.terms {
			named := portsNamed(t)
			if e.permits() && named == nil {
				return everyPort
			}
			list = append(list, named...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

var everyPort = func() []int {
	list := make([]int, 65536)
	for i := range list {
		list[i] = i
	}
	return list
}()

// portsNamed are the ports that a term may hold for, if it names them: one
// that ends in ":80", or with sub those that begin so; nil if it does not.
func portsNamed(t term) []int {
	for _, l := range t {
		if !l.negated && (l.Op == syntax.Eq || l.Op == syntax.Match) && strings.HasPrefix(l.Operand, "/") {
			return []int{} // a local socket
		}
		i := strings.LastIndexByte(l.Operand, ':')
		if l.negated || i < 0 || !strings.EqualFold(l.Name, "sockaddr") {
			continue
		}
		port, err := strconv.ParseUint(l.Operand[i+1:], 10, 16)
		switch {
		case err != nil:
		case l.Op == syntax.Eq || l.Op == syntax.Match:
			return []int{int(port)}
		case l.Op == syntax.Sub && port > 0:
			return beginning(int(port))
		}
	}
	return nil
}

// beginning are the ports whose digits begin with those of a number.
func beginning(n int) (list []int) {
	for low, count := n, 1; low < 65536; low, count = low*10, count*10 {
		for p := low; p < min(low+count, 65536); p++ {
			list = append(list, p)
		}
	}
	return list
}

func permitsAddress(p *policy.Policy, call, address string) bool {
	v := p.Decide(&policy.Question{Names: []string{call}, Args: []policy.Arg{{Name: "sockaddr", Text: address}}})
	return v.Covered && v.Action == syntax.Permit
}

// hosts are those that rules name.
func (c *conversion) hosts(call string) (list []string) {
	for _, e := range c.policy.byCall[call] {
		for _, t := range e.terms {
			for _, l := range t {
				host, ok := strings.CutPrefix(l.Operand, "inet-[")
				if host, _, closed := strings.Cut(host, "]"); ok && closed && !slices.Contains(list, host) {
					list = append(list, host)
				}
			}
		}
	}
	return append(list, "0.0.0.0", "127.0.0.1", "::1", "::")
}
