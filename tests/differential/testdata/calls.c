/* calls SEED COUNT: makes random calls of the kinds that a supervisor performs
 * for a program, valid and not, and prints what each of them gave and left. The
 * same seed makes the same calls. Runs in a directory of its own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static uint64_t state;
static unsigned rnd(unsigned n) {
	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return (unsigned)(state >> 11) % n;
}

static volatile int pipes;
static void broken(int sig) { (void)sig; pipes++; }

enum { SOCKETS = 10 };
static int sock[SOCKETS]; /* pairs of stream, seqpacket, datagram; a listener; one unconnected */
static char *readonly, *gone, *half;
static char data[8192], space[8192];

/* target is memory of each sort: plain, read-only, the end of a page, none. */
static char *target(char *plain) {
	switch (rnd(12)) {
	case 0: return readonly;
	case 1: return gone;
	case 2: return half + 4096 - rnd(20);
	case 3: return 0;
	default: return plain + rnd(64);
	}
}

static int any(void) {
	switch (rnd(16)) {
	case 0: return -1;
	case 1: return 99;
	case 2: return 1; /* no socket */
	default: return sock[rnd(SOCKETS)];
	}
}

static unsigned length(void) {
	static const unsigned of[] = {0, 1, 2, 5, 16, 100, 1000, 4000};
	return of[rnd(8)];
}

static int sendFlags(void) {
	int f = MSG_DONTWAIT;
	if (!rnd(3)) f |= MSG_NOSIGNAL;
	if (!rnd(8)) f |= MSG_OOB;
	if (!rnd(8)) f |= MSG_EOR;
	if (!rnd(8)) f |= MSG_MORE;
	if (!rnd(16)) f |= MSG_DONTROUTE;
	return f;
}

static int receiveFlags(void) {
	int f = MSG_DONTWAIT;
	if (!rnd(4)) f |= MSG_PEEK;
	if (!rnd(4)) f |= MSG_TRUNC;
	if (!rnd(8)) f |= MSG_WAITALL;
	if (!rnd(8)) f |= MSG_OOB;
	if (!rnd(8)) f |= MSG_CMSG_CLOEXEC;
	if (!rnd(12)) f |= MSG_ERRQUEUE;
	return f;
}

static struct iovec vec[1100];
static int vectors(char *plain) {
	int n = rnd(5);
	if (!rnd(24)) n = 1024 + rnd(3);
	for (int i = 0; i < n; i++) {
		vec[i].iov_base = n > 5 ? plain : target(plain);
		vec[i].iov_len = n > 5 ? 1 : length();
		if (!rnd(60)) vec[i].iov_len = (size_t)-1 - rnd(3);
	}
	return n;
}

static struct sockaddr_un name;
static socklen_t address(void) {
	memset(&name, 0, sizeof name);
	name.sun_family = rnd(12) ? AF_UNIX : rnd(3) ? AF_UNSPEC : AF_INET;
	switch (rnd(7)) {
	case 0: strcpy(name.sun_path, "nothing"); break;
	case 1: strcpy(name.sun_path, "./link"); break;
	case 2: strcpy(name.sun_path, "file"); break;
	case 3: strcpy(name.sun_path, "dir/up/../dgram"); break;
	case 4: memset(name.sun_path, 'a', sizeof name.sun_path); break;
	case 5: strcpy(name.sun_path, "dgram"); break;
	case 6: strcpy(name.sun_path, "stream"); break;
	}
	switch (rnd(8)) {
	case 0: return 2;
	case 1: return 1;
	case 2: return 0;
	case 3: return (socklen_t)-1;
	case 4: return 129;
	case 5: return offsetof(struct sockaddr_un, sun_path) + strlen(name.sun_path);
	default: return sizeof name;
	}
}

