package filter

import (
	"sync"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/promises"
)

// Judge is the plain reading of the options: the verdict that the compiled
// program must give for a call. It is slow and has no cleverness.
func (o *Options) Judge(audit uint32, nr uint32, args [6]uint64) Verdict {
	if o.Key != nil && audit == o.keyArch().Audit {
		if execve, _ := o.keyArch().Number("execve"); nr == execve && [3]uint64(args[3:6]) == *o.Key {
			return Allow
		}
	}
	if audit != o.Arch.Audit {
		return KillProcess
	}
	if o.Arch == abi.AMD64 && nr >= x32 {
		return KillProcess
	}
	name := o.Arch.CallName(nr)
	if name == "" {
		return NoSys
	}
	return o.verdict(promises.Judge(rulesOf()[name], o.Set, args, o.Self))
}

func (o *Options) keyArch() *abi.Arch {
	if o.KeyArch == nil {
		return o.Arch
	}
	return o.KeyArch
}

// rulesOf is promises.RulesOf as a map: tests ask millions of times.
func rulesOf() map[string][]promises.Rule {
	rulesOnce.Do(func() {
		rulesIndex = map[string][]promises.Rule{}
		promises.Rules(func(call string, rules []promises.Rule) bool {
			rulesIndex[call] = rules
			return true
		})
	})
	return rulesIndex
}

var (
	rulesOnce  sync.Once
	rulesIndex map[string][]promises.Rule
)
