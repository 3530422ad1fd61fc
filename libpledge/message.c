/* sendmsg(2) and recvmsg(2) of a process that may not send or receive descriptors: a
 * filter does not see whether a message carries some, and so refuses both calls where
 * a local socket is there. Messages without them go by calls that carry none. */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
enum { BOUNCE = 32768 };

/* Reports whether the filter refuses the calls for want of a word. */
static int refused(pl_set word) {
	const struct pl_state *s = &pledge__now;
	if (!s->pledged || s->promises & word) return 0;
	return s->promises & PL(UNIX) || s->sockets & PL_S_UNIX_INHERITED || !(s->promises & (PL(INET) | PL(DNS) | PL(ROUTE) | PL(WROUTE)));
}

static int is_stream(int fd) {
	int type = 0;
	socklen_t n = sizeof type;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_STREAM;
}

static size_t total(const struct msghdr *m) {
	size_t n = 0, i;
	for (i = 0; i < (size_t)m->msg_iovlen; i++) n += m->msg_iov[i].iov_len;
	return n;
}

/* Sends several parts as one. */
static __attribute__((noinline)) ssize_t gather(int fd, const struct msghdr *m, int flags) {
	char bounce[BOUNCE];
	size_t i, have = 0;
	if (total(m) > sizeof bounce && !is_stream(fd)) {
		errno = EMSGSIZE;
		return -1;
	}
	for (i = 0; i < (size_t)m->msg_iovlen && have < sizeof bounce; i++) {
		size_t part = m->msg_iov[i].iov_len < sizeof bounce - have ? m->msg_iov[i].iov_len : sizeof bounce - have;
		memcpy(bounce + have, m->msg_iov[i].iov_base, part);
		have += part;
	}
	return syscall(SYS_sendto, fd, bounce, have, flags, m->msg_name, m->msg_namelen);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *m, int flags) {
	if (!refused(PL(SENDFD)) || m->msg_controllen > 0) return syscall(SYS_sendmsg, fd, m, flags);
	if (m->msg_iovlen == 1) return syscall(SYS_sendto, fd, m->msg_iov[0].iov_base, m->msg_iov[0].iov_len, flags, m->msg_name, m->msg_namelen);
	if (!m->msg_name && flags == 0 && m->msg_iovlen > 0) return writev(fd, m->msg_iov, (int)m->msg_iovlen);
	return gather(fd, m, flags);
}

/* Receives into one buffer, and says of a message whether it was longer. */
static ssize_t receive(int fd, void *buf, size_t size, struct msghdr *m, int flags) {
	socklen_t n = m->msg_namelen;
	int stream = is_stream(fd);
	ssize_t got = syscall(SYS_recvfrom, fd, buf, size, flags | (stream ? 0 : MSG_TRUNC), m->msg_name, m->msg_name ? &n : NULL);
	if (got < 0) return got;
	m->msg_namelen = m->msg_name ? n : 0;
	m->msg_controllen = 0;
	m->msg_flags = (size_t)got > size ? MSG_TRUNC : 0;
	return (size_t)got > size && !(flags & MSG_TRUNC) ? (ssize_t)size : got;
}

/* Receives into several parts. */
static __attribute__((noinline)) ssize_t scatter(int fd, struct msghdr *m, int flags) {
	char bounce[BOUNCE];
	size_t i, at = 0, have = total(m);
	ssize_t got = receive(fd, bounce, have < sizeof bounce ? have : sizeof bounce, m, flags);
	for (i = 0; got > 0 && i < (size_t)m->msg_iovlen && at < (size_t)got && at < sizeof bounce; i++) {
		size_t part = m->msg_iov[i].iov_len < (size_t)got - at ? m->msg_iov[i].iov_len : (size_t)got - at;
		if (part > sizeof bounce - at) part = sizeof bounce - at;
		memcpy(m->msg_iov[i].iov_base, bounce + at, part);
		at += part;
	}
	return got;
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *m, int flags) {
	if (!refused(PL(RECVFD))) return syscall(SYS_recvmsg, fd, m, flags);
	flags &= ~MSG_CMSG_CLOEXEC;
	if (m->msg_iovlen == 1) return receive(fd, m->msg_iov[0].iov_base, m->msg_iov[0].iov_len, m, flags);
	return scatter(fd, m, flags);
}
