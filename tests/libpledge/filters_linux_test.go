//go:build amd64 || arm64

package libpledge

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

const source = "../../libpledge"

// situations are those that the library can be in.
const situations = rules.Unsupervised | rules.Library | rules.Loads | rules.Whitelisted | rules.WritesListed |
	rules.SignalScope | rules.NetAdmin | rules.CreateOnly | rules.ExecRefused | rules.AnyInherited

// sets are all single promises, alone and beside stdio, in each situation, and many
// random ones.
func sets() []promises.Set {
	base := rules.Unsupervised | rules.Library
	list := []promises.Set{base, base | promises.Everything, promises.Everything | situations}
	for _, p := range promises.All() {
		for _, extra := range []promises.Set{0, promises.Stdio.Set(), rules.Whitelisted, situations} {
			list = append(list, base|p.Set()|extra)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		list = append(list, promises.Set(r.Uint64())&(promises.Everything|promises.Error.Set()|situations))
	}
	return list
}

// The C assembler makes the same programs as the Go one, for both machines, byte for
// byte.
func TestFiltersEqual(t *testing.T) {
	testbed.Need(t, "gcc")
	for _, c := range []struct {
		arch  *abi.Arch
		flags string
	}{{abi.AMD64, "-DPLEDGE_TABLES_AMD64"}, {abi.ARM64, "-DPLEDGE_TABLES_ARM64"}} {
		for _, sanitize := range []string{"-O2", "-fsanitize=address,undefined -fno-sanitize-recover=all"} {
			if c.flags == "-DPLEDGE_TABLES_AMD64" && runtime.GOARCH != "amd64" {
				continue
			}
			t.Run(c.arch.Name+sanitize, func(t *testing.T) { equal(t, c.arch, append(strings.Fields(sanitize), c.flags)) })
		}
	}
}

func equal(t *testing.T, arch *abi.Arch, flags []string) {
	t.Parallel()
	bin := filepath.Join(t.TempDir(), "compile")
	args := append(flags, "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", source, "-o", bin, "testdata/compile.c", source+"/filter.c")
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	self := rules.Self{PID: 4711, UID: 1000, GIDs: []uint32{1000, 27, 28, 29, 100}}
	var in bytes.Buffer
	var want []string
	for i, set := range sets() {
		o := filter.Options{Arch: arch, Set: set, Violation: filter.KillProcess, Supervised: filter.KillProcess, Self: self}
		if set.Has(promises.Error) {
			o.Violation, o.Supervised = filter.NoSys, filter.NoSys
		}
		key := 0
		if i%3 == 0 {
			key, o.Key = 1, &filter.ExecKey{0x1122334455667788, 0x99aabbccddeeff00, 0x0123456789abcdef}
		}
		fmt.Fprintf(&in, "%x %x %d %d %d %s\n", uint64(set), uint32(o.Violation), key, self.PID, self.UID, strings.Trim(fmt.Sprint(self.GIDs), "[]"))
		p, err := filter.Compile(o)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, text(p.Code))
	}
	cmd := exec.Command(bin)
	cmd.Stdin = &in
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d programs, want %d", len(got), len(want))
	}
	for i, set := range sets() {
		if got[i] != want[i] {
			t.Errorf("%q (%#x): the programs differ: %d and %d instructions", set, uint64(set), len(got[i])/16, len(want[i])/16)
		}
	}
	t.Logf("%d programs", len(got))
}

func text(code []unix.SockFilter) string {
	var b strings.Builder
	for _, in := range code {
		fmt.Fprintf(&b, "%04x%02x%02x%08x", in.Code, in.Jt, in.Jf, in.K)
	}
	return b.String()
}
