package rules

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/pledge-linux/pledge/promises"
)

// socketAddresses are addresses of every family and kind that a rule tells
// apart, in the bytes that the kernel gets.
func socketAddresses() [][]byte {
	list := [][]byte{{}, {1}, {0, 0}, {2, 0, 0, 53}}
	for _, family := range []uint16{0, 1, 2, 10, 16, 17, 40} {
		for _, port := range []uint16{0, 53, 1023, 1024} {
			a := make([]byte, 16+12*(family>>3&1))
			binary.LittleEndian.PutUint16(a, family)
			binary.BigEndian.PutUint16(a[2:], port)
			list = append(list, a)
		}
	}
	for _, at := range []int{4, 8} { // a process, a group
		a := make([]byte, 12)
		a[0] = 16
		list = append(list, slices.Clone(a))
		a[at] = 1
		list = append(list, a)
	}
	return append(list, append([]byte{1, 0}, "/tmp/name\x00"...), []byte{1, 0, 0, 'a'})
}

// possible lists the sockets that a program can have, with what else it knows
// of them.
type possibleSocket struct {
	Socket
	pair bool // made by socketpair, of a type that stays connected
}

func possibleSockets(s promises.Set) []possibleSocket {
	var list []possibleSocket
	add := func(when bool, domain, protocol int, types ...int) {
		for _, t := range types {
			if when {
				list = append(list, possibleSocket{Socket: Socket{Domain: domain, Type: t, Protocol: protocol}})
			}
		}
	}
	if s&(stdio|unix) != 0 {
		list = append(list, possibleSocket{Socket{Domain: 1, Type: 1}, true}, possibleSocket{Socket{Domain: 1, Type: 5}, true})
	}
	add(s&(unix|UnixUnpaired) != 0, 1, 0, 1, 2, 5)
	for _, domain := range []int{2, 10} {
		add(s&(inet|dns|InetInherited) != 0, domain, 6, 1)
		add(s&(inet|dns|InetInherited) != 0, domain, 17, 2)
		add(s&(inet|InetInherited) != 0, domain, 1, 2, 3)
		add(s&(inet|InetInherited) != 0, domain, 17, 3)
	}
	add(s&(inet|dns|route|wroute) != 0, 16, 0, 2, 3)
	add(s&OtherInherited != 0, 16, 15, 3)
	add(s&OtherInherited != 0, 17, 3, 3)
	add(s&OtherInherited != 0, 40, 0, 1)
	return list
}

// meaningless says why it is no harm that the kernel goes on with an operation
// that JudgeSocket would refuse. The kernel refuses it.
func meaningless(op string, k possibleSocket) string {
	switch {
	case k.pair && op != "bind":
		return "a pair stays connected: EISCONN, EINVAL or the destination is ignored"
	case k.Domain == 16 && op != "bind":
		return "netlink listens and accepts nothing, and destinations need CAP_NET_ADMIN of the program itself"
	case op == "listen" && (k.Domain == 17 || k.Type == 3):
		return "EOPNOTSUPP"
	}
	return ""
}

var socketCalls = []string{"connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"}

// withAddress are the arguments of a call with an address of the length.
func withAddress(op string, addr []byte) (args [6]uint64) {
	if op == "sendto" && len(addr) > 0 {
		args[4], args[5] = 0x7f0000001000, uint64(len(addr))
	}
	return args
}

// eachSet yields every set of the words that sockets depend on, with the
// situations that may hold beside them.
func eachSet(yield func(promises.Set) bool) {
	words := []promises.Set{stdio, inet, unix, dns, route, wroute, recvfd, UnixUnpaired | UnixInherited, UnixInherited, InetInherited, OtherInherited, ConnectLimited, NoBind | ConnectLimited, Veiled}
	for n := range 1 << len(words) {
		var s promises.Set
		for i, w := range words {
			if n>>i&1 != 0 {
				s |= w
			}
		}
		if !yield(s) {
			return
		}
	}
}

