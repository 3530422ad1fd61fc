package rules

import (
	"encoding/binary"

	"github.com/pledge-linux/pledge/promises"
)

// A Socket is what getsockopt(2) and getsockname(2) tell of a socket. Whoever
// performs a call for a program asks a duplicate of the very descriptor that
// the call is performed on: a number can mean another socket a moment later.
type Socket struct {
	Domain   int // SO_DOMAIN
	Type     int // SO_TYPE
	Protocol int // SO_PROTOCOL
	// Bound is set where a socket of AF_INET or AF_INET6 has a local port.
	Bound bool
}

// Socket domains, as SO_DOMAIN has them.
const (
	domainUnix    = 1
	domainInet    = 2
	domainInet6   = 10
	domainNetlink = 16
)

// A socketOp is a set of operations.
type socketOp uint8

const (
	opConnect socketOp = 1 << iota
	opBind
	opListen
	opAccept
	opSend // with the destination that its address names
)

// A socketKind is a set of sockets that one rule covers.
type socketKind uint8

const (
	anySocket    socketKind = iota
	inetSocket              // AF_INET and AF_INET6
	dnsSocket               // those of them that dns makes: TCP and UDP
	unixSocket              // AF_UNIX
	localSocket             // whatever is not AF_INET or AF_INET6
	routeNetlink            // NETLINK_ROUTE
)

// A destination is a set of addresses. The socket says how the kernel reads the
// bytes; the family inside the address does not, because AF_UNSPEC is AF_INET
// for UDP's sendto and the end of a connection for connect.
type destination uint8

const (
	anyAddress destination = iota
	noAddress              // an empty one
	port53
	route53 // port 53, port 0 as libc asks for a route, or AF_UNSPEC to disconnect
	highPort
	kernelItself // netlink: process 0, no group
	ownPort      // listen: a port was bound before
)

type socketRule struct {
	ops    socketOp
	kind   socketKind
	needs  promises.Set
	unless promises.Set
	to     destination
	why    string
}

// socketRules is OpenBSD's pledge_socket() by the socket's own domain. A rule
// that holds admits; where none does the operation is a violation.
var socketRules = [...]socketRule{
	{opSend, anySocket, stdio, 0, noAddress, "to the peer that it has"},
	{opConnect | opBind, inetSocket, inet, 0, anyAddress, "Internet sockets"},
	{opSend, inetSocket, stdio | inet, 0, anyAddress, "Internet sockets"},
	{opListen, inetSocket, inet, ConnectLimited, anyAddress, "Internet sockets"},
	{opListen, inetSocket, inet, NoBind, ownPort, "--tcp-bind: listen without bind would take any port"},
	{opListen, inetSocket, unix, dns | ConnectLimited, anyAddress, "OpenBSD asks listen and accept for a word only; without dns the socket was inherited"},
	{opConnect, dnsSocket, dns, 0, route53, "name servers, and routes to their answers"},
	{opSend, dnsSocket, stdio | dns, 0, port53, "name servers"},
	{opBind, dnsSocket, dns, 0, highPort, "resolvers bind port 0 or one of their choice before they ask"},
	{opListen, localSocket, inet, 0, anyAddress, "OpenBSD asks for a word only"},
	{opListen, localSocket, unix, 0, anyAddress, "OpenBSD asks for a word only"},
	{opConnect | opBind, unixSocket, unix, 0, anyAddress, "local sockets"},
	{opSend, unixSocket, stdio | unix, 0, anyAddress, "local sockets"},
	{opAccept, anySocket, inet, 0, anyAddress, "OpenBSD asks for a word only"},
	{opAccept, anySocket, unix, 0, anyAddress, "OpenBSD asks for a word only; no listener is made under dns"},
	{opBind, routeNetlink, inet, 0, anyAddress, "getifaddrs()"},
	{opBind, routeNetlink, dns, 0, anyAddress, "getaddrinfo() looks at the interfaces"},
	{opBind, routeNetlink, route, 0, anyAddress, "reads interfaces and routes"},
	{opBind, routeNetlink, wroute, 0, anyAddress, "reads interfaces and routes"},
	{opConnect, routeNetlink, inet, 0, kernelItself, "getifaddrs()"},
	{opConnect, routeNetlink, dns, 0, kernelItself, "getaddrinfo() looks at the interfaces"},
	{opConnect, routeNetlink, route, 0, kernelItself, "reads interfaces and routes"},
	{opConnect, routeNetlink, wroute, 0, kernelItself, "reads interfaces and routes"},
	{opSend, routeNetlink, stdio | inet, 0, kernelItself, "getifaddrs()"},
	{opSend, routeNetlink, stdio | dns, 0, kernelItself, "getaddrinfo() looks at the interfaces"},
	{opSend, routeNetlink, stdio | route, 0, kernelItself, "reads interfaces and routes"},
	{opSend, routeNetlink, stdio | wroute, 0, kernelItself, "reads interfaces and routes; changes need CAP_NET_ADMIN"},
}

