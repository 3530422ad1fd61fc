package rules

// Protocols beside these speak TCP or carry data past rules that are made for
// TCP: MPTCP 262, SCTP 132, SMC 256.
var (
	inetProtocols = v{0, 6, 17, 136, 1, 58}
	families46    = v{2, 10}
)

// strays are inherited sockets that can be used with peers of their choice.
const strays = UnixUnpaired | InetInherited | OtherInherited

const fastopen = 0x20000000 // MSG_FASTOPEN: a connect inside a send

// socketTable: AF_INET 2, AF_INET6 10, AF_UNIX 1, AF_NETLINK 16; SOCK_STREAM 1,
// SOCK_DGRAM 2, SOCK_RAW 3, SOCK_SEQPACKET 5.
var socketTable = []Rule{
	{"socket", inet, 0, when{{0, in, m32, families46}, {1, in, 0xf, v{1, 2, 3}}, {2, in, m32, inetProtocols}}, Allow, "TCP, UDP, ICMP; raw sockets need CAP_NET_RAW besides"},
	{"socket", dns, 0, when{{0, in, m32, families46}, {1, in, 0xf, v{1, 2}}, {2, in, m32, v{0, 6, 17}}}, Allow, "TCP and UDP to name servers"},
	{"socket", inet, 0, when{{0, in, m32, families46}, {2, notIn, m32, inetProtocols}}, ePROTONOSUPPORT, "MPTCP, SCTP, SMC: programs fall back to TCP"},
	{"socket", dns, inet, when{{0, in, m32, families46}, {2, notIn, m32, v{0, 6, 17}}}, ePROTONOSUPPORT, "MPTCP, SCTP, SMC: programs fall back to TCP"},
	{"socket", unix, 0, when{{0, in, m32, v{1}}, {1, in, 0xf, v{1, 2, 5}}, {2, in, m32, zero}}, Allow, "local sockets"},
	{"socket", dns, unix, when{{0, in, m32, v{1}}}, eAFNOSUPPORT, "libc asks the name service cache first and goes on without it"},
	{"socket", getpw, unix, when{{0, in, m32, v{1}}}, eAFNOSUPPORT, "libc asks the name service cache first and goes on without it"},
	{"socket", route, 0, when{{0, in, m32, v{16}}, {1, in, 0xf, v{2, 3}}, {2, in, m32, zero}}, Allow, "NETLINK_ROUTE"},
	{"socket", wroute, 0, when{{0, in, m32, v{16}}, {1, in, 0xf, v{2, 3}}, {2, in, m32, zero}}, Allow, "NETLINK_ROUTE"},
	{"socket", inet, NetAdmin, when{{0, in, m32, v{16}}, {1, in, 0xf, v{2, 3}}, {2, in, m32, zero}}, Allow, "getifaddrs(); reads only, without CAP_NET_ADMIN"},
	{"socket", dns, NetAdmin, when{{0, in, m32, v{16}}, {1, in, 0xf, v{2, 3}}, {2, in, m32, zero}}, Allow, "getaddrinfo() looks at the interfaces"},
	{"socket", inet, 0, when{{0, in, m32, v{16}}, {2, in, m32, zero}}, eAFNOSUPPORT, "CAP_NET_ADMIN could change interfaces through it"},
	{"socket", dns, 0, when{{0, in, m32, v{16}}, {2, in, m32, zero}}, eAFNOSUPPORT, "CAP_NET_ADMIN could change interfaces through it"},
	{"socket", 0, 0, when{{0, in, m32, v{16}}, {2, in, m32, v{9}}}, ePROTONOSUPPORT, "NETLINK_AUDIT: libaudit takes it that the kernel has none, and PAM goes on"},
	{"socketpair", stdio, 0, when{{0, in, m32, v{1}}, {1, in, 0xf, v{1, 5}}, {2, in, m32, zero}}, Allow, "connected pairs; a datagram pair can send to any named socket"},
	{"socketpair", unix, 0, when{{0, in, m32, v{1}}, {1, in, 0xf, v{1, 2, 5}}, {2, in, m32, zero}}, Allow, "pairs of any type"},
	// Which address a socket may have depends on the socket: JudgeSocket. Where
	// all that the program can have are of kinds that the set admits, the kernel
	// goes on by itself. Its own pairs are of AF_UNIX: connected for ever, so that
	// connect, listen, accept and a destination mean nothing, but bind does.
	{"connect", inet | unix, OtherInherited | Veiled | ConnectLimited, nil, Allow, "every socket that there can be"},
	{"connect", inet, unix | UnixUnpaired | OtherInherited | ConnectLimited, nil, Allow, "Internet sockets"},
	{"connect", inet, Unsupervised, nil, Notify, "judged by the socket's family; a port that is not allowed is told"},
	{"connect", unix, dns | InetInherited | OtherInherited | Veiled, nil, Allow, "local sockets"},
	{"connect", unix, Unsupervised, nil, Notify, "judged by the socket's family"},
	{"connect", dns, Unsupervised, nil, Notify, "name servers: port 53 only"},
	{"connect", route, unix | dns | strays, nil, Allow, "NETLINK_ROUTE"},
	{"connect", wroute, unix | dns | strays, nil, Allow, "NETLINK_ROUTE"},
	{"connect", route, Unsupervised, nil, Notify, "NETLINK_ROUTE only"},
	{"connect", wroute, Unsupervised, nil, Notify, "NETLINK_ROUTE only"},
	{"connect", inet, 0, nil, Allow, "the family is not checked without a supervisor"},
	{"connect", unix, 0, nil, Allow, "the family is not checked without a supervisor"},
	{"connect", dns, 0, nil, Allow, "name servers; the port is not checked without a supervisor"},
	{"bind", unix | StrictUnveil, Unsupervised, nil, Notify, "hidden paths do not exist"},
	{"bind", inet | unix, OtherInherited | ConnectLimited, nil, Allow, "every socket that there can be"},
	{"bind", inet, Unsupervised, nil, Notify, "one end of a pair must not get a name in the file system"},
	{"bind", unix, dns | InetInherited | OtherInherited, nil, Allow, "local sockets"},
	{"bind", unix, Unsupervised, nil, Notify, "judged by the socket's family"},
	{"bind", dns, Unsupervised, nil, Notify, "port 0, or one above 1023"},
	{"bind", route, Unsupervised, nil, Notify, "NETLINK_ROUTE only"},
	{"bind", wroute, Unsupervised, nil, Notify, "NETLINK_ROUTE only"},
	{"bind", inet, 0, nil, Allow, "the family is not checked without a supervisor"},
	{"bind", unix, 0, nil, Allow, "the family is not checked without a supervisor"},
	{"bind", dns, 0, nil, Allow, "the family is not checked without a supervisor"},
	{"bind", route, AnyInherited, nil, Allow, "NETLINK_ROUTE, and ends of pairs"},
	{"bind", wroute, AnyInherited, nil, Allow, "NETLINK_ROUTE, and ends of pairs"},
	{"listen", inet, ConnectLimited, nil, Allow, "accepts connections"},
	{"listen", inet, Unsupervised, nil, Notify, "without bind it would take a port of the kernel's choice"},
	{"listen", unix, inet | dns | InetInherited, nil, Allow, "accepts connections on local sockets"},
	{"listen", unix, dns | ConnectLimited, nil, Allow, "accepts connections"},
	{"listen", unix, Unsupervised, nil, Notify, "judged by the socket's family"},
	{"listen", inet, NoBind, nil, Allow, "without bind it takes a port of the kernel's choice; not checked without a supervisor"},
	{"listen", unix, NoBind, nil, Allow, "the family is not checked without a supervisor"},
	{"accept", inet, 0, nil, Allow, "accepts connections"},
	{"accept", unix, 0, nil, Allow, "accepts connections"},
	{"accept4", inet, 0, nil, Allow, "accepts connections"},
	{"accept4", unix, 0, nil, Allow, "accepts connections"},
	{"sendto", stdio, 0, when{{4, in, all, zero}, {3, in, fastopen, zero}}, Allow, "a connected socket"},
	{"sendto", stdio | inet | unix, ConnectLimited | OtherInherited | Veiled, nil, Allow, "every socket that there can be"},
	{"sendto", stdio | inet | unix, OtherInherited | Veiled, when{{3, in, fastopen, zero}}, Allow, "not by MSG_FASTOPEN past the port rules"},
	{"sendto", stdio | inet, unix | ConnectLimited | UnixUnpaired | OtherInherited, nil, Allow, "with a destination"},
	{"sendto", stdio | inet, unix | UnixUnpaired | OtherInherited, when{{3, in, fastopen, zero}}, Allow, "with a destination, not by MSG_FASTOPEN past the port rules"},
	{"sendto", stdio | inet, ConnectLimited | Unsupervised, nil, Notify, "judged by the socket's family"},
	{"sendto", stdio | inet, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "judged by the socket's family"},
	{"sendto", stdio | unix, dns | InetInherited | OtherInherited | Veiled, when{{3, in, fastopen, zero}}, Allow, "with a destination"},
	{"sendto", stdio | unix, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "judged by the socket's family"},
	{"sendto", stdio | dns, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "name servers: port 53 only"},
	{"sendto", stdio | route, unix | dns | strays, when{{3, in, fastopen, zero}}, Allow, "queries to NETLINK_ROUTE"},
	{"sendto", stdio | wroute, unix | dns | strays, when{{3, in, fastopen, zero}}, Allow, "queries to NETLINK_ROUTE"},
	{"sendto", stdio | route, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "NETLINK_ROUTE only"},
	{"sendto", stdio | wroute, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "NETLINK_ROUTE only"},
	{"sendto", stdio | inet, ConnectLimited, nil, Allow, "the family is not checked without a supervisor"},
	{"sendto", stdio | inet, 0, when{{3, in, fastopen, zero}}, Allow, "the family is not checked without a supervisor"},
	{"sendto", stdio | unix, 0, when{{3, in, fastopen, zero}}, Allow, "the family is not checked without a supervisor"},
	{"sendto", stdio | dns, 0, when{{3, in, fastopen, zero}}, Allow, "name servers; the port is not checked without a supervisor"},
	{"sendmsg", stdio | inet, unix | ConnectLimited | UnixInherited | OtherInherited, nil, Allow, "descriptors can only go to pairs of its own"},
	{"sendmsg", stdio | inet, unix | UnixInherited | OtherInherited, when{{2, in, fastopen, zero}}, Allow, "not by MSG_FASTOPEN past the port rules"},
	{"sendmsg", stdio | route, unix | dns | AnyInherited, when{{2, in, fastopen, zero}}, Allow, "queries to NETLINK_ROUTE"},
	{"sendmsg", stdio | wroute, unix | dns | AnyInherited, when{{2, in, fastopen, zero}}, Allow, "queries to NETLINK_ROUTE"},
	{"sendmsg", stdio | inet, ConnectLimited | Unsupervised, nil, Notify, "descriptors and addresses are inside a structure"},
	{"sendmsg", stdio, Unsupervised, when{{2, in, fastopen, zero}}, Notify, "descriptors and addresses are inside a structure"},
	{"sendmsg", stdio | sendfd, 0, when{{2, in, fastopen, zero}}, Allow, "without a supervisor descriptors are not looked at"},
	{"sendmsg", stdio | unix, Library, when{{2, in, fastopen, zero}}, Allow, "without a supervisor descriptors are not looked at"},
	{"sendmsg", Library | unix, sendfd, nil, Violate, "descriptors could be sent over an AF_UNIX socket"},
	{"sendmsg", Library | UnixInherited, sendfd, nil, Violate, "descriptors could be sent over an AF_UNIX socket"},
	{"sendmsg", stdio | dns, 0, when{{2, in, fastopen, zero}}, Allow, "name servers"},
	{"sendmmsg", stdio | inet, unix | ConnectLimited | UnixInherited | OtherInherited, nil, Allow, "descriptors can only go to pairs of its own"},
	{"sendmmsg", stdio | inet, unix | UnixInherited | OtherInherited, when{{3, in, fastopen, zero}}, Allow, "not by MSG_FASTOPEN past the port rules"},
	{"sendmmsg", stdio | inet, ConnectLimited | Unsupervised, nil, Notify, "descriptors and addresses are inside a structure"},
	{"sendmmsg", stdio, Unsupervised, when{{3, in, fastopen, zero}}, Notify, "descriptors and addresses are inside a structure"},
	{"sendmmsg", stdio | sendfd, 0, when{{3, in, fastopen, zero}}, Allow, "without a supervisor descriptors are not looked at"},
	{"sendmmsg", stdio | unix, Library, when{{3, in, fastopen, zero}}, Allow, "without a supervisor descriptors are not looked at"},
	{"sendmmsg", Library | unix, sendfd, nil, ePERM, "descriptors could be sent over an AF_UNIX socket"},
	{"sendmmsg", Library | UnixInherited, sendfd, nil, ePERM, "descriptors could be sent over an AF_UNIX socket"},
	{"sendmmsg", stdio | dns, 0, when{{3, in, fastopen, zero}}, Allow, "name servers"},
	{"recvfrom", stdio, 0, nil, Allow, "a socket that exists"},
	{"recvmsg", stdio | inet, unix | UnixInherited, nil, Allow, "descriptors can only come from pairs of its own"},
	{"recvmsg", stdio | route, unix | UnixInherited, nil, Allow, "answers of NETLINK_ROUTE"},
	{"recvmsg", stdio | dns, unix | UnixInherited, nil, Allow, "answers of name servers"},
	{"recvmsg", stdio, Unsupervised, nil, Notify, "descriptors are inside a structure"},
	{"recvmsg", stdio | recvfd, 0, nil, Allow, "without a supervisor descriptors are not looked at"},
	{"recvmsg", stdio | unix, Library, nil, Allow, "without a supervisor descriptors are not looked at"},
	{"recvmmsg", stdio | inet, unix | UnixInherited, nil, Allow, "descriptors can only come from pairs of its own"},
	{"recvmmsg", stdio | dns, unix | UnixInherited, nil, Allow, "answers of name servers"},
	{"recvmmsg", 0, Unsupervised, nil, eNOSYS, "descriptors are inside a structure; callers fall back to recvmsg"},
	{"recvmmsg", stdio | recvfd, 0, nil, Allow, "without a supervisor descriptors are not looked at"},
	{"recvmmsg_time64", stdio | inet, unix | UnixInherited, nil, Allow, "descriptors can only come from pairs of its own (i386)"},
	{"recvmmsg_time64", 0, 0, nil, eNOSYS, "as recvmmsg (i386)"},
	{"shutdown", stdio, 0, nil, Allow, "a socket that exists"},
	{"getsockname", stdio, 0, nil, Allow, "a socket that exists"},
	{"getpeername", stdio, 0, nil, Allow, "a socket that exists"},
	{"socketcall", 0, 0, nil, eNOSYS, "its arguments are in memory; libc falls back to the direct calls (i386)"},
}

