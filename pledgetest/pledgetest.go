// Package pledgetest runs a function of a test under promises. A pledge cannot be
// taken back, so the function runs in a process of its own: the test binary, started
// again for this test alone.
//
//	func TestParser(t *testing.T) {
//		pledgetest.Run(t, "stdio rpath", func(t *testing.T) {
//			parse("testdata/a")
//		})
//	}
//
// The test fails if the function does, and if it violates the promises; then it says
// which call that was and which word it needs. The race detector sees what it does.
// So does coverage (-cover, -coverprofile); for that the function runs a second time,
// without promises, because writing the results takes some.
//
// # Stability
//
// Run keeps its meaning; what a test that fails says may change.
package pledgetest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/pledge"
)

// variable tells the started test binary which call of Run it is for, unpledged that
// it is for coverage only.
const (
	variable  = "PLEDGETEST_RUN"
	unpledged = "PLEDGETEST_UNPLEDGED"
)

// How the process ends after the function.
const (
	passed = 80 + iota
	failed
	skipped
)

// Run runs f under the promises, in a new process of the test binary. That process
// performs the test up to this call as well, and nothing after it; f's t is of a
// subtest "pledged". What f changes in memory is not seen by the caller. The test is skipped
// where the kernel or the system cannot enforce the promises.
func Run(t *testing.T, promises string, f func(t *testing.T)) {
	t.Helper()
	call := number(t.Name())
	switch os.Getenv(variable) {
	case "":
		start(t, call)
	case call:
		perform(t, promises, f)
	}
}

var calls struct {
	mu   sync.Mutex
	made map[string]int
}

// number is the name of a call of Run: a test can make several.
func number(test string) string {
	calls.mu.Lock()
	defer calls.mu.Unlock()
	if calls.made == nil {
		calls.made = map[string]int{}
	}
	calls.made[test]++
	return fmt.Sprintf("%s %d", test, calls.made[test])
}

// start runs the call in a new process, and takes its result over.
func start(t *testing.T, call string) {
	t.Helper()
	cmd := command(t, call)
	out, err := cmd.CombinedOutput()
	count(t, call)
	said := withoutNoData(out)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	switch cmd.ProcessState.ExitCode() {
	case passed:
		if testing.Verbose() {
			t.Log(said)
		}
	case skipped:
		t.Skip(said)
	case failed:
		t.Errorf("under promises:\n%s", said)
	case 0:
		t.Errorf("the test did not reach this call of Run under promises:\n%s", said)
	default:
		t.Errorf("under promises: %v\n%s", cmd.ProcessState, said)
	}
}

// command starts the test binary for one call.
func command(t *testing.T, call string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, arguments(t)...)
	cmd.Env = append(os.Environ(), variable+"="+call, "GOCOVERDIR=")
	return cmd
}

// quiet keeps the started binary from writing files that this process writes.
var quiet = []string{"-test.v=true", "-test.count=1", "-test.shuffle=off", "-test.bench=", "-test.fuzz=", "-test.skip=", "-test.paniconexit0=false",
	"-test.testlogfile=", "-test.cpuprofile=", "-test.memprofile=", "-test.blockprofile=", "-test.mutexprofile=", "-test.trace="}

// arguments are this process's own, but for this test alone.
func arguments(t *testing.T) []string {
	own := os.Args[1 : len(os.Args)-flag.NArg()]
	args := append(append([]string{}, own...), quiet...)
	var names []string
	for name := range strings.SplitSeq(t.Name(), "/") {
		names = append(names, "^"+regexp.QuoteMeta(name)+"$")
	}
	args = append(args, "-test.run="+strings.Join(names, "/"))
	if end, ok := t.Deadline(); ok {
		args = append(args, "-test.timeout="+max(time.Until(end)-time.Second, time.Second).String())
	}
	return append(args, flag.Args()...)
}

// perform runs f under the promises and ends the process: package testing would
// write files.
func perform(t *testing.T, promises string, f func(t *testing.T)) {
	pledge.OnViolation(nil)
	status := failed
	t.Run("pledged", func(t *testing.T) {
		defer func() {
			if t.Skipped() {
				status = skipped
			}
		}()
		if free() {
			f(t)
			return
		}
		if err := pledge.Promises(promises); errors.Is(err, pledge.ErrNotSupported) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		f(t)
	})
	switch {
	case t.Failed():
		status = failed
	case status != skipped:
		status = passed
	}
	os.Exit(status)
}
