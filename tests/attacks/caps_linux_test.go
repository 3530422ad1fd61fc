package attacks

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// capabilities as /proc/PID/status has them, by the last three letters.
type capSets map[string]uint64

// sets runs a command that prints its status, and reads the capability sets.
func sets(t *testing.T, env []string, argv ...string) capSets {
	t.Helper()
	r := testbed.Run(t, os.Getuid(), testbed.Dir(t, os.Getuid()), env, "", argv...)
	got := capSets{}
	for _, line := range strings.Split(r.Stdout, "\n") {
		if name, value, ok := strings.Cut(line, ":\t"); ok && strings.HasPrefix(name, "Cap") {
			n, err := strconv.ParseUint(value, 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			got[name[3:]] = n
		}
	}
	if len(got) != 5 {
		t.Fatalf("%q: status %d, %d sets\n%s%s", argv, r.Status, len(got), r.Stdout, r.Stderr)
	}
	return got
}

// What the words of the second column keep; see doc/security.md.
var keeps = []struct {
	words string
	caps  uint64
}{
	{"stdio rpath", 0},
	{"stdio rpath inet", 1 << 10},
	{"stdio rpath chown inet wroute id settime", 1<<0 | 1<<6 | 1<<7 | 1<<8 | 1<<10 | 1<<12 | 1<<25},
}

// The launcher may come by capabilities in many ways. A program has of them, in
// all five sets, what its words keep, and with --keep-caps what it would have had
// without the launcher.
func TestCapabilities(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root has capabilities to give")
	}
	testbed.Need(t, "setpriv")
	bin, self := testbed.Pledge(t), testbedSelf(t)
	status := []string{"grep", "^Cap", "/proc/self/status"}
	for _, launcher := range [][]string{
		{},
		{"--inh-caps=+sys_admin,+dac_override,+sys_ptrace,+net_admin"},
		{"--inh-caps=+sys_admin,+net_admin,+net_bind_service", "--ambient-caps=+sys_admin,+net_admin,+net_bind_service"},
		{"--bounding-set=-sys_time,-chown"},
		{"--bounding-set=-setpcap", "--inh-caps=+sys_admin"},
		{"--securebits=+noroot", "--inh-caps=+sys_admin,+net_bind_service", "--ambient-caps=+sys_admin,+net_bind_service"},
		{"--securebits=+no_setuid_fixup", "--inh-caps=+sys_admin", "--ambient-caps=+sys_admin"},
		{"--reuid=65534", "--regid=65534", "--clear-groups"},
		{"--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+net_admin,+net_bind_service", "--ambient-caps=+net_admin,+net_bind_service"},
		{"--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+setpcap,+sys_admin", "--ambient-caps=+setpcap,+sys_admin"},
	} {
		before := append([]string{"setpriv"}, launcher...)
		plain := sets(t, nil, append(append([]string{}, before...), status...)...)
		for _, k := range keeps {
			for _, pledge := range [][]string{
				{bin}, {bin, "--exec"}, {bin, "--kill"}, {bin, "--user", "nobody"}, {bin, "--exec", "--user", "nobody"}, {self},
			} {
				user := strings.Contains(strings.Join(pledge, " "), "nobody")
				if user && plain["Eff"]&(1<<7) == 0 {
					continue // changing the user takes CAP_SETUID
				}
				argv := append(append([]string{}, before...), append(pledge, k.words)...)
				if pledge[0] == bin {
					argv = append(argv, "--")
				}
				argv = append(argv, status...)
				got := sets(t, []string{"REACH=command"}, argv...)
				kept := k.caps
				if user {
					kept = 0
				}
				bounded(t, argv, plain, got, kept)
			}
			argv := append(append([]string{}, before...), append([]string{bin, "--keep-caps", k.words, "--"}, status...)...)
			if got := sets(t, nil, argv...); !same(got, plain) {
				t.Errorf("%q: %x, without the launcher %x", argv, got, plain)
			}
		}
	}
}

func bounded(t *testing.T, argv []string, plain, got capSets, kept uint64) {
	t.Helper()
	want := capSets{"Prm": plain["Prm"] & kept, "Eff": plain["Eff"] & kept, "Amb": plain["Amb"] & kept, "Inh": plain["Amb"] & kept, "Bnd": got["Bnd"]}
	if !same(got, want) {
		t.Errorf("%q: %x, want %x", argv, got, want)
	}
	if got["Bnd"]&^plain["Bnd"] != 0 || plain["Eff"]&(1<<8) != 0 && got["Bnd"]&^kept != 0 {
		t.Errorf("%q: the bounding set is %x", argv, got["Bnd"])
	}
}

func same(a, b capSets) bool {
	for name := range b {
		if a[name] != b[name] {
			return false
		}
	}
	return true
}
