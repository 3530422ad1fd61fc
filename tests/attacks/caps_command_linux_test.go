package attacks

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/pledge"
)

// gives are ways of root's to have fewer capabilities, on the calling thread.
var gives = map[string]func() error{
	"nothing":       func() error { return nil },
	"all":           func() error { return capset(0) },
	"all but a few": func() error { return capset(1<<unix.CAP_SETPCAP | 1<<unix.CAP_SYS_ADMIN) },
	"the bounding set": func() error {
		for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
			if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
				return err
			}
		}
		return nil
	},
	"the effective user":          func() error { return setresuid(0, 65534, 0) },
	"all users but the saved one": func() error { return setresuid(65534, 65534, 0) },
	"new privileges": func() error {
		return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	},
}

func capset(held uint64) error {
	var data [2]unix.CapUserData
	for i := range data {
		data[i].Effective, data[i].Permitted = uint32(held>>(32*i)), uint32(held>>(32*i))
	}
	return unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &data[0])
}

// setresuid is the call itself: Go's is for all threads.
func setresuid(r, e, s uintptr) error {
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, r, e, s); errno != 0 {
		return errno
	}
	return nil
}

// becomes gives capabilities up and makes a Command, which starts as child says.
func becomes(before, child string, args []string) {
	runtime.LockOSThread() // os/exec forks from here
	if err := gives[before](); err != nil {
		panic(err)
	}
	cmd := pledge.Command(args[0], args[1], args[2:]...)
	one := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	cmd.SysProcAttr = map[string]*syscall.SysProcAttr{
		"as it is": nil,
		"another":  {Credential: &syscall.Credential{Uid: 65534, Gid: 65534}},
		"ambient": {Credential: &syscall.Credential{Uid: 65534, Gid: 65534},
			AmbientCaps: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_BIND_SERVICE}},
		"alone": {Cloneflags: unix.CLONE_NEWUSER, UidMappings: one},
	}[child]
	finish(cmd)
}

// What a program of Command holds is decided by what it would have held, not by
// what this process holds when Command is called.
func TestCapabilitiesOfCommand(t *testing.T) {
	testbed.Need(t, "grep")
	self := testbedSelf(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		befores, children := []string{"nothing"}, []string{"as it is", "alone"}
		if uid == 0 {
			befores = befores[:0]
			for name := range gives {
				befores = append(befores, name)
			}
			children = append(children, "another", "ambient")
		}
		for _, before := range befores {
			for _, child := range children {
				for _, k := range keeps {
					env := []string{"REACH=becomes", "BEFORE=" + before, "CHILD=" + child}
					r := testbed.Run(t, uid, testbed.Dir(t, uid), env, "", self, k.words, "grep", "-E", "^(Cap|NoNew)", "/proc/self/status")
					judge(t, before, child, k.words, k.caps, r)
				}
			}
		}
	})
}

// judge reads the sets that a program tells of itself. A start that fails is no
// wrong one: who holds nothing can neither change the user nor map one.
func judge(t *testing.T, before, child, words string, kept uint64, r testbed.Result) {
	t.Helper()
	if r.Status != 0 && child != "as it is" {
		return
	}
	if !strings.Contains(r.Stdout, "NoNewPrivs:\t1") || strings.Count(r.Stdout, "Cap") != 5 {
		t.Errorf("given up: %s; started %s; %q: %+v", before, child, words, r)
	}
	for line := range strings.Lines(r.Stdout) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":\t")
		has, err := strconv.ParseUint(value, 16, 64)
		if strings.HasPrefix(name, "Cap") && (err != nil || name != "CapBnd" && has&^kept != 0) {
			t.Errorf("given up: %s; started %s; %q: %s is %s, %#x is kept", before, child, words, name, value, kept)
		}
	}
}