// Option numbers by level: SOL_SOCKET 1, IPPROTO_IP 0, IPPROTO_TCP 6,
// IPPROTO_UDP 17, IPPROTO_IPV6 41, SOL_PACKET 263.
var (
	// Every SOL_SOCKET option but those that attach or detach programs, pick an
	// interface, mark packets or force buffers: SO_ATTACH_* 26 50 51 52,
	// SO_DETACH_FILTER 27 (getsockopt: SO_GET_FILTER), SO_DETACH_REUSEPORT_BPF 68,
	// SO_BINDTODEVICE 25, SO_BINDTOIFINDEX 62, SO_MARK 36, SO_SNDBUFFORCE 32, SO_RCVBUFFORCE 33, SO_LOCK_FILTER 44,
	// SO_DEVMEM_* 78 79 80, SO_PEERPIDFD 77, SO_PASSPIDFD 76, SO_RCVMARK 75.
	socketOptions = v{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
		28, 29, 30, 31, 34, 35, 37, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 49, 53, 55, 56,
		57, 59, 60, 61, 63, 64, 65, 66, 67, 69, 70, 71, 72, 73, 74}
	// TCP_NODELAY MAXSEG CORK KEEPIDLE KEEPINTVL KEEPCNT SYNCNT LINGER2
	// DEFER_ACCEPT WINDOW_CLAMP INFO QUICKACK CONGESTION MD5SIG USER_TIMEOUT
	// FASTOPEN NOTSENT_LOWAT.
	tcpOptions = v{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18, 23, 25}
	// IP_TOS TTL RECVOPTS RECVTTL RECVTOS RETOPTS PKTINFO MTU_DISCOVER RECVERR
	// MTU MINTTL BIND_ADDRESS_NO_PORT FREEBIND RECVORIGDSTADDR LOCAL_PORT_RANGE.
	ipOptions = v{1, 2, 6, 7, 8, 10, 11, 12, 13, 14, 15, 20, 21, 24, 51}
	// IPV6_V6ONLY UNICAST_HOPS MTU_DISCOVER MTU RECVERR RECVPKTINFO PKTINFO
	// RECVHOPLIMIT HOPLIMIT DONTFRAG RECVTCLASS TCLASS ADDR_PREFERENCES
	// MINHOPCOUNT AUTOFLOWLABEL.
	ip6Options = v{16, 23, 24, 25, 26, 49, 50, 51, 52, 62, 66, 67, 70, 72, 73}
	// IP_MULTICAST_IF TTL LOOP, ADD and DROP, by source, MCAST_*.
	mcastOptions  = v{32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49}
	mcast6Options = v{17, 18, 19, 20, 21, 29, 42, 43, 44, 45, 46, 47, 48}
)

