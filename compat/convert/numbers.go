package convert

import (
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/promises"
)

// mapNote is what becomes of executable mappings.
const mapNote = "executable memory: the loader maps it before the promises apply; later (dlopen, compilers at run time) it needs prot_exec"

// grantMap: only programs that make code at run time need prot_exec.
func grantMap(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		args := [6]uint64{0, 4096, 3, 0x22}
		for _, l := range c.literals(e, t, "prot") {
			operand := strings.ToUpper(l.Operand)
			switch {
			case l.Op == syntax.Sub && !l.negated && operand == "PROT_EXEC":
				args[2] |= 4 // asks for it by name, not as a loader does
			case l.Op == syntax.Nsub && !l.negated && operand == "PROT_EXEC":
			case l.negated || l.Op != syntax.Eq:
				e.note(Wider, "any protection but executable: not only %s", l.text())
			case strings.Contains(operand, "PROT_EXEC"):
				e.note(Narrower, "%s: %s", l.Operand, mapNote)
				return
			default:
				e.note(Wider, "any protection but executable: not only %s", l.text())
			}
		}
		if len(t) == 0 {
			e.note(Narrower, "not %s", mapNote)
		}
		c.need(e, call, args)
	}
}

func grantKill(c *conversion, e *entry, t term) {
	own := false
	for _, l := range c.literals(e, t, "pidname", "signame") {
		if strings.EqualFold(l.Name, "pidname") && l.Op == syntax.Eq && !l.negated && l.Operand == "<own process group>" {
			own = true
			continue
		}
		e.note(Wider, "any signal to any process of the user: not only %s", l.text())
	}
	if own {
		c.need(e, "kill", [6]uint64{0, 15})
		return
	}
	c.need(e, "kill", [6]uint64{1, 15})
}

// fcntlCommands by name: which commands stdio admits, and which take a word.
var fcntlCommands = map[string]uint64{
	"F_DUPFD": 0, "F_GETFD": 1, "F_SETFD": 2, "F_GETFL": 3, "F_SETFL": 4,
	"F_GETLK": 5, "F_SETLK": 6, "F_SETLKW": 7, "F_SETOWN": 8, "F_GETOWN": 9, "F_SETSIG": 10, "F_GETSIG": 11,
}

func grantFcntl(c *conversion, e *entry, t term) {
	named := false
	for _, l := range c.literals(e, t, "cmd") {
		named = true
		cmd, known := fcntlCommands[strings.ToUpper(l.Operand)]
		if n, isNumber := strings.CutPrefix(l.Operand, "<unknown>: "); isNumber && calls.IsLinux(e.rule.Emulation) {
			var err error
			cmd, err = strconv.ParseUint(n, 10, 32)
			known = err == nil
		}
		switch {
		case l.negated || l.Op != syntax.Eq:
			e.note(Narrower, "locks and signals by fcntl need flock and proc, which %s does not ask for by name", l.text())
			cmd = fcntlCommands["F_GETFD"]
		case !known:
			e.note(NoCounterpart, "%s is a number of BSD", l.text())
			cmd = fcntlCommands["F_DUPFD"]
		default:
			e.note(Wider, "with its like: not only %s", l.text())
		}
		c.need(e, "fcntl", [6]uint64{0, cmd})
	}
	if !named {
		e.note(Narrower, "not F_SETOWN and F_SETSIG, which send signals: they need proc")
		c.need(e, "fcntl", [6]uint64{0, fcntlCommands["F_GETFD"]}, [6]uint64{0, fcntlCommands["F_SETLK"]})
	}
}

func grantFork(c *conversion, e *entry, t term) {
	c.literals(e, t)
	c.need(e, "clone", [6]uint64{17})
}

// grantIoctl: stdio admits few requests; tty those of terminals. Requests that
// a policy names, as learned ones do, are of Linux.
func grantIoctl(c *conversion, e *entry, t term) {
	if e.call.Name != "ioctl" {
		e.note(Narrower, "%s", nearest(e.call))
		return
	}
	named := false
	for _, l := range c.literals(e, t, "cmd") {
		number, known := requestNumber(l.Operand)
		if l.negated || l.Op != syntax.Eq || !known || !calls.IsLinux(e.rule.Emulation) {
			continue
		}
		named = true
		e.note(Wider, "with its like: not only %s", l.text())
		c.need(e, "ioctl", [6]uint64{0, number})
	}
	if !named {
		e.note(Narrower, "ioctl: requests that stdio admits, and those of tty where the policy opens a terminal; others need a promise of their own")
		c.need(e, "ioctl", exampleArgs["ioctl"]...)
	}
}

// requestNumber reads a request as policies name it.
func requestNumber(s string) (uint64, bool) {
	if text, ok := strings.CutPrefix(s, "<unknown>: "); ok {
		n, err := strconv.ParseUint(text, 0, 32)
		return n, err == nil
	}
	return translate.RequestNumber(strings.ToUpper(s))
}

// grantOnSocket: calls on sockets that other rules let be made.
func grantOnSocket(c *conversion, e *entry, t term) {
	c.literals(e, t)
	if c.net.words == 0 {
		e.note(Narrower, "no rule lets a socket be made; for an inherited one add inet or unix")
		return
	}
	args := [6]uint64{3}
	if e.call.Linux[0] == "setsockopt" {
		args = [6]uint64{3, 1, 2, 0x1000, 4} // SO_REUSEADDR
	}
	c.need(e, e.call.Linux[0], args)
}

// grantTransfer: messages may carry descriptors, which a filter cannot see.
func grantTransfer(c *conversion, e *entry, t term) {
	if c.net.words&^promises.DNS.Set() == 0 {
		e.note(Narrower, "no rule lets a socket be made; for an inherited one add inet or unix")
		return
	}
	if c.net.words&promises.Unix.Set() != 0 {
		e.note(Narrower, "descriptors are not passed: that needs sendfd and recvfd")
	}
	if c.net.words&promises.Inet.Set() != 0 {
		c.need(e, "recvmsg", [6]uint64{3, 0x1000})
	}
}
