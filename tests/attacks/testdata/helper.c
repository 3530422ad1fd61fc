/* helper WHAT [ARG...]: calls that a supervisor performs, made by somebody who
 * wants more of them. Prints what came of it; standard input is a socket where
 * that is said. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int say(const char *what, long r) {
	printf("%s: %s\n", what, r < 0 ? strerror(errno) : "ok");
	fflush(stdout);
	return r < 0;
}

static struct sockaddr_in port(const char *p) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(p)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return a;
}

static long message(int fd, void *addr, socklen_t len, const char *text, int flags) {
	struct iovec v = {(void *)text, strlen(text)};
	struct msghdr h = {.msg_name = addr, .msg_namelen = len, .msg_iov = &v, .msg_iovlen = 1};
	return sendmsg(fd, &h, flags);
}

/* fastopen PORT sendmsg|sendto|sendmmsg: a connect inside a send. */
static int fastopen(char **a) {
	struct sockaddr_in to = port(a[0]);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (!strcmp(a[1], "sendto")) return say("sendto", sendto(fd, "x", 1, MSG_FASTOPEN, (void *)&to, sizeof to));
	if (!strcmp(a[1], "sendmsg")) return say("sendmsg", message(fd, &to, sizeof to, "x", MSG_FASTOPEN));
	struct iovec v = {"x", 1};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &v, .msg_iovlen = 1}};
	return say("sendmmsg", sendmmsg(fd, &m, 1, MSG_FASTOPEN));
}

/* udp PORT FAMILY sendto|sendmsg: the family inside the address. */
static int udp(char **a) {
	struct sockaddr_in to = port(a[0]);
	to.sin_family = atoi(a[1]);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (!strcmp(a[2], "sendto")) return say("sendto", sendto(fd, "x", 1, 0, (void *)&to, sizeof to));
	return say("sendmsg", message(fd, &to, sizeof to, "x", 0));
}

/* tcp PORT: connects. */
static int tcp(char **a) {
	struct sockaddr_in to = port(a[0]);
	return say("connect", connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&to, sizeof to));
}

/* serve: listens on a port that the kernel chooses, because none was bound. */
static int serve(char **a) {
	(void)a;
	return say("listen", listen(socket(AF_INET, SOCK_STREAM, 0), 1));
}

/* stale: listens where getsockname still tells the port of a connection. */
static int stale(char **a) {
	struct sockaddr_in to = port(a[0]), none = {.sin_family = AF_UNSPEC}, any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (a[1]) any.sin_port = htons(atoi(a[1]));
	if (a[1] && bind(fd, (void *)&any, sizeof any) < 0) return say("bind", -1);
	connect(fd, (void *)&to, sizeof to);
	connect(fd, (void *)&none, sizeof none);
	return say("listen", listen(fd, 1));
}

/* pair PATH: gives one end of a pair a name in the file system. */
static int pair(char **a) {
	int p[2];
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	snprintf(to.sun_path, sizeof to.sun_path, "%s", a[0]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, p) < 0) return say("socketpair", -1);
	return say("bind", bind(p[0], (void *)&to, sizeof to));
}

/* local PATH connect|sendmsg|abstract: a socket that is somewhere else. */
static int local(char **a) {
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	socklen_t len = sizeof to;
	strncpy(to.sun_path, a[0], sizeof to.sun_path - 1);
	if (!strcmp(a[1], "abstract")) {
		len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(a[0]);
		memmove(to.sun_path + 1, to.sun_path, strlen(a[0]));
		to.sun_path[0] = 0;
	}
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (!strcmp(a[1], "connect")) return say("connect", connect(fd, (void *)&to, len));
	return say("sendmsg", message(fd, &to, len, "x", 0));
}

/* speak: sends and receives on standard input, without a C library's help. */
static int speak(void) {
	struct iovec v = {"hello", 5};
	struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
	int bad = syscall(SYS_sendmsg, 0, &h, 0) < 0;
	char b[16];
	struct iovec w = {b, sizeof b};
	struct msghdr g = {.msg_iov = &w, .msg_iovlen = 1};
	bad |= syscall(SYS_recvmsg, 0, &g, MSG_DONTWAIT) < 0;
	_exit(bad ? 1 : 0);
}

/* mtu: changes an interface, with a destination that is the kernel. */
static int mtu(char **a) {
	struct { struct nlmsghdr h; struct ifinfomsg i; struct rtattr r; unsigned mtu; } q = {
		{sizeof q, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0}, {AF_UNSPEC, 0, 0, 1, 0, 0}, {8, IFLA_MTU}, 65000};
	struct sockaddr_nl to = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	long n;
	struct iovec v = {&q, sizeof q};
	struct msghdr h = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &v, .msg_iovlen = 1};
	if (fd < 0) return say("socket", -1);
	if (!strcmp(a[0], "sendto")) n = sendto(fd, &q, sizeof q, 0, (void *)&to, sizeof to);
	else n = sendmsg(fd, &h, 0);
	if (n < 0) return say(a[0], -1);
	struct { struct nlmsghdr h; struct nlmsgerr e; char rest[512]; } r;
	if (recv(fd, &r, sizeof r, 0) < 0) return say("recv", -1);
	errno = -r.e.error;
	return say("mtu", r.e.error ? -1 : 0);
}

/* temp NAME: opens and removes a file of somebody else's in /tmp. */
static int temp(char **a) {
	int bad = 0, fd = open(a[0], O_RDWR | O_CREAT, 0600);
	bad |= !say("open", fd);
	bad |= !say("unlink", unlink(a[0]));
	return !bad;
}