// sockoptTable: level and name are both compared.
var sockoptTable = []Rule{
	{"getsockopt", stdio, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{4, 8, 3, 30, 38, 39}}}, Allow, "SO_ERROR SO_RCVBUF SO_TYPE SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN"},
	{"getsockopt", stdio, 0, when{{1, in, m32, v{6}}, {2, in, m32, v{1}}}, Allow, "TCP_NODELAY"},
	{"getsockopt", stdio, 0, when{{1, in, m32, zero}, {2, in, m32, v{1}}}, Allow, "IP_TOS"},
	{"getsockopt", stdio, 0, when{{1, in, m32, v{41}}, {2, in, m32, v{67}}}, Allow, "IPV6_TCLASS"},
	{"getsockopt", dns, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{29, 63, 35, 64}}}, Allow, "SO_TIMESTAMP"},
	{"getsockopt", dns, 0, when{{1, in, m32, v{41}}, {2, in, m32, v{24, 49, 63}}}, Allow, "IPV6_RECVPKTINFO, minimum MTU"},
	{"getsockopt", inet, 0, when{{1, in, m32, v{1}}, {2, in, m32, socketOptions}}, Allow, "socket options"},
	{"getsockopt", unix, 0, when{{1, in, m32, v{1}}, {2, in, m32, socketOptions}}, Allow, "socket options"},
	{"getsockopt", inet, 0, when{{1, in, m32, v{6}}, {2, in, m32, tcpOptions}}, Allow, "TCP options"},
	{"getsockopt", inet, 0, when{{1, in, m32, zero}, {2, in, m32, ipOptions}}, Allow, "IP options"},
	{"getsockopt", inet, 0, when{{1, in, m32, zero}, {2, in, m32, v{4}}}, Allow, "IP_OPTIONS, get only"},
	{"getsockopt", inet, 0, when{{1, in, m32, v{41}}, {2, in, m32, ip6Options}}, Allow, "IPv6 options"},
	{"getsockopt", inet, 0, when{{1, in, m32, v{17}}}, Allow, "UDP options"},
	{"getsockopt", inet | mcast, 0, when{{1, in, m32, zero}, {2, in, m32, mcastOptions}}, Allow, "multicast"},
	{"getsockopt", inet | mcast, 0, when{{1, in, m32, v{41}}, {2, in, m32, mcast6Options}}, Allow, "multicast"},
	{"getsockopt", wroute, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{25, 36, 62}}}, Allow, "SO_BINDTODEVICE, SO_BINDTOIFINDEX, SO_MARK: as SO_RTABLE"},
	{"getsockopt", bpf, 0, when{{1, in, m32, v{263}}, {2, in, m32, v{6}}}, Allow, "PACKET_STATISTICS, as BIOCGSTATS"},
	{"setsockopt", stdio, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{4, 8}}}, Allow, "SO_ERROR SO_RCVBUF"},
	{"setsockopt", stdio, 0, when{{1, in, m32, v{6}}, {2, in, m32, v{1}}}, Allow, "TCP_NODELAY"},
	{"setsockopt", stdio, 0, when{{1, in, m32, zero}, {2, in, m32, v{1}}}, Allow, "IP_TOS"},
	{"setsockopt", stdio, 0, when{{1, in, m32, v{41}}, {2, in, m32, v{67}}}, Allow, "IPV6_TCLASS"},
	{"setsockopt", dns, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{29, 63, 35, 64, 6, 7}}}, Allow, "SO_TIMESTAMP; resolvers set SO_BROADCAST and buffer sizes"},
	{"setsockopt", dns, 0, when{{1, in, m32, zero}, {2, in, m32, v{10, 11}}}, Allow, "IP_RECVERR and IP_MTU_DISCOVER: the resolver's own"},
	{"setsockopt", dns, 0, when{{1, in, m32, v{41}}, {2, in, m32, v{23, 24, 25, 26, 49, 63}}}, Allow, "IPV6_RECVPKTINFO, IPV6_RECVERR, minimum MTU, V6ONLY: the resolver's own"},
	{"setsockopt", dns, 0, when{{1, in, m32, v{6}}, {2, in, m32, v{4, 5, 6}}}, Allow, "TCP_KEEP*, set by Go on every connection"},
	{"setsockopt", inet, 0, when{{1, in, m32, v{1}}, {2, in, m32, socketOptions}}, Allow, "socket options"},
	{"setsockopt", unix, 0, when{{1, in, m32, v{1}}, {2, in, m32, socketOptions}}, Allow, "socket options"},
	{"setsockopt", inet, ConnectLimited, when{{1, in, m32, v{6}}, {2, in, m32, v{30}}}, Allow, "TCP_FASTOPEN_CONNECT"},
	{"setsockopt", inet, 0, when{{1, in, m32, v{6}}, {2, in, m32, tcpOptions}}, Allow, "TCP options"},
	{"setsockopt", inet, 0, when{{1, in, m32, zero}, {2, in, m32, ipOptions}}, Allow, "IP options"},
	{"setsockopt", inet, 0, when{{1, in, m32, v{41}}, {2, in, m32, ip6Options}}, Allow, "IPv6 options"},
	{"setsockopt", inet, 0, when{{1, in, m32, v{17}}, {2, in, m32, v{1, 101, 102, 103, 104}}}, Allow, "UDP_CORK, checksums, GSO and GRO"},
	{"setsockopt", inet | mcast, 0, when{{1, in, m32, zero}, {2, in, m32, mcastOptions}}, Allow, "multicast"},
	{"setsockopt", inet | mcast, 0, when{{1, in, m32, v{41}}, {2, in, m32, mcast6Options}}, Allow, "multicast"},
	{"setsockopt", wroute, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{25, 36, 62}}}, Allow, "SO_BINDTODEVICE, SO_BINDTOIFINDEX, SO_MARK: as SO_RTABLE"},
	{"setsockopt", route, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{7, 8}}}, Allow, "buffers of a routing socket"},
	{"setsockopt", route, 0, when{{1, in, m32, v{270}}, {2, in, m32, v{11, 12}}}, Allow, "NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK of a routing socket"},
	{"setsockopt", inet, 0, when{{1, in, m32, v{270}}, {2, in, m32, v{11, 12}}}, Allow, "NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK of getifaddrs()"},
	{"setsockopt", 0, 0, when{{1, in, m32, v{1}}, {2, in, m32, v{32, 33}}}, ePERM, "SO_SNDBUFFORCE, SO_RCVBUFFORCE: callers ask for what needs no capability then"},
}
