package conformance

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// A socketTry is an operation that the probe performs.
type socketTry struct {
	how  string // socket, pair, fd
	kind rules.Socket
	fd   int
	op   string
	addr []byte
}

func (s socketTry) line() string {
	a, b := s.kind.Domain, s.kind.Type
	switch s.how {
	case "fd":
		a, b = s.fd, 0
	case "pair":
		a = 0
	}
	addr := hex.EncodeToString(s.addr)
	if addr == "" {
		addr = "-"
	}
	return fmt.Sprintf("%s %d %d %s %s", s.how, a, b, s.op, addr)
}

// inheritedKinds are the sockets that every run has: 3 and so on.
var inheritedKinds = []rules.Socket{
	{Domain: unix.AF_INET, Type: unix.SOCK_DGRAM, Protocol: 17},
	{Domain: unix.AF_INET6, Type: unix.SOCK_STREAM, Protocol: 6},
	{Domain: unix.AF_UNIX, Type: unix.SOCK_DGRAM},
	{Domain: unix.AF_NETLINK, Type: unix.SOCK_RAW},
	{Domain: unix.AF_NETLINK, Type: unix.SOCK_RAW, Protocol: unix.NETLINK_KOBJECT_UEVENT},
}

// sets are those of the words that have to do with sockets.
func socketSets() (list []promises.Set) {
	words := []promises.Promise{promises.Inet, promises.Unix, promises.DNS, promises.Route, promises.Wroute, promises.Recvfd}
	for n := range 1 << len(words) {
		s := promises.Stdio.Set()
		for i, w := range words {
			if n>>i&1 != 0 {
				s |= w.Set()
			}
		}
		list = append(list, s)
	}
	return list
}

// Each socket that a program can make or inherit, with each operation and kind
// of address, does what it does unconfined where the rules admit it, and is
// refused where they do not: for every set of the words that sockets depend on.
func TestSocketsOfEverySet(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	bin := filepath.Join(testbed.Dir(t, os.Getuid()), "sockets")
	os.Chmod(filepath.Dir(bin), 0o755)
	if out, err := exec.Command("gcc", "-static", "-O1", "-w", "-o", bin, "testdata/sockets.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		free := attempt(t, uid, bin)
		for _, set := range socketSets() {
			if testing.Short() && set.Has(promises.Wroute) {
				continue
			}
			for _, m := range []socketMode{{}, {inherit: true}, {inPlace: true}, {true, true}} {
				checkSockets(t, m.situation(set), m, free, attempt(t, uid, bin, m.command(pledge, set)...))
			}
		}
	})
}

// A socketMode is how the probe is started.
type socketMode struct{ inherit, inPlace bool }

func (m socketMode) command(pledge string, set promises.Set) []string {
	argv := []string{pledge, "-q"}
	if m.inPlace {
		argv = append(argv, "--exec")
	}
	if m.inherit {
		for i := range inheritedKinds {
			argv = append(argv, "--keep-fd", strconv.Itoa(3+i))
		}
	}
	return append(argv, set.String(), "--")
}

// situation is what the launcher makes of the words.
func (m socketMode) situation(set promises.Set) promises.Set {
	var list []rules.InheritedSocket
	for _, k := range inheritedKinds {
		if m.inherit {
			list = append(list, rules.InheritedSocket{Domain: k.Domain, Type: k.Type})
		}
	}
	if set |= rules.Inherited(set, list); m.inPlace {
		set |= rules.Unsupervised | rules.Loads | rules.Whitelisted
	}
	if set.Has(promises.Wroute) {
		set |= rules.NetAdmin
	}
	return set
}

