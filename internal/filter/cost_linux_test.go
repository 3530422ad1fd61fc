package filter

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/promises"
)

// walk is the kernel's seccomp_cache_prepare for one number: how many
// instructions it looks at until it knows whether the verdict depends on the
// number alone.
func walk(code []unix.SockFilter, audit, nr uint32) (steps int, always bool) {
	var a uint32
	for pc := 0; ; pc++ {
		steps++
		c := code[pc]
		yes := false
		switch c.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			switch c.K {
			case offNr:
				a = nr
			case offArch:
				a = audit
			default:
				return steps, false
			}
			continue
		case unix.BPF_RET | unix.BPF_K:
			return steps, Verdict(c.K) == Allow
		case unix.BPF_JMP | unix.BPF_JA:
			pc += int(c.K)
			continue
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			yes = a == c.K
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			yes = a >= c.K
		case unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K:
			yes = a > c.K
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			a &= c.K
			continue
		default:
			return steps, false
		}
		if yes {
			pc += int(c.Jt)
		} else {
			pc += int(c.Jf)
		}
	}
}

// What the kernel does when it loads a filter is proportional to its length, and
// to the way from its start to what is decided, for every number of both
// architectures. Both stay short, and nothing in it is dead.
func TestCost(t *testing.T) {
	for _, words := range []string{"", "stdio", "stdio rpath", "stdio rpath wpath cpath", "stdio rpath wpath cpath fattr tty proc exec", "stdio inet dns rpath", "stdio unix"} {
		s, err := promises.Parse(words)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(options(abi.AMD64, s))
		if err != nil {
			t.Fatal(err)
		}
		native, foreign, cached := 0, 0, 0
		for nr := range abi.AMD64.Newest() + 1 {
			n, always := walk(p.Code, abi.AMD64.Audit, nr)
			if native += n; always {
				cached++
			}
			n, _ = walk(p.Code, abi.I386.Audit, nr)
			foreign += n
		}
		numbers := int(abi.AMD64.Newest()) + 1
		t.Logf("%q: %d instructions, %.1f steps a number, %d numbers always admitted", words, len(p.Code), float64(native)/float64(numbers), cached)
		if native > 13*numbers || foreign > 3*numbers {
			t.Errorf("%q: the kernel takes %d steps for %d numbers, and %d for foreign ones", words, native, numbers, foreign)
		}
		for i, reached := range reachable(p.Code) {
			if !reached {
				t.Errorf("%q: instruction %d is never reached", words, i)
			}
		}
	}
}

func reachable(code []unix.SockFilter) []bool {
	reached := make([]bool, len(code))
	reached[0] = true
	for i, c := range code {
		switch {
		case !reached[i] || c.Code == unix.BPF_RET|unix.BPF_K:
		case c.Code == unix.BPF_JMP|unix.BPF_JA:
			reached[i+1+int(c.K)] = true
		case c.Code&7 == unix.BPF_JMP:
			reached[i+1+int(c.Jt)], reached[i+1+int(c.Jf)] = true, true
		default:
			reached[i+1] = true
		}
	}
	return reached
}
