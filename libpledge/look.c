/* What has to be known of the process before its first filter: it cannot be looked at later. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* Reports whether a filter of this project may be in force already: it says that
 * there is no openat2(2), of which every kernel since 5.6 says EINVAL here. */
int pledge__under_filter(void) {
	int e = errno, under = 0;
	if (syscall(SYS_openat2, -1, NULL, NULL, 0) != 0) under = errno != EINVAL;
	errno = e;
	return under;
}

/* Reports whether a text holds a word; a window is moved over a file of any length. */
static int file_has(const char *path, const char *word) {
	char buf[1024];
	size_t n = strlen(word), have = 0, i;
	ssize_t got;
	int found = 0, fd = pl_open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return -1;
	while (!found && (got = pl_read(fd, buf + have, sizeof buf - have)) > 0) {
		have += (size_t)got;
		for (i = 0; !found && i + n <= have; i++) found = buf[i] == word[0] && memcmp(buf + i, word, n) == 0;
		if (have >= n) {
			memmove(buf, buf + have - n + 1, n - 1);
			have = n - 1;
		}
	}
	pl_close(fd);
	return found;
}

/* Calls see with the names in a directory, until it returns other than 0. */
static int each(const char *dir, int (*see)(const char *name, void *), void *to) {
	char buf[1024];
	long n = 0, i;
	int stop = 0, fd = pl_open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return -1;
	while (!stop && (n = syscall(SYS_getdents64, fd, buf, sizeof buf)) > 0) {
		for (i = 0; i < n && !stop;) {
			unsigned short length;
			const char *name = buf + i + 19;
			memcpy(&length, buf + i + 16, sizeof length);
			i += length;
			if (*name != '.') stop = see(name, to);
		}
	}
	pl_close(fd);
	return n < 0 ? -1 : stop;
}

static int number(const char *s) {
	int n = 0;
	for (; *s >= '0' && *s <= '9'; s++) n = n * 10 + (*s - '0');
	return n;
}

static int ring_thread(const char *name, void *to) {
	char path[64] = "/proc/self/task/";
	(void)to;
	if (strlen(name) > 20) return 0;
	strcat(strcat(path, name), "/comm");
	return file_has(path, "iou-sqp-") > 0;
}

/* An io_uring is anonymous: stat(2) knows no type of it. */
static int ring_fd(const char *name, void *to) {
	struct stat st;
	char link[64] = "/proc/self/fd/", text[64];
	ssize_t n;
	(void)to;
	if (fstat(number(name), &st) != 0 || (st.st_mode & S_IFMT) != 0 || strlen(name) > 20) return 0;
	n = readlink(strcat(link, name), text, sizeof text);
	return n == 21 && memcmp(text, "anon_inode:[io_uring]", 21) == 0;
}

/* Reports whether the process has a ring of io_uring, whose calls are made by a thread
 * of the kernel that no filter holds. Where /proc cannot be read it is not looked for. */
int pledge__rings(void) {
	if (file_has("/proc/self/maps", "anon_inode:[io_uring]") > 0) return 1;
	if (pledge__now.inherited_filter) return 0; /* which may refuse the rest, and makes no rings */
	if (each("/proc/self/fd", ring_fd, NULL) > 0) return 1;
	return pledge__alone() != 1 && each("/proc/self/task", ring_thread, NULL) > 0;
}

static int option(int fd, int name) {
	int v = 0;
	socklen_t n = sizeof v;
	return getsockopt(fd, SOL_SOCKET, name, &v, &n) == 0 ? v : -1;
}

static int see_socket(const char *name, void *to) {
	pl_set *s = to;
	struct sockaddr_storage peer;
	socklen_t n = sizeof peer;
	int fd = number(name), domain = option(fd, SO_DOMAIN), type;
	switch (domain) {
	case -1:
		break;
	case AF_UNIX:
		*s |= PL_S_UNIX_INHERITED;
		type = option(fd, SO_TYPE);
		if ((type != SOCK_STREAM && type != SOCK_SEQPACKET) ||
			(getpeername(fd, (struct sockaddr *)&peer, &n) != 0 && option(fd, SO_ACCEPTCONN) != 1))
			*s |= PL_S_UNIX_UNPAIRED;
		break;
	case AF_INET:
	case AF_INET6:
		*s |= PL_S_INET_INHERITED;
		break;
	default:
		*s |= PL_S_OTHER_INHERITED;
	}
	return 0;
}

#define ANY_SOCKET (PL_S_UNIX_INHERITED | PL_S_UNIX_UNPAIRED | PL_S_INET_INHERITED | PL_S_OTHER_INHERITED)

/* The descriptors one by one, where there is no /proc: as many as there may be. */
static int each_descriptor(pl_set *s) {
	char name[12];
	struct stat st;
	long i, n = sysconf(_SC_OPEN_MAX);
	if (n < 0 || n > 4096) return -1;
	for (i = 0; i < n; i++) {
		if (fstat((int)i, &st) != 0 || !S_ISSOCK(st.st_mode)) continue;
		name[0] = (char)('0' + i / 1000);
		name[1] = (char)('0' + i / 100 % 10);
		name[2] = (char)('0' + i / 10 % 10);
		name[3] = (char)('0' + i % 10);
		name[4] = 0;
		see_socket(name, s);
	}
	return 0;
}

/* The situations that sockets make which are open, or which earlier words let be made. */
pl_set pledge__sockets(pl_set words) {
	pl_set s = 0, had = pledge__now.promises;
	if (!pledge__now.pledged) {
		if (pledge__now.inherited_filter) return ANY_SOCKET;
		if (each("/proc/self/fd", see_socket, &s) < 0 && each_descriptor(&s) < 0) return ANY_SOCKET;
		if (words & PL(RECVFD) && (words & PL(UNIX) || s & PL_S_UNIX_INHERITED)) s |= ANY_SOCKET;
		return s;
	}
	if (had & PL(UNIX)) s |= PL_S_UNIX_INHERITED | PL_S_UNIX_UNPAIRED;
	if (had & (PL(INET) | PL(DNS))) s |= PL_S_INET_INHERITED | PL_S_OTHER_INHERITED;
	if (had & (PL(ROUTE) | PL(WROUTE))) s |= PL_S_OTHER_INHERITED;
	if (had & PL(RECVFD)) s |= ANY_SOCKET;
	return s;
}

/* Reports whether a netlink socket could change interfaces. */
int pledge__net_admin(void) {
	struct { uint32_t version; int pid; } header = {0x20080522, 0};
	struct { uint32_t effective, permitted, inheritable; } data[2];
	if (syscall(SYS_capget, &header, data) != 0) return geteuid() == 0;
	return (data[0].permitted & 1 << 12) != 0;
}

/* Reports whether processes of one user may look at each other's memory, for Yama. */
int pledge__ptrace_free(void) {
	char c = '0';
	int fd = pl_open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return 1;
	if (pl_read(fd, &c, 1) != 1) c = '0';
	pl_close(fd);
	return c == '0';
}
