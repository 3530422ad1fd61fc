package process

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/landlock"
)

// veilABI is the Landlock version that a veil needs: truncating hidden files
// could not be denied before.
const veilABI = 3

// VeilRules has the ruleset deny every path that the veil does not admit. With
// bestEffort an older kernel denies what it can, and the notes say what it
// cannot.
func VeilRules(rs *landlock.Ruleset, v Veil, version int, bestEffort bool) (notes []string, err error) {
	switch {
	case version >= veilABI:
	case !bestEffort:
		return nil, &Unsupported{Feature: "unveil", Needs: fmt.Sprintf("Landlock ABI %d (Linux 6.2 with lsm=landlock), or the option BestEffort; this kernel has ABI %d", veilABI, version)}
	case version < 1:
		return []string{"paths are not hidden: this kernel has no Landlock"}, nil
	default:
		notes = append(notes, fmt.Sprintf("truncating hidden files is not denied: Landlock ABI %d, %d is needed (Linux 6.2)", version, veilABI))
	}
	rules, more, err := v.Rules()
	if err != nil {
		return nil, err
	}
	rs.FS |= landlock.Handled(version)
	rs.Paths = append(rs.Paths, rules...)
	return append(notes, more...), nil
}

// Block enforces the veil for a process as it is, with the files that its
// promises whitelist. Nothing can be unveiled from then on.
// Preconditions: Mu is held.
func Block(bestEffort bool) error {
	if Now.Blocked {
		return nil
	}
	if Now.Veil == nil {
		Now.Blocked = true
		return nil
	}
	version := landlock.ABI()
	rs := &landlock.Ruleset{}
	notes, err := VeilRules(rs, Now.Veil, version, bestEffort)
	if err != nil {
		return err
	}
	if Now.Pledged {
		rs.Paths = append(rs.Paths, List(Now.Promises)...)
	}
	if version >= 6 {
		rs.Scoped = landlock.ScopeAbstract &^ Now.Scoped
	}
	if err := (Layers{Ruleset: rs}).Enforce(); err != nil {
		return err
	}
	Now.Blocked = true
	Now.Notes = append(Now.Notes, notes...)
	return nil
}