// Where the filter lets the kernel go on, no socket that the program can have
// is one on which the supervisor would refuse the call; where it asks the
// supervisor there is something to decide.
func TestFilterAndSupervisorAgreeOnSockets(t *testing.T) {
	addresses := socketAddresses()
	for s := range eachSet {
		sockets := possibleSockets(s)
		for _, op := range socketCalls {
			rules := Of(op)
			var yes, no int
			var action Action
			for _, addr := range addresses {
				action = Judge(rules, s, withAddress(op, addr), Self{})
				if action == Violate {
					no++
				}
				for _, k := range sockets {
					ok, _ := JudgeSocket(s, op, k.Socket, addr)
					switch {
					case ok:
						yes++
						if s&Veiled != 0 && k.Domain == domainUnix {
							no++ // by where the path leads
						}
					case meaningless(op, k) == "":
						no++
					}
					if action == Allow && s&Veiled != 0 && k.Domain == domainUnix && !k.pair && len(addr) > 2 && (op == "connect" || op == "sendto" || op == "sendmsg") {
						t.Fatalf("%q (%#x): nobody looks where the path of %s leads", s, uint64(s), op)
					}
					if action == Allow && !ok && meaningless(op, k) == "" {
						t.Fatalf("%q (%#x): the kernel goes on with %s(%+v, % x), which is refused", s, uint64(s), op, k, addr)
					}
					if action == Violate && ok {
						t.Fatalf("%q (%#x): the filter refuses %s(%+v, % x), which is admitted", s, uint64(s), op, k, addr)
					}
				}
			}
			if s&ConnectLimited != 0 && s&inet != 0 && (op == "connect" || op == "bind") {
				no++ // by the port: Landlock refuses, the supervisor tells
			}
			if action == Notify && op != "sendmsg" && op != "sendmmsg" && (yes == 0 || no == 0) && s&stdio != 0 {
				t.Errorf("%q (%#x): %s asks a supervisor, who says yes %d times and no %d times", s, uint64(s), op, yes, no)
			}
		}
	}
}

// Two words together admit what one of them does, and nothing else. stdio is in
// every set: it is what sends.
func TestSocketsOfTwoWords(t *testing.T) {
	words := []promises.Set{stdio, inet, unix, dns, route, wroute, sendfd, recvfd, proc, mcast, id}
	var sockets []Socket
	for _, k := range possibleSockets(promises.Everything | AnyInherited) {
		sockets = append(sockets, k.Socket)
	}
	for _, a := range words {
		for _, b := range words {
			for _, op := range socketCalls {
				for _, k := range sockets {
					for _, addr := range socketAddresses() {
						first, _ := JudgeSocket(stdio|a, op, k, addr)
						second, _ := JudgeSocket(stdio|b, op, k, addr)
						both, _ := JudgeSocket(stdio|a|b, op, k, addr)
						if both != (first || second) && socketException(a|b, op, k) == "" {
							t.Fatalf("%s(%+v, % x): %q %v, %q %v, both %v", op, k, addr, a, first, b, second, both)
						}
					}
				}
			}
		}
	}
}

// socketException says why a pair of words is less than its words.
func socketException(s promises.Set, op string, k Socket) string {
	if s&(unix|dns) == unix|dns && op == "listen" && k.Domain != domainUnix {
		return "under dns an Internet socket may be one of dns, and no inherited listener"
	}
	return ""
}

