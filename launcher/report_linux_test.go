//go:build amd64 || arm64

package launcher

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// kept is a sink that keeps what it is told; while gate is locked it blocks.
type kept struct {
	gate  sync.Mutex
	lines []string
	fail  error
}

func (k *kept) Event(e *event.Event) error { return k.Summary(e.Text()) }

func (k *kept) Summary(line string) error {
	k.gate.Lock()
	defer k.gate.Unlock()
	k.lines = append(k.lines, line)
	return k.fail
}

func refusedOpen(name string) *event.Event {
	return &event.Event{PID: 1, Program: "p", Name: "open", Call: fmt.Sprintf("open(%q)", name), Promise: "rpath", Verdict: "deny"}
}

// A flood of one refusal hides no other, no word and nothing of the summary.
func TestFlood(t *testing.T) {
	k := &kept{}
	r := &Report{Sinks: []event.Sink{k}}
	for i := range 1100 {
		r.add(refusedOpen(fmt.Sprint("/f/", i)))
	}
	for _, e := range []*event.Event{
		{Program: "p", Name: "mkdir", Call: "mkdir(important)", Promise: "cpath"},
		{Program: "p", Name: "ptrace", Call: "ptrace(important)", Never: true},
		{Program: "p", Name: "open", Call: "open(important)", Unveil: "r:/a b"},
		{Program: "p", Name: "mkdir", Call: "mkdir(important)", Promise: "cpath"},
	} {
		r.add(e)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(k.lines, "\n")
	want := `pledge: refused 1104 calls, 1003 different and 100 more that are not shown; to allow, add "rpath cpath" --unveil "r:/a b"; 1 in no promise`
	if got := k.lines[len(k.lines)-1]; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, call := range []string{"mkdir", "ptrace", "open"} {
		if n := strings.Count(text, call+"(important)"); n != 1 {
			t.Errorf("%s was told %d times", call, n)
		}
	}
	if len(k.lines) != 1004 {
		t.Errorf("%d lines", len(k.lines))
	}
}

// Whatever is refused, in whatever order: the summary has every word, and each
// call and promise is told.
func TestFloods(t *testing.T) {
	words := []promises.Promise{promises.Rpath, promises.Wpath, promises.Cpath, promises.Inet, promises.Proc}
	rapid.Check(t, func(rt *rapid.T) {
		k := &kept{}
		r := &Report{Sinks: []event.Sink{k}}
		want, groups := promises.Set(0), map[string]bool{}
		for range rapid.IntRange(1, 40).Draw(rt, "bursts") {
			p := rapid.SampledFrom(words).Draw(rt, "word")
			call := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "call")
			name := testbed.Bytes(20).Draw(rt, "name")
			for i := range rapid.SampledFrom([]int{1, 3, 600}).Draw(rt, "n") {
				r.add(&event.Event{Program: name, Name: call, Call: fmt.Sprint(call, "(", i, ")"), Promise: p.String()})
			}
			want |= p.Set()
			groups[fmt.Sprintf("%s(0): needs promise %q", call, p)] = true
		}
		if err := r.Close(); err != nil {
			rt.Fatal(err)
		}
		if summary := k.lines[len(k.lines)-1]; !strings.Contains(summary, fmt.Sprintf("; to allow, add %q", want)) {
			rt.Fatalf("%s\nwithout %q", summary, want)
		}
		text := strings.Join(k.lines, "\n")
		for g := range groups {
			if !strings.Contains(text, g) {
				rt.Fatalf("%s is missing", g)
			}
		}
		if len(k.lines) > maxKinds+eachKind*15+1 || strings.Count(text, "\n") != len(k.lines)-1 {
			rt.Fatalf("%d lines", len(k.lines))
		}
	})
}

// A sink that blocks holds up neither the supervisor nor another sink, and what
// it misses is said when it goes on.
func TestSinkThatBlocks(t *testing.T) {
	stuck, other := &kept{}, &kept{}
	r := &Report{Sinks: []event.Sink{stuck, other}}
	stuck.gate.Lock()
	const n = maxQueue + 200 // of different calls, so that all are told
	for i := range n {
		e := refusedOpen("x")
		e.Name, e.Call = fmt.Sprint("call", i), fmt.Sprint("call", i, "()")
		r.add(e)
	}
	stuck.gate.Unlock()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if len(other.lines) != n+1 {
		t.Errorf("the other sink got %d lines", len(other.lines))
	}
	last := stuck.lines[len(stuck.lines)-1]
	lost := n - (len(stuck.lines) - 1)
	if lost < 100 || !strings.HasSuffix(last, fmt.Sprintf("; %d lines of this report could not be written", lost)) {
		t.Errorf("%d lines: %s", len(stuck.lines), last)
	}
	for i, line := range stuck.lines[:10] {
		if !strings.Contains(line, fmt.Sprintf("call%d()", i)) {
			t.Fatalf("line %d: %s", i, line)
		}
	}
}

// A sink that never takes anything is given up.
func TestSinkThatHangs(t *testing.T) {
	defer func(d time.Duration) { patience = d }(patience)
	patience = 50 * time.Millisecond
	stuck, other := &kept{}, &kept{}
	r := &Report{Sinks: []event.Sink{stuck, other}}
	stuck.gate.Lock()
	defer stuck.gate.Unlock()
	r.add(refusedOpen("x"))
	r.add(refusedOpen("y"))
	if err := r.Close(); err == nil || !strings.Contains(err.Error(), "could not be written") {
		t.Errorf("%v", err)
	}
	if len(other.lines) != 3 {
		t.Errorf("%q", other.lines)
	}
}

func TestSinkThatFails(t *testing.T) {
	bad := &kept{fail: errors.New("disk full")}
	r := &Report{Sinks: []event.Sink{bad}}
	r.add(refusedOpen("x"))
	if err := r.Close(); err == nil || err.Error() != "disk full" {
		t.Error(err)
	}
	if !strings.HasSuffix(bad.lines[1], "; 1 line of this report could not be written") {
		t.Errorf("%q", bad.lines)
	}
}

// A pipe that the program has made non-blocking and filled gets the report when
// somebody reads it.
func TestFullPipe(t *testing.T) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := unix.Write(fds[1], make([]byte, 4096)); err != nil {
			break
		}
	}
	r := &Report{Sinks: []event.Sink{event.Lines{W: event.FD(fds[1])}}}
	r.add(refusedOpen("x"))
	out := make(chan string)
	go func() {
		f := os.NewFile(uintptr(fds[0]), "pipe")
		b, err := io.ReadAll(f)
		out <- fmt.Sprint(strings.Trim(string(b), "\x00"), err)
	}()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	unix.Close(fds[1])
	if got := <-out; strings.Count(got, "\n") != 2 || !strings.Contains(got, "refused 1 call") {
		t.Errorf("%q", got)
	}
}
