package fuzz

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// A way is how a program comes under promises.
type way struct {
	name string
	// always are the situations of it, maybe those that this test leaves open: a
	// call counts as refused only if it is under every choice of them.
	always, maybe promises.Set
	arch          *abi.Arch
	bin           string
	launch        func(words promises.Set) []string
}

// A call is what the program is told to do, and what has to come of it.
type call struct {
	number uint64
	args   [6]argument
	want   string // an errno, or * for anything
}

// An argument is a number, or a place in the program's page.
type argument struct {
	value uint64
	page  bool
}

// pageAt stands for the page's address where rules are asked.
const pageAt = 0x8050000

func (a argument) number() uint64 {
	if a.page {
		return pageAt + a.value
	}
	return a.value
}

func (a argument) String() string {
	if a.page {
		return "p" + strconv.FormatUint(a.value, 16)
	}
	return strconv.FormatUint(a.value, 16)
}

func (c *call) String() string {
	s := strconv.FormatUint(c.number, 16)
	for _, a := range c.args {
		s += " " + a.String()
	}
	return s + " " + c.want
}

// TestSystemCalls is the fuzzer.
func TestSystemCalls(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "a machine of amd64")
	}
	testbed.Need(t, "gcc")
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("FUZZ_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("FUZZ_SEED=%d", seed)
	ways := ways(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		r := rand.New(rand.NewPCG(seed, uint64(uid)))
		made := 0
		end := time.Now().Add(duration(t) / 2)
		for rounds := 0; rounds < len(ways) || time.Now().Before(end); rounds++ {
			w := ways[rounds%len(ways)]
			words := randomSet(r)
			list := calls(r, uid, w, words)
			round(t, uid, w, words, list)
			if t.Failed() {
				return
			}
			made += len(list)
		}
		t.Logf("%d calls that nobody was promised", made)
	})
}

// Numbers of the x32 ABI end the process, whatever the promises.
func TestForeignNumbers(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "a machine of amd64")
	}
	testbed.Need(t, "gcc")
	bin := build(t, "-m64")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, flags := range [][]string{{"-q"}, {"-q", "--exec"}} {
			for _, number := range []uint64{0, 1, 39, 59, 102, 512, 520, 547, 0x3fffffff} {
				w := way{launch: func(words promises.Set) []string {
					return append(append([]string{testbed.Pledge(t)}, flags...), words.String(), "--")
				}, bin: bin}
				r := testbed.Run(t, uid, testbed.Dir(t, uid), nil, "", w.argv(promises.Everything&^promises.Proc.Set(), []call{{number: 0x40000000 | number, want: "*"}})...)
				if r.Status != 159 {
					t.Errorf("%v: number %#x: %+v", flags, 0x40000000|number, r)
				}
			}
		}
	})
}

