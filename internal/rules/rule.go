package rules

import (
	"fmt"

	"github.com/pledge-linux/pledge/promises"
)

// A Rule decides a system call for the sets it applies to. Of the rules of one
// call the first that applies to the set and whose conditions hold decides; if
// none does the call is a violation.
type Rule struct {
	Call   string       // system-call name, as in package abi
	Needs  promises.Set // the rule applies when all of these are held
	Unless promises.Set // ... and none of these
	When   []Cond       // ... and the arguments satisfy all of these
	Action Action
	Why    string
}

// Applies reports whether the rule takes part in the filter for s.
func (r *Rule) Applies(s promises.Set) bool { return r.Needs&^s == 0 && r.Unless&s == 0 }

// An Action is what happens to a call that a rule decides: Allow, Violate,
// Notify, or an errno in the low 16 bits (see [Errno]).
type Action uint32

// The actions that are not an errno.
const (
	Violate Action = 1<<16 + iota // the penalty: deny, kill or ENOSYS
	Allow                         // the kernel performs the call
	Notify                        // a supervisor performs it, or the penalty applies
)

// Errno returns the action that answers the call with errno e.
func Errno(e uint16) Action { return Action(e) }

// Errno returns the error number and true if the action is one.
func (a Action) Errno() (uint16, bool) { return uint16(a), a < 1<<16 }

func (a Action) String() string {
	switch a {
	case Violate:
		return "violation"
	case Allow:
		return "allow"
	case Notify:
		return "supervised"
	}
	for _, e := range errnoNames {
		if e.action == a {
			return e.name
		}
	}
	return fmt.Sprintf("errno %d", uint32(a))
}

// Polite errors of the tables; the numbers are the same on all architectures
// that are supported.
const (
	eOK             Action = 0 // success, and nothing is done
	ePERM           Action = 1
	eNOENT          Action = 2
	eACCES          Action = 13
	eINVAL          Action = 22
	eNOTTY          Action = 25
	eNOSYS          Action = 38
	ePROTONOSUPPORT Action = 93
	eOPNOTSUPP      Action = 95
	eAFNOSUPPORT    Action = 97
)

var errnoNames = [...]struct {
	action Action
	name   string
}{
	{eOK, "success"}, {ePERM, "EPERM"}, {eNOENT, "ENOENT"}, {eACCES, "EACCES"}, {eINVAL, "EINVAL"}, {eNOTTY, "ENOTTY"}, {eNOSYS, "ENOSYS"},
	{ePROTONOSUPPORT, "EPROTONOSUPPORT"}, {eOPNOTSUPP, "EOPNOTSUPP"}, {eAFNOSUPPORT, "EAFNOSUPPORT"},
}

// A Cond compares one argument under a mask. Arguments that the kernel treats
// as 32 bits wide are compared under a 32-bit mask, because the kernel drops
// the rest (CVE-2019-7303, CVE-2019-10063).
type Cond struct {
	Arg    uint8
	Op     Op
	Mask   uint64
	Values []uint64
}

// Op is how a Cond compares.
type Op uint8

// The comparisons.
const (
	In    Op = iota // arg & Mask equals one of Values
	NotIn           // it equals none of them
	Own             // as In; Values are OwnPID, OwnUID or OwnGIDs
)

// Values of an Own comparison, replaced by those of the confined process.
const (
	OwnPID  = 1 // its process id
	OwnUID  = 2 // its effective user id, and -1
	OwnGIDs = 3 // its effective group id, its groups, and -1
)

// Self is what the Own comparisons stand for.
type Self struct {
	PID  uint32
	UID  uint32
	GIDs []uint32
}

// Resolve returns the values that c compares with.
func (c *Cond) Resolve(self Self) []uint64 {
	if c.Op != Own {
		return c.Values
	}
	switch c.Values[0] {
	case OwnPID:
		return []uint64{uint64(self.PID)}
	case OwnUID:
		return []uint64{0xffffffff, uint64(self.UID)}
	}
	vs := []uint64{0xffffffff}
	for _, g := range self.GIDs {
		vs = append(vs, uint64(g))
	}
	return vs
}

// Holds evaluates the condition.
func (c *Cond) Holds(args [6]uint64, self Self) bool {
	got := args[c.Arg] & c.Mask
	for _, v := range c.Resolve(self) {
		if got == v&c.Mask {
			return c.Op != NotIn
		}
	}
	return c.Op == NotIn
}

// Shorthands of the tables.
type (
	when = []Cond
	v    = []uint64
)

const (
	m32 uint64 = 0xffffffff         // an argument that the kernel takes as 32 bits
	all uint64 = 0xffffffffffffffff // a pointer or a true 64-bit argument
)

const (
	in    = In
	notIn = NotIn
	own   = Own
)

var (
	thisPID  = v{OwnPID}
	thisUID  = v{OwnUID}
	thisGIDs = v{OwnGIDs}
	zero     = v{0}
	cwd      = v{0xffffff9c} // AT_FDCWD
)