// attempt runs the probe and returns what it printed, a line a try.
func attempt(t *testing.T, uid int, bin string, launcher ...string) []string {
	t.Helper()
	dir := testbed.Dir(t, uid)
	defer os.RemoveAll(dir)
	tries := socketTries()
	var input strings.Builder
	for _, s := range tries {
		input.WriteString(s.line() + "\n")
	}
	testbed.Write(t, uid, dir+"/input", input.String(), 0o644)
	stream, err := net.Listen("unix", dir+"/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	datagram, err := net.ListenPacket("unixgram", dir+"/datagram")
	if err != nil {
		t.Fatal(err)
	}
	defer datagram.Close()
	os.Chmod(dir+"/stream", 0o777)
	os.Chmod(dir+"/datagram", 0o777)
	in, err := os.Open(dir + "/input")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	argv := append(launcher, bin)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Stdin = dir, in
	for _, k := range inheritedKinds {
		fd, err := unix.Socket(k.Domain, k.Type|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, k.Protocol)
		if err != nil {
			t.Fatal(err)
		}
		f := os.NewFile(uintptr(fd), "inherited")
		defer f.Close()
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	out, err := cmd.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(tries) {
		t.Fatalf("%q: %v, %d lines of %d", argv, err, len(lines), len(tries))
	}
	return lines
}

// socketTries is every operation on every socket with every address.
func socketTries() (list []socketTry) {
	var made []socketTry
	for _, k := range []rules.Socket{{Domain: 1, Type: 1}, {Domain: 1, Type: 2}, {Domain: 1, Type: 5}, {Domain: 2, Type: 1, Protocol: 6},
		{Domain: 2, Type: 2, Protocol: 17}, {Domain: 10, Type: 1, Protocol: 6}, {Domain: 10, Type: 2, Protocol: 17}, {Domain: 16, Type: 3}} {
		made = append(made, socketTry{how: "socket", kind: k})
	}
	made = append(made, socketTry{how: "pair", kind: rules.Socket{Domain: 1, Type: 1}}, socketTry{how: "pair", kind: rules.Socket{Domain: 1, Type: 5}})
	for i, k := range inheritedKinds {
		made = append(made, socketTry{how: "fd", kind: k, fd: 3 + i})
	}
	for _, s := range made {
		for _, op := range []string{"sendto", "sendmsg", "connect", "bind", "accept4", "listen"} {
			for _, addr := range tryAddresses(op, s.kind.Domain, len(list)) {
				s.op, s.addr = op, addr
				list = append(list, s)
			}
		}
	}
	return list
}

// tryAddresses are addresses of the socket's family and of others. A name that
// is bound is used once.
func tryAddresses(op string, domain, number int) [][]byte {
	path := func(name string) []byte { return append([]byte{1, 0}, name+"\x00"...) }
	inet := func(family, size int, port uint16) []byte {
		a := make([]byte, size)
		binary.LittleEndian.PutUint16(a, uint16(family))
		binary.BigEndian.PutUint16(a[2:], port)
		if size == 16 {
			copy(a[4:], []byte{127, 0, 0, 1})
		} else {
			a[23] = 1
		}
		return a
	}
	switch {
	case op == "listen" || op == "accept4":
		return [][]byte{nil}
	case op == "bind" && domain == 1:
		return [][]byte{path(fmt.Sprintf("bound%d", number)), inet(2, 16, 0)}
	case op == "bind":
		return [][]byte{inet(domain, 28, 0), inet(2, 16, 0), kernelNetlink(), path(fmt.Sprintf("bound%d", number))}
	}
	list := [][]byte{inet(2, 16, 53), inet(2, 16, 18099), inet(10, 28, 53), inet(10, 28, 18099), inet(2, 16, 0),
		path("stream"), path("datagram"), kernelNetlink(), inet(0, 16, 53), inet(0, 16, 18099)}
	if op != "connect" {
		list = append(list, nil)
	}
	return list
}

func kernelNetlink() []byte { return append([]byte{16, 0}, make([]byte, 10)...) }

// checkSockets compares a run with what the rules say and with the run without
// them.
func checkSockets(t *testing.T, set promises.Set, m socketMode, free, got []string) {
	t.Helper()
	for i, s := range socketTries() {
		if s.how == "fd" && !m.inherit || strings.HasPrefix(free[i], "no socket") {
			continue
		}
		made := !strings.HasPrefix(got[i], "no socket")
		if s.how != "fd" && made != canMake(set, s) {
			t.Errorf("%q (%#x) %+v: %s: %s, the rules say %v", set, uint64(set), m, s.line(), got[i], canMake(set, s))
		}
		if !made {
			continue
		}
		refused := got[i] == strconv.Itoa(int(unix.EPERM))
		switch admitted := admitted(set, s); {
		case !admitted && !refused && (m.inPlace || !harmless(s)):
			t.Errorf("%q (%#x) %+v: %s: errno %s, the rules refuse it", set, uint64(set), m, s.line(), got[i])
		case admitted && refused && free[i] != got[i]:
			t.Errorf("%q (%#x) %+v: %s: refused, the rules admit it (unconfined errno %s)", set, uint64(set), m, s.line(), free[i])
		case admitted && s.how != "fd" && !same(got[i], free[i]) && !walled(set, s, got[i]):
			t.Errorf("%q (%#x) %+v: %s: errno %s, unconfined %s", set, uint64(set), m, s.line(), got[i], free[i])
		}
	}
}

// walled reports whether it is Landlock that refused: without inet it is the
// second wall around TCP, and leaves connecting to name servers under dns.
func walled(set promises.Set, s socketTry, got string) bool {
	tcp := s.kind.Protocol == unix.IPPROTO_TCP && !set.Has(promises.Inet) && (s.op == "connect" || s.op == "bind")
	name := s.op == "connect" && len(s.addr) >= 16 && int(s.addr[0]) == s.kind.Domain && s.addr[2] == 0 && s.addr[3] == 53
	return tcp && !name && (got == strconv.Itoa(int(unix.EACCES)) || got == strconv.Itoa(int(unix.EINVAL)))
}

// same compares errnos; whether a refused connection on the loopback device is
// known at once depends on the machine's load.
func same(a, b string) bool {
	soon := func(s string) string {
		if s == strconv.Itoa(int(unix.EINPROGRESS)) {
			return strconv.Itoa(int(unix.ECONNREFUSED))
		}
		return s
	}
	return soon(a) == soon(b)
}

// canMake reports whether the rules admit making the socket.
func canMake(set promises.Set, s socketTry) bool {
	call, args := "socket", [6]uint64{uint64(s.kind.Domain), uint64(s.kind.Type | unix.SOCK_NONBLOCK)}
	if s.how == "pair" {
		call, args = "socketpair", [6]uint64{1, args[1]}
	}
	return rules.Judge(rules.Of(call), set, args, rules.Self{}) == rules.Allow
}

// admitted is what the rules say: the filter's by the numbers, and the
// supervisor's, if there is one, by the socket.
func admitted(set promises.Set, s socketTry) bool {
	args := [6]uint64{}
	if s.op == "sendto" && len(s.addr) > 0 {
		args[4], args[5] = 0x1000, uint64(len(s.addr))
	}
	ok, _ := rules.JudgeSocket(set, s.op, s.kind, s.addr)
	switch rules.Judge(rules.Of(s.op), set, args, rules.Self{}) {
	case rules.Allow:
		return ok || set&rules.Unsupervised != 0
	case rules.Notify:
		return ok
	}
	return false
}

// harmless are operations that the kernel refuses by itself, so that the filter
// lets it: see package rules.
func harmless(s socketTry) bool {
	return s.op != "bind" && (s.how == "pair" || s.kind.Domain == unix.AF_NETLINK && s.kind.Protocol == 0)
}
