/* Written by internal/gen/libpledge from the tables of package rules; do not edit. */

#define PL_WORDS \
	"stdio", \
	"rpath", \
	"wpath", \
	"cpath", \
	"dpath", \
	"tmppath", \
	"inet", \
	"mcast", \
	"fattr", \
	"chown", \
	"flock", \
	"unix", \
	"dns", \
	"getpw", \
	"sendfd", \
	"recvfd", \
	"tape", \
	"tty", \
	"proc", \
	"exec", \
	"prot_exec", \
	"settime", \
	"ps", \
	"vminfo", \
	"id", \
	"pf", \
	"route", \
	"wroute", \
	"audio", \
	"video", \
	"bpf", \
	"unveil", \
	"error", \
	"disklabel", \
	"drm", \
	"vmm", \

enum {
	PL_STDIO_BIT = 0,
	PL_RPATH_BIT = 1,
	PL_WPATH_BIT = 2,
	PL_CPATH_BIT = 3,
	PL_DPATH_BIT = 4,
	PL_TMPPATH_BIT = 5,
	PL_INET_BIT = 6,
	PL_MCAST_BIT = 7,
	PL_FATTR_BIT = 8,
	PL_CHOWN_BIT = 9,
	PL_FLOCK_BIT = 10,
	PL_UNIX_BIT = 11,
	PL_DNS_BIT = 12,
	PL_GETPW_BIT = 13,
	PL_SENDFD_BIT = 14,
	PL_RECVFD_BIT = 15,
	PL_TAPE_BIT = 16,
	PL_TTY_BIT = 17,
	PL_PROC_BIT = 18,
	PL_EXEC_BIT = 19,
	PL_PROT_EXEC_BIT = 20,
	PL_SETTIME_BIT = 21,
	PL_PS_BIT = 22,
	PL_VMINFO_BIT = 23,
	PL_ID_BIT = 24,
	PL_PF_BIT = 25,
	PL_ROUTE_BIT = 26,
	PL_WROUTE_BIT = 27,
	PL_AUDIO_BIT = 28,
	PL_VIDEO_BIT = 29,
	PL_BPF_BIT = 30,
	PL_UNVEIL_BIT = 31,
	PL_ERROR_BIT = 32,
	PL_DISKLABEL_BIT = 33,
	PL_DRM_BIT = 34,
	PL_VMM_BIT = 35,
};

#define PL_S_LOADS (UINT64_C(1) << 48)
#define PL_S_UNSUPERVISED (UINT64_C(1) << 49)
#define PL_S_SIGNAL_SCOPE (UINT64_C(1) << 50)
#define PL_S_NET_ADMIN (UINT64_C(1) << 53)
#define PL_S_UNIX_INHERITED (UINT64_C(1) << 54)
#define PL_S_CREATE_ONLY (UINT64_C(1) << 55)
#define PL_S_WHITELISTED (UINT64_C(1) << 59)
#define PL_S_LIBRARY (UINT64_C(1) << 60)
#define PL_S_EXEC_REFUSED (UINT64_C(1) << 61)
#define PL_S_WRITES_LISTED (UINT64_C(1) << 62)
#define PL_S_INET_INHERITED (UINT64_C(1) << 40)
#define PL_S_UNIX_UNPAIRED (UINT64_C(1) << 41)
#define PL_S_OTHER_INHERITED (UINT64_C(1) << 42)
#define PL_S_UNTRUNCATED (UINT64_C(1) << 44)

