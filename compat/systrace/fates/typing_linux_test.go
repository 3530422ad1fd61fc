package fates

import (
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
)

// No policy lets a program type into its terminal, on no architecture, with
// whatever is in the upper half of the register; other requests are the policy's.
func TestNoTyping(t *testing.T) {
	const eperm = unix.SECCOMP_RET_ERRNO | filter.Verdict(unix.EPERM)
	rapid.Check(t, func(r *rapid.T) {
		emulation := rapid.SampledFrom([]string{"linux64", "native", "linux"}).Draw(r, "emulation")
		rule := rapid.SampledFrom([]string{"", "\t" + emulation + "-ioctl: permit\n", "\t" + emulation + "-ioctl: true then permit\n", "\t" + emulation + "-ioctl: true then ask\n"}).Draw(r, "rule")
		policies := []*policy.Policy{parsed(r, "Policy: /x, Emulation: "+emulation+"\n"+rule)}
		releasing := rapid.Bool().Draw(r, "releasing")
		for _, host := range []*abi.Arch{abi.AMD64, abi.ARM64} {
			list := Sections(host, policies, false, false, releasing)
			code := Assemble(list, key)
			for _, s := range list {
				number, _ := s.Arch.Number("ioctl")
				high := rapid.SampledFrom([]uint64{0, 1 << 32, 0xffffffff << 32}).Draw(r, "upper half")
				for _, request := range []uint64{0x5412, 0x541c, 0x541d} {
					if v := simulate(r, code, s.Arch.Audit, number, [6]uint64{1: request | high}); v != eperm {
						r.Errorf("%s: %q: ioctl %#x is %#x", s.Arch.Name, rule, request|high, v)
					}
				}
				for _, request := range []uint64{0x5401, 0x5411, 0x5413, 0x541b, 0x541e, rapid.Uint64Range(0, 0x5400).Draw(r, "request")} {
					if v := simulate(r, code, s.Arch.Audit, number, [6]uint64{1: request | high}); v == eperm {
						r.Errorf("%s: %q: ioctl %#x is refused", s.Arch.Name, rule, request|high)
					}
				}
			}
		}
	})
}