/* control lays out control messages: descriptors, credentials, nonsense. */
static union { char b[512]; struct cmsghdr align; } control;
static size_t controlled(void) {
	memset(&control, 0, sizeof control);
	struct cmsghdr *c = (struct cmsghdr *)control.b;
	int n = 1 + rnd(3), *fds = (int *)CMSG_DATA(c);
	switch (rnd(8)) {
	case 0: case 1: case 2:
		c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(n * sizeof(int));
		for (int i = 0; i < n; i++) fds[i] = rnd(8) ? sock[rnd(2)] : rnd(2) ? -1 : 99;
		return CMSG_SPACE(n * sizeof(int));
	case 3:
		c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = rnd(40);
		return rnd(40);
	case 4:
		c->cmsg_level = SOL_SOCKET, c->cmsg_type = 77, c->cmsg_len = CMSG_LEN(4);
		return CMSG_SPACE(4);
	case 5:
		c->cmsg_level = SOL_IP, c->cmsg_type = 1, c->cmsg_len = CMSG_LEN(4);
		return CMSG_SPACE(4);
	case 6:
		return rnd(4);
	}
	return 0;
}

static uint32_t sum(const char *p, size_t n) {
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 16777619u;
	return h;
}

/* left says what is waiting in every socket, and how often SIGPIPE came. */
static void left(void) {
	for (int i = 0; i < SOCKETS; i++) {
		int n = -1;
		ioctl(sock[i], FIONREAD, &n);
		printf(" %d", n);
	}
	printf(" p%d\n", pipes);
}

static void result(const char *what, long r) { printf("%s %ld %s", what, r, r < 0 ? strerrorname_np(errno) : ""); }

static void callSend(int many) {
	struct mmsghdr m[4];
	memset(m, 0, sizeof m);
	int n = many ? (int)rnd(4) : 1;
	static struct iovec v[4][5];
	static struct sockaddr_un to[4];
	for (int i = 0; i < n; i++) {
		struct msghdr *h = &m[i].msg_hdr;
		h->msg_iovlen = vectors(data);
		h->msg_iov = vec;
		if (many) {
			if (h->msg_iovlen > 5) h->msg_iovlen = 5;
			memcpy(v[i], vec, sizeof v[i]);
			h->msg_iov = v[i];
		}
		if (!rnd(4)) h->msg_namelen = address(), to[i] = name, h->msg_name = rnd(10) ? (void *)&to[i] : gone;
		if (!many && !rnd(3)) h->msg_controllen = controlled(), h->msg_control = rnd(12) ? control.b : gone;
	}
	void *at = rnd(20) ? (void *)m : gone;
	long r = many ? syscall(SYS_sendmmsg, any(), at, n, sendFlags()) : syscall(SYS_sendmsg, any(), at, sendFlags());
	result(many ? "sendmmsg" : "sendmsg", r);
	if (many) for (int i = 0; i < n; i++) printf(" %u", i < r ? m[i].msg_len : 0);
	left();
}

static void callReceive(void) {
	struct msghdr h = {0};
	memset(space, 0, sizeof space);
	memset(half + 4096 - 64, 0, 64);
	struct sockaddr_un from;
	memset(&from, 0, sizeof from);
	h.msg_iovlen = vectors(space);
	h.msg_iov = vec;
	/* Where data cannot be put the kernel leaves it or loses it; so does a
	 * supervisor, but not always the same. */
	for (size_t i = 0; i < h.msg_iovlen; i++) {
		char *p = vec[i].iov_base;
		if (p < space || p > space + sizeof space) vec[i].iov_base = space + 8;
	}
	if (!rnd(2)) h.msg_name = rnd(10) ? (void *)&from : gone, h.msg_namelen = rnd(3) ? sizeof from : rnd(20);
	memset(&control, 0, sizeof control);
	if (rnd(2)) h.msg_control = control.b, h.msg_controllen = rnd(3) ? sizeof control.b : rnd(64);
	long r = syscall(SYS_recvmsg, any(), rnd(20) ? (void *)&h : gone, receiveFlags());
	result("recvmsg", r);
	if (r >= 0) {
		printf(" data %08x %08x from %u %08x flags %x control", sum(space, sizeof space), sum(half + 4096 - 64, 64), h.msg_namelen, sum((char *)&from, sizeof from), h.msg_flags);
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c && h.msg_control == control.b; c = CMSG_NXTHDR(&h, c)) {
			printf(" %d/%d/%zu", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
			if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
			for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
				int fd = ((int *)CMSG_DATA(c))[i];
				printf("[%s cloexec %d]", fcntl(fd, F_GETFL) < 0 ? "none" : "open", fcntl(fd, F_GETFD));
				close(fd);
			}
		}
	}
	left();
}