// JudgeSocket says whether the promises and situations of s admit the operation
// call (connect, bind, listen, accept, accept4, sendto, sendmsg or sendmmsg) on
// the socket with the address, whose bytes are those that the kernel will get;
// an empty one is none. If not, need is the word that would admit it, or the
// empty set where none does.
//
// It is what a supervisor asks after the filter handed it the call: MSG_FASTOPEN
// and the like, which are numbers, are the filter's. Socket options need no
// such question, as OpenBSD judges them by level and name alone. The address to
// perform the call with is that of [Socket.Destination].
func JudgeSocket(s promises.Set, call string, sock Socket, addr []byte) (ok bool, need promises.Set) {
	op := socketOps(call)
	found := false
	for i := range socketRules {
		r := &socketRules[i]
		if r.ops&op == 0 || r.unless&s != 0 || !sock.is(r.kind) || !sock.reaches(r.to, addr) {
			continue
		}
		if r.needs&^s == 0 {
			return true, 0
		}
		if missing := r.needs &^ s; !found || missing.SubsetOf(need) {
			need, found = missing, true
		}
	}
	return false, need
}

// Destination is the address to perform a call with that JudgeSocket admitted:
// the one that was judged, and none for messages to netlink, whose destination
// can only be the kernel. With a destination the kernel would ask whether the
// sender may administer the network, and not whether the socket's maker may.
func (k Socket) Destination(call string, addr []byte) []byte {
	if k.Domain == domainNetlink && socketOps(call) == opSend {
		return nil
	}
	return addr
}

func socketOps(call string) socketOp {
	switch call {
	case "connect":
		return opConnect
	case "bind":
		return opBind
	case "listen":
		return opListen
	case "accept", "accept4":
		return opAccept
	case "sendto", "sendmsg", "sendmmsg":
		return opSend
	}
	return 0
}

func (k Socket) is(kind socketKind) bool {
	internet := k.Domain == domainInet || k.Domain == domainInet6
	switch kind {
	case anySocket:
		return true
	case inetSocket:
		return internet
	case dnsSocket:
		return internet && (k.Type == 1 && (k.Protocol == 6 || k.Protocol == 0) || k.Type == 2 && (k.Protocol == 17 || k.Protocol == 0))
	case localSocket:
		return !internet
	case unixSocket:
		return k.Domain == domainUnix
	case routeNetlink:
		return k.Domain == domainNetlink && k.Protocol == 0
	}
	return false
}

// reaches reports whether the address is one of the destinations. All of the
// sizes are those below which the kernel takes no address of the kind.
func (k Socket) reaches(to destination, addr []byte) bool {
	switch to {
	case anyAddress:
		return true
	case noAddress:
		return len(addr) == 0
	case ownPort:
		return k.Bound
	case kernelItself:
		return len(addr) >= 12 && binary.LittleEndian.Uint16(addr) == domainNetlink && binary.LittleEndian.Uint32(addr[4:]) == 0 && binary.LittleEndian.Uint32(addr[8:]) == 0
	}
	if to == route53 && len(addr) >= 2 && binary.LittleEndian.Uint16(addr) == 0 {
		return true
	}
	if len(addr) < 16 {
		return false
	}
	port := binary.BigEndian.Uint16(addr[2:])
	switch to {
	case port53:
		return port == 53
	case route53:
		return port == 53 || port == 0
	}
	return to == highPort && (port == 0 || port >= 1024)
}

// Inherited is the situation that a program with these promises starts in if it
// inherits the sockets. A socket that may come later by recvfd counts, too.
func Inherited(words promises.Set, sockets []InheritedSocket) (s promises.Set) {
	for _, k := range sockets {
		switch k.Domain {
		case domainUnix:
			s |= UnixInherited
			if k.Type != 1 && k.Type != 5 || !k.Settled {
				s |= UnixUnpaired
			}
		case domainInet, domainInet6:
			s |= InetInherited
		default:
			s |= OtherInherited
		}
	}
	if words&recvfd != 0 && (words&unix != 0 || s&UnixInherited != 0) {
		s |= AnyInherited
	}
	return s
}

// An InheritedSocket is one that a program has from the start.
type InheritedSocket struct {
	Domain, Type int // SO_DOMAIN, SO_TYPE
	// Settled is set where the socket has a peer (getpeername) or listens
	// (SO_ACCEPTCONN).
	Settled bool
}

// AnyInherited is the situation where sockets of every kind may be inherited.
const AnyInherited = UnixInherited | UnixUnpaired | InetInherited | OtherInherited