func TestJudgeSocket(t *testing.T) {
	address := func(family byte, port uint16) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{family, 0}, port), make([]byte, 12)...)
	}
	tcp, udp, raw := Socket{Domain: 2, Type: 1, Protocol: 6}, Socket{Domain: 2, Type: 2, Protocol: 17}, Socket{Domain: 2, Type: 3, Protocol: 17}
	local, links := Socket{Domain: 1, Type: 1}, Socket{Domain: 16, Type: 3}
	kernel, other := append([]byte{16, 0}, make([]byte, 10)...), append([]byte{16, 0}, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)
	for _, test := range []struct {
		set  string
		op   string
		sock Socket
		addr []byte
		ok   bool
		need promises.Set
	}{
		{"stdio dns", "sendto", udp, address(2, 53), true, 0},
		{"stdio dns", "sendto", udp, address(0, 53), true, 0}, // as AF_INET
		{"stdio dns", "sendto", udp, address(0, 18080), false, inet},
		{"stdio dns", "sendmsg", udp, address(0, 18080), false, inet},
		{"stdio dns", "sendmsg", raw, address(2, 53), false, inet},
		{"stdio dns", "connect", udp, address(0, 18080), true, 0}, // disconnects
		{"stdio dns", "connect", udp, address(2, 0), true, 0},
		{"stdio dns", "connect", tcp, address(2, 443), false, inet},
		{"stdio dns unix", "connect", tcp, address(2, 443), false, inet},
		{"stdio dns unix", "listen", tcp, nil, false, inet},
		{"stdio dns unix", "bind", tcp, address(2, 80), false, inet},
		{"stdio dns", "bind", udp, address(2, 0), true, 0},
		{"stdio dns", "bind", local, append([]byte{1, 0}, "/tmp/x"...), false, unix},
		{"stdio inet", "bind", local, append([]byte{1, 0}, "/tmp/x"...), false, unix},
		{"stdio inet", "sendmsg", local, append([]byte{1, 0}, "/tmp/x"...), false, unix},
		{"stdio unix", "connect", tcp, address(2, 443), false, inet},
		{"stdio route", "sendmsg", udp, address(2, 53), false, inet},
		{"stdio route", "sendmsg", links, kernel, true, 0},
		{"stdio route", "sendmsg", links, other, false, 0},
		{"stdio", "sendmsg", udp, nil, true, 0},
		{"", "sendmsg", udp, nil, false, stdio},
		{"rpath", "sendmsg", udp, nil, false, stdio},
		{"stdio inet unix dns route", "connect", Socket{Domain: 40, Type: 1}, address(40, 1), false, 0},
		{"stdio inet", "listen", tcp, nil, true, 0},
	} {
		s, err := promises.Parse(test.set)
		if err != nil {
			t.Fatal(err)
		}
		ok, need := JudgeSocket(s, test.op, test.sock, test.addr)
		if ok != test.ok || need != test.need {
			t.Errorf("%q %s(%+v, % x): %v, needs %q; want %v, %q", test.set, test.op, test.sock, test.addr, ok, need, test.ok, test.need)
		}
	}
	limited := stdio | inet | ConnectLimited
	if ok, _ := JudgeSocket(limited, "listen", tcp, nil); ok {
		t.Error("--tcp-bind: listen without bind is admitted")
	}
	tcp.Bound = true
	if ok, _ := JudgeSocket(limited, "listen", tcp, nil); !ok {
		t.Error("--tcp-bind: listen after bind is refused")
	}
	if ok, _ := JudgeSocket(limited|NoBind, "listen", tcp, nil); ok {
		t.Error("--tcp-connect alone: listen is admitted")
	}
	if d := links.Destination("sendmsg", kernel); d != nil {
		t.Errorf("netlink is sent to with a destination: % x", d)
	}
}

func TestInherited(t *testing.T) {
	for _, test := range []struct {
		words   promises.Set
		sockets []InheritedSocket
		want    promises.Set
	}{
		{stdio, nil, 0},
		{stdio | recvfd, nil, 0},
		{stdio | recvfd | unix, nil, AnyInherited},
		{stdio, []InheritedSocket{{1, 1, true}}, UnixInherited},
		{stdio, []InheritedSocket{{1, 1, false}}, UnixInherited | UnixUnpaired},
		{stdio, []InheritedSocket{{1, 2, true}}, UnixInherited | UnixUnpaired},
		{stdio, []InheritedSocket{{10, 1, true}}, InetInherited},
		{stdio, []InheritedSocket{{40, 1, true}, {2, 2, false}}, InetInherited | OtherInherited},
		{stdio | recvfd, []InheritedSocket{{1, 5, true}}, AnyInherited},
	} {
		if got := Inherited(test.words, test.sockets); got != test.want {
			t.Errorf("%q %v: %s", test.words, test.sockets, fmt.Sprintf("%#x, want %#x", uint64(got), uint64(test.want)))
		}
	}
}