static void callSendto(void) {
	socklen_t n = address();
	result("sendto", syscall(SYS_sendto, any(), target(data), rnd(40) ? length() : (size_t)-1, sendFlags(), rnd(16) ? (void *)&name : gone, n));
	left();
}

static void callConnect(void) {
	int fd = rnd(4) ? socket(AF_UNIX, (rnd(2) ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0) : any();
	socklen_t n = address();
	result("connect", syscall(SYS_connect, fd, rnd(16) ? (void *)&name : gone, n));
	if (fd > 2 && fd != 99) {
		struct sockaddr_un peer;
		socklen_t size = sizeof peer;
		memset(&peer, 0, sizeof peer);
		int r = getpeername(fd, (void *)&peer, &size);
		printf(" peer %d %08x", r, r ? 0 : sum((char *)&peer, sizeof peer));
		int ours = 0;
		for (int i = 0; i < SOCKETS; i++) ours |= sock[i] == fd;
		if (!ours) close(fd);
	}
	int got = accept4(sock[8], 0, 0, SOCK_NONBLOCK);
	if (got >= 0) close(got);
	left();
}

static void callBind(int i) {
	int fd = rnd(4) ? socket(AF_UNIX, rnd(2) ? SOCK_STREAM : SOCK_DGRAM, 0) : rnd(2) ? -1 : 1;
	socklen_t n = address();
	if (name.sun_path[0] == 'n') snprintf(name.sun_path, sizeof name.sun_path, "%smade%d", rnd(2) ? "dir/" : "", i);
	umask(rnd(2) ? 022 : 077);
	result("bind", syscall(SYS_bind, fd, rnd(16) ? (void *)&name : gone, n));
	struct stat st;
	if (!lstat(name.sun_path, &st)) printf(" %o", st.st_mode);
	result(" listen", listen(fd, 1));
	if (fd > 2) close(fd);
	left();
}

int main(int argc, char **argv) {
	if (argc < 3) return 2;
	state = strtoull(argv[1], 0, 10) * 0x9e3779b97f4a7c15ull + 1;
	for (int i = 0; i < 20; i++) rnd(2);
	setvbuf(stdout, malloc(1 << 20), _IOFBF, 1 << 20);
	signal(SIGPIPE, broken);
	readonly = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	gone = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	half = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(half + 4096, 4096, PROT_NONE);
	for (size_t i = 0; i < sizeof data; i++) data[i] = i * 7;
	socketpair(AF_UNIX, SOCK_STREAM, 0, sock);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sock + 2);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, sock + 4);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sock + 6);
	close(sock[7]); /* a peer that is gone */
	mkdir("dir", 0755);
	mkdir("dir/up", 0755);
	close(open("file", O_CREAT | O_WRONLY, 0644));
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	sock[8] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	strcpy(at.sun_path, "stream");
	bind(sock[8], (void *)&at, sizeof at);
	listen(sock[8], 4);
	sock[9] = socket(AF_UNIX, SOCK_DGRAM, 0);
	strcpy(at.sun_path, "dgram");
	bind(sock[9], (void *)&at, sizeof at);
	sock[7] = socket(AF_UNIX, SOCK_STREAM, 0);
	symlink("dgram", "link");
	symlink("../dgram", "dir/dgram");
	for (int i = 0; i < atoi(argv[2]); i++) {
		switch (rnd(9)) {
		case 0: case 1: callSend(0); break;
		case 2: callSend(1); break;
		case 3: case 4: case 5: callReceive(); break;
		case 6: callSendto(); break;
		case 7: callConnect(); break;
		case 8: callBind(i); break;
		}
	}
	fflush(stdout);
	return 0;
}
