package filter

import (
	"sync"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/rules"
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
	return o.verdict(rules.Judge(rulesOf()[name], o.Set, args, o.Self))
}

func (o *Options) keyArch() *abi.Arch {
	if o.KeyArch == nil {
		return o.Arch
	}
	return o.KeyArch
}

// rulesOf is rules.Of as a map: tests ask millions of times.
func rulesOf() map[string][]rules.Rule {
	rulesOnce.Do(func() {
		rulesIndex = map[string][]rules.Rule{}
		rules.All(func(call string, list []rules.Rule) bool {
			rulesIndex[call] = list
			return true
		})
	})
	return rulesIndex
}

var (
	rulesOnce  sync.Once
	rulesIndex map[string][]rules.Rule
)