/* fifo NAME: opens a FIFO that nobody reads. */
static int fifo(char **a) { return say("open", open(a[0], O_WRONLY | O_CREAT, 0600)); }

/* drop WHAT ...: gives up root and goes on. */
static int drop(char **a);

/* dumpable: hides its memory and then violates. */
static int dumpable(char **a) {
	(void)a;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	open("/etc/shadow", O_RDONLY);
	struct stat st;
	stat("/root/.ssh", &st);
	printf("still here\n");
	return 0;
}

/* page FILE mkdir|send: a path, or data, in a page that does not come. */
static int page(char **a) {
	int fd = open(a[0], O_RDONLY);
	char *p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (fd < 0 || p == MAP_FAILED) return say("map", -1);
	printf("mapped\n");
	fflush(stdout);
	if (!strcmp(a[1], "mkdir")) return say("mkdir", mkdir(p, 0700));
	int s[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	struct iovec v = {p, 4096};
	struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
	return say("sendmsg", sendmsg(s[0], &h, 0));
}

/* code: has a received message written over code. */
static int code(char **a) {
	(void)a;
	int s[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) < 0) return say("socketpair", -1);
	if (write(s[0], "\xcc\xcc\xcc\xcc", 4) != 4) return say("write", -1);
	struct iovec v = {(void *)code, 4};
	struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
	return say("recvmsg", recvmsg(s[1], &h, 0));
}

/* flood N: many refusals, the important one last. */
static int flood(char **a) {
	char p[64];
	for (int i = 0; i < atoi(a[0]); i++) {
		snprintf(p, sizeof p, "/flood/%d", i);
		open(p, O_RDONLY);
	}
	unlink("/important");
	return 0;
}

/* blocked N: N threads of processes wait for messages, and one more asks. */
static int blocked(char **a) {
	int s[2], n = atoi(a[0]);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	pid_t all[512];
	for (int i = 0; i < n && i < 512; i++) {
		if (!(all[i] = fork())) {
			char b;
			struct iovec v = {&b, 1};
			struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
			_exit(recvmsg(s[1], &h, 0) != 1);
		}
	}
	usleep(300000);
	int bad = say("whitelisted", open("/etc/localtime", O_RDONLY));
	for (int i = 0; i < n && i < 512; i++) if (write(s[0], "x", 1) != 1) bad = 1;
	for (int i = 0; i < n && i < 512; i++) {
		int st;
		waitpid(all[i], &st, 0);
		bad |= st != 0;
	}
	return say("all received", bad ? -1 : 0);
}

/* interrupted: a signal ends a wait for a message. */
static void nothing(int sig) { (void)sig; }
static int interrupted(char **a) {
	(void)a;
	int s[2];
	struct sigaction act = {.sa_handler = nothing};
	sigaction(SIGALRM, &act, 0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	alarm(1);
	char b;
	struct iovec v = {&b, 1};
	struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
	return say("recvmsg", recvmsg(s[1], &h, 0));
}

/* above: reaches for who started this, thread by thread, and for what helps it. */
static int above(char **a) {
	(void)a;
	int signalled = -1, opened = -1, up = getppid();
	char p[64];
	open("/dev/null", O_RDWR); /* whoever performs it is there now */
	for (int t = up; t < up + 64; t++) {
		if (t == getpid()) continue;
		snprintf(p, sizeof p, "/proc/%d/mem", t);
		if (open(p, O_RDONLY) >= 0) opened = 0;
		if (!kill(t, 0) || !syscall(SYS_tgkill, up, t, 0)) signalled = 0;
	}
	errno = EPERM;
	say("signal", signalled);
	errno = EPERM;
	return say("memory", opened);
}

/* crowd N: N threads ask for something whitelisted at once. */
static int refused;
static void *member(void *p) {
	(void)p;
	for (int i = 0; i < 20; i++) {
		int fd = open("/dev/null", O_RDWR);
		if (fd < 0) refused = errno;
		close(fd);
	}
	return 0;
}
static int crowd(char **a) {
	pthread_t t[512];
	int n = atoi(a[0]);
	for (int i = 0; i < n && i < 512; i++) if (pthread_create(&t[i], 0, member, 0)) return say("thread", -1);
	for (int i = 0; i < n && i < 512; i++) pthread_join(t[i], 0);
	errno = refused;
	return say("all opened", refused ? -1 : 0);
}

static struct { const char *name; int (*run)(char **); } all[] = {
	{"fastopen", fastopen}, {"udp", udp}, {"tcp", tcp}, {"serve", serve}, {"stale", stale}, {"pair", pair}, {"local", local}, {"mtu", mtu},
	{"temp", temp}, {"fifo", fifo}, {"drop", drop}, {"dumpable", dumpable}, {"page", page}, {"code", code}, {"flood", flood},
	{"blocked", blocked}, {"above", above}, {"crowd", crowd}, {"interrupted", interrupted},
};

static int perform(char **a) {
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) if (!strcmp(all[i].name, a[0])) return all[i].run(a + 1);
	return 2;
}

static int drop(char **a) {
	if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0) return say("drop", -1);
	return perform(a);
}

int main(int argc, char **argv) {
	if (argc > 1 && !strcmp(argv[1], "speak")) return speak();
	return argc > 1 ? perform(argv + 1) : 2;
}