func duration(t *testing.T) time.Duration {
	if s := os.Getenv("FUZZ_TIME"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if testing.Short() {
		return 10 * time.Second
	}
	return time.Minute
}

func ways(t *testing.T) []way {
	pledge := testbed.Pledge(t)
	wide := build(t, "-m64")
	launch := func(flags ...string) func(promises.Set) []string {
		return func(words promises.Set) []string {
			return append(append([]string{pledge, "-q"}, flags...), words.String(), "--")
		}
	}
	const loose = rules.Loads | rules.SignalScope | rules.NetAdmin
	const inPlace = loose | rules.Whitelisted | rules.WritesListed
	list := []way{
		{"supervised", 0, loose, abi.AMD64, wide, launch()},
		{"in place", rules.Unsupervised, inPlace, abi.AMD64, wide, launch("--exec")},
		{"library", rules.Unsupervised | rules.Library, inPlace | rules.AnyInherited, abi.AMD64, "", library(t)},
	}
	if testbed.RunsI386(t) {
		narrow := build(t, "-m32")
		list = append(list, way{"supervised, i386", 0, loose, abi.I386, narrow, launch()},
			way{"in place, i386", rules.Unsupervised, inPlace, abi.I386, narrow, launch("--exec")})
	}
	return list
}

func build(t *testing.T, bits string) string {
	t.Helper()
	bin := filepath.Join(everybodys(t), "calls"+bits)
	out, err := exec.Command("gcc", bits, "-O1", "-w", "-static", "-nostdlib", "-ffreestanding", "-fno-pie", "-no-pie", "-fno-stack-protector",
		"-o", bin, "testdata/calls.c").CombinedOutput()
	if err != nil {
		t.Fatalf("gcc %s: %v\n%s", bits, err, out)
	}
	return bin
}

// library builds the Go program that confines itself and then does what calls.c
// does.
func library(t *testing.T) func(promises.Set) []string {
	t.Helper()
	bin := filepath.Join(everybodys(t), "library")
	cmd := exec.Command("go", "build", "-o", bin, "./testdata/library")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(words promises.Set) []string { return []string{bin, (words | promises.Stdio.Set()).String()} }
}

func everybodys(t *testing.T) string {
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	return dir
}

// round runs one program.
func round(t *testing.T, uid int, w way, words promises.Set, list []call) {
	t.Helper()
	dir := testbed.Dir(t, uid)
	defer os.RemoveAll(dir)
	r := testbed.Run(t, uid, dir, nil, "", w.argv(words, list)...)
	if r.Status == 0 {
		return
	}
	var index int
	var result int64
	if n, _ := fmt.Sscan(lastLine(r.Stderr), &index, &result); r.Status == 3 && n == 2 && index < len(list) {
		c := list[index]
		t.Errorf("%s: %q: %s [%s]: result %d", w.name, words, w.arch.CallName(uint32(c.number)), &c, result)
		return
	}
	if len(list) > 1 { // its report was refused, or it died: find the call
		for i := range list {
			if round(t, uid, w, words, list[i:i+1]); t.Failed() {
				return
			}
		}
	}
	t.Errorf("%s: %q: status %d, %d calls from %s: %.300s", w.name, words, r.Status, len(list), &list[0], r.Stderr)
}

func (w *way) argv(words promises.Set, list []call) []string {
	argv := w.launch(words)
	if w.bin != "" {
		argv = append(argv, w.bin)
	}
	var b strings.Builder
	for i := range list {
		b.WriteString(list[i].String() + " ")
		if b.Len() > 1<<16 || i == len(list)-1 {
			argv = append(argv, b.String())
			b.Reset()
		}
	}
	return argv
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// randomSet draws from few words to all of them.
func randomSet(r *rand.Rand) promises.Set {
	s := promises.Set(r.Uint64()) & promises.Everything
	for range r.IntN(4) {
		s &= promises.Set(r.Uint64())
	}
	if r.IntN(4) > 0 {
		s |= promises.Stdio.Set()
	}
	return s
}

// calls draws calls of every number that the words do not let the kernel make.
func calls(r *rand.Rand, uid int, w way, words promises.Set) (list []call) {
	if w.name == "library" {
		words |= promises.Stdio.Set()
	}
	self := rules.Self{PID: nobody + 1, UID: uint32(uid), GIDs: []uint32{uint32(uid), 0}}
	for nr := range uint64(w.arch.Newest()) + 60 {
		name := w.arch.CallName(uint32(nr))
		overrides, tamed := tame[name]
		if tamed && overrides == nil {
			continue
		}
		found := rules.Of(name)
		for range 3 {
			c := call{number: nr}
			for i := range c.args {
				c.args[i] = odd(r, found, uint8(i))
				if v, ok := overrides[i]; ok {
					c.args[i] = argument{value: v}
				}
			}
			if c.want = w.want(found, words, &c, self); c.want != "" {
				list = append(list, c)
			}
		}
	}
	return list
}

// want is what has to come of a call: an errno, * if a supervisor may answer as
// it likes, or nothing if the kernel may make it.
func (w *way) want(list []rules.Rule, words promises.Set, c *call, self rules.Self) string {
	if list == nil {
		return "26" // ENOSYS
	}
	var args [6]uint64
	for i, a := range c.args {
		if args[i] = a.number(); w.arch == abi.I386 {
			args[i] &= 0xffffffff
		}
	}
	want := ""
	for choice := range subsets(w.maybe) {
		a := rules.Judge(list, words|w.always|choice|rules.Inherited(words, nil), args, self)
		this := "*"
		if a == rules.Allow {
			return ""
		} else if e, ok := a.Errno(); ok {
			this = strconv.FormatUint(uint64(e), 16)
		} else if a == rules.Violate {
			this = "1"
		}
		if want == "" {
			want = this
		} else if want != this {
			want = "*"
		}
	}
	return want
}

func subsets(s promises.Set) func(func(promises.Set) bool) {
	return func(yield func(promises.Set) bool) {
		for sub := s; ; sub = (sub - 1) & s {
			if !yield(sub) || sub == 0 {
				return
			}
		}
	}
}

// odd draws an argument: what rules look at and what lies beside it, edges of
// numbers, places in the page, and addresses where nothing is.
func odd(r *rand.Rand, list []rules.Rule, arg uint8) argument {
	if r.IntN(3) == 0 && !looked(list, arg) {
		places := []uint64{0, 256, 512, 640, 768, 1024, 1280, 1536, 1792, 2048, 2560, 4096, 8190}
		return argument{places[r.IntN(len(places))], true}
	}
	values := []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 110, 1 << 31, 1 << 32, 0xffffffff, 0xffffff9c, ^uint64(0), 1 << 63, nobody, 0x41c1, 0x1000, 0xdeadbeef000}
	for _, rule := range list {
		for _, c := range rule.When {
			if c.Arg == arg && c.Op != rules.Own && len(c.Values) > 0 {
				v := c.Values[r.IntN(len(c.Values))]
				values = append(values, v, v, v|1<<32, v+1, v^0x80000000, v|^c.Mask)
			}
		}
	}
	return argument{value: values[r.IntN(len(values))]}
}

// looked reports whether a rule looks at bits of the argument: no place in the
// page then, whose address this side does not know.
func looked(list []rules.Rule, arg uint8) bool {
	for _, rule := range list {
		for _, c := range rule.When {
			if c.Arg == arg && c.Mask != ^uint64(0) {
				return true
			}
		}
	}
	return false
}
