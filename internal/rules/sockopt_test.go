package rules

import (
	"testing"

	"github.com/pledge-linux/pledge/promises"
)

// socketOptionNames are the options of SOL_SOCKET up to Linux 6.18, SO_ left
// out, and why inet and unix do not admit those that they do not.
var socketOptionNames = []struct {
	number uint64
	name   string
	refuse string
}{
	{1, "DEBUG", ""},
	{2, "REUSEADDR", ""},
	{3, "TYPE", ""},
	{4, "ERROR", ""},
	{5, "DONTROUTE", ""},
	{6, "BROADCAST", ""},
	{7, "SNDBUF", ""},
	{8, "RCVBUF", ""},
	{9, "KEEPALIVE", ""},
	{10, "OOBINLINE", ""},
	{11, "NO_CHECK", ""},
	{12, "PRIORITY", ""},
	{13, "LINGER", ""},
	{14, "BSDCOMPAT", ""},
	{15, "REUSEPORT", ""},
	{16, "PASSCRED", ""},
	{17, "PEERCRED", ""},
	{18, "RCVLOWAT", ""},
	{19, "SNDLOWAT", ""},
	{20, "RCVTIMEO_OLD", ""},
	{21, "SNDTIMEO_OLD", ""},
	{25, "BINDTODEVICE", "picks an interface"},
	{26, "ATTACH_FILTER", "a program in the kernel"},
	{27, "DETACH_FILTER", "a program in the kernel"},
	{28, "PEERNAME", ""},
	{29, "TIMESTAMP_OLD", ""},
	{30, "ACCEPTCONN", ""},
	{31, "PEERSEC", ""},
	{32, "SNDBUFFORCE", "past the limit"},
	{33, "RCVBUFFORCE", "past the limit"},
	{34, "PASSSEC", ""},
	{35, "TIMESTAMPNS_OLD", ""},
	{36, "MARK", "picks routes"},
	{37, "TIMESTAMPING_OLD", ""},
	{38, "PROTOCOL", ""},
	{39, "DOMAIN", ""},
	{40, "RXQ_OVFL", ""},
	{41, "WIFI_STATUS", ""},
	{42, "PEEK_OFF", ""},
	{43, "NOFCS", ""},
	{44, "LOCK_FILTER", "a program in the kernel"},
	{45, "SELECT_ERR_QUEUE", ""},
	{46, "BUSY_POLL", ""},
	{47, "MAX_PACING_RATE", ""},
	{48, "BPF_EXTENSIONS", ""},
	{49, "INCOMING_CPU", ""},
	{50, "ATTACH_BPF", "a program in the kernel"},
	{51, "ATTACH_REUSEPORT_CBPF", "a program in the kernel"},
	{52, "ATTACH_REUSEPORT_EBPF", "a program in the kernel"},
	{53, "CNX_ADVICE", ""},
	{54, "SCM_TIMESTAMPING_OPT_STATS", "no option"},
	{55, "MEMINFO", ""},
	{56, "INCOMING_NAPI_ID", ""},
	{57, "COOKIE", ""},
	{58, "SCM_TIMESTAMPING_PKTINFO", "no option"},
	{59, "PEERGROUPS", ""},
	{60, "ZEROCOPY", ""},
	{61, "TXTIME", ""},
	{62, "BINDTOIFINDEX", "picks an interface"},
	{63, "TIMESTAMP_NEW", ""},
	{64, "TIMESTAMPNS_NEW", ""},
	{65, "TIMESTAMPING_NEW", ""},
	{66, "RCVTIMEO_NEW", ""},
	{67, "SNDTIMEO_NEW", ""},
	{68, "DETACH_REUSEPORT_BPF", "a program in the kernel"},
	{69, "PREFER_BUSY_POLL", ""},
	{70, "BUSY_POLL_BUDGET", ""},
	{71, "NETNS_COOKIE", ""},
	{72, "BUF_LOCK", ""},
	{73, "RESERVE_MEM", ""},
	{74, "TXREHASH", ""},
	{75, "RCVMARK", "marks"},
	{76, "PASSPIDFD", "handles of processes"},
	{77, "PEERPIDFD", "handles of processes"},
	{78, "DEVMEM_LINEAR", "memory of devices"},
	{79, "DEVMEM_DMABUF", "memory of devices"},
	{80, "DEVMEM_DONTNEED", "memory of devices"},
	{81, "SCM_TS_OPT_ID", "no option"},
	{82, "RCVPRIORITY", "not looked at yet"},
	{83, "PASSRIGHTS", "not looked at yet"},
	{84, "INQ", "not looked at yet"},
}

func TestSocketOptions(t *testing.T) {
	named := map[uint64]string{}
	for _, o := range socketOptionNames {
		named[o.number] = o.refuse
	}
	for _, call := range []string{"getsockopt", "setsockopt"} {
		rules := Of(call)
		for number := range uint64(1 << 12) {
			why, known := named[number]
			for _, s := range []promises.Set{inet, unix, inet | unix | dns | mcast | route} {
				admitted := Judge(rules, s, [6]uint64{1: 1, 2: number}, Self{}) == Allow
				if admitted != (known && why == "") {
					t.Errorf("%s %q: option %d is admitted: %v (%s)", call, s, number, admitted, why)
				}
			}
		}
	}
}

// What no word says of a level is refused there: numbers mean something else at
// each level.
func TestOptionLevels(t *testing.T) {
	rules := Of("setsockopt")
	for _, level := range []uint64{2, 3, 58, 103, 132, 136, 255, 256, 262, 263, 271, 279, 281, 283, 284, 286} {
		for number := range uint64(512) {
			if a := Judge(rules, promises.Everything, [6]uint64{1: level, 2: number}, Self{}); a == Allow {
				t.Errorf("setsockopt level %d, option %d: %v", level, number, a)
			}
		}
	}
}

// Where ports are limited MSG_FASTOPEN is refused by the filter, so that nobody
// performs it; without stdio no message goes at all.
func TestMessagesNobodyPerforms(t *testing.T) {
	flag := map[string]int{"sendto": 3, "sendmsg": 2, "sendmmsg": 3}
	for s := range eachSet {
		for call, arg := range flag {
			for _, where := range []promises.Set{0, Unsupervised, Unsupervised | Library} {
				var args [6]uint64
				args[4] = 0x1000
				if a := Judge(Of(call), s&^stdio|where, args, Self{}); a == Allow || a == Notify {
					t.Errorf("%q: %s: %v", s&^stdio, call, a)
				}
				args[arg] = fastopen | 0x4000
				if a := Judge(Of(call), s|where|ConnectLimited, args, Self{}); a == Allow || a == Notify {
					t.Errorf("%q with limited ports: %s(MSG_FASTOPEN): %v", s, call, a)
				}
			}
		}
		for _, call := range []string{"recvmsg", "recvmmsg", "recvfrom"} {
			if a := Judge(Of(call), s&^stdio, [6]uint64{}, Self{}); a == Allow || a == Notify {
				t.Errorf("%q: %s: %v", s&^stdio, call, a)
			}
		}
	}
}
