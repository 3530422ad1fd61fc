package rules

import (
	"github.com/pledge-linux/pledge/promises"
)

// tables holds every rule. The rules of one call stand together, in one table,
// in the order in which they are tried.
var tables = [...][]Rule{
	baselineTable, descriptorTable, memoryTable, threadTable, timeTable, signalTable,
	eventTable, identityTable, socketTable, sockoptTable, fcntlTable, ioctlTable, prctlTable,
	openTable, readPathTable, createTable, attributeTable, processTable, systemTable,
	neverTable, absentTable,
}

// Rules calls yield with the rules of one system call after the other.
func All(yield func(call string, rules []Rule) bool) {
	for _, t := range tables {
		for i := 0; i < len(t); {
			j := i + 1
			for j < len(t) && t[j].Call == t[i].Call {
				j++
			}
			if !yield(t[i].Call, t[i:j]) {
				return
			}
			i = j
		}
	}
}

// Tables returns the tables, whose rules [Rules] goes through in this order.
// Callers must not change them.
func Tables() [][]Rule { return tables[:] }

// RulesOf returns the rules of the named call, or nil.
func Of(call string) (found []Rule) {
	All(func(name string, rules []Rule) bool {
		if name == call {
			found = rules
		}
		return found == nil
	})
	return found
}

// Judge is the plain reading of the rules of one call: what happens to a call
// with these arguments under set s. Filters are tested against it.
func Judge(rules []Rule, s promises.Set, args [6]uint64, self Self) Action {
	for i := range rules {
		if rules[i].Applies(s) && rules[i].holds(args, self) {
			return rules[i].Action
		}
	}
	return Violate
}

func (r *Rule) holds(args [6]uint64, self Self) bool {
	for i := range r.When {
		if !r.When[i].Holds(args, self) {
			return false
		}
	}
	return true
}
