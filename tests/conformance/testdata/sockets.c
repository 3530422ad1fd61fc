// sockets performs operations on sockets and says how each ended. A line of its
// input is
//
//	socket FAMILY TYPE OPERATION ADDRESS
//	pair   0      TYPE OPERATION ADDRESS
//	fd     NUMBER 0    OPERATION ADDRESS
//
// with the address as hexadecimal bytes, or - for none. For a socket that is
// made the operation is performed on a new one each time.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char input[1 << 17];

static int hex(const char *s, unsigned char *to) {
	int n = 0;
	unsigned v;
	for (; *s != '-' && s[0] && s[1] && sscanf(s, "%2x", &v) == 1; s += 2) to[n++] = v;
	return n;
}

static long perform(int fd, const char *op, unsigned char *addr, int n) {
	struct iovec part = {"x", 1};
	struct msghdr m = {.msg_name = n ? addr : 0, .msg_namelen = n, .msg_iov = &part, .msg_iovlen = 1};
	switch (op[0]) {
	case 'c': return syscall(SYS_connect, fd, addr, n);
	case 'b': return syscall(SYS_bind, fd, addr, n);
	case 'l': return syscall(SYS_listen, fd, 1);
	case 'a': return syscall(SYS_accept4, fd, 0, 0, SOCK_NONBLOCK);
	case 's':
		if (!strcmp(op, "sendto")) return syscall(SYS_sendto, fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT, n ? addr : 0, n);
		return syscall(SYS_sendmsg, fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	return -2;
}

int main(void) {
	ssize_t got, have = 0;
	while ((got = read(0, input + have, sizeof input - 1 - have)) > 0) have += got;
	for (char *line = strtok(input, "\n"); line; line = strtok(0, "\n")) {
		char how[8], op[12], text[300];
		unsigned char addr[140] = {0};
		int a, b, fd = -1, pair[2] = {-1, -1};
		if (sscanf(line, "%7s %d %d %11s %299s", how, &a, &b, op, text) != 5) return 9;
		int n = hex(text, addr);
		if (how[0] == 's') fd = syscall(SYS_socket, a, b | SOCK_NONBLOCK, 0);
		if (how[0] == 'p') fd = socketpair(AF_UNIX, b | SOCK_NONBLOCK, 0, pair) ? -1 : pair[0];
		if (how[0] == 'f') fd = a;
		if (fd < 0) {
			printf("no socket %d\n", errno);
			continue;
		}
		long r = perform(fd, op, addr, n);
		printf("%d\n", r < 0 ? errno : 0);
		if (r > 2 && op[0] == 'a') close(r);
		if (how[0] != 'f') close(fd);
		if (pair[1] >= 0) close(pair[1]);
	}
	return 0;
}
