/* show FILE: prints the file. show mkdir|bind|uid|raw|mount|exec ... ARG: does that. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *what) {
	char b[300];
	int n = snprintf(b, sizeof b, "%s: %s\n", what, strerror(errno));
	write(2, b, n);
	return 1;
}

int main(int argc, char **argv) {
	char b[4096];
	const char *what = argc > 2 ? argv[1] : "";
	if (!strcmp(what, "mkdir")) return mkdir(argv[2], 0755) ? fail(argv[2]) : 0;
	if (!strcmp(what, "uid")) return write(1, b, snprintf(b, sizeof b, "%d %d\n", getuid(), geteuid())) < 0;
	if (!strcmp(what, "raw")) return socket(AF_INET, SOCK_RAW, atoi(argv[2])) < 0 ? fail("raw socket") : 0;
	if (!strcmp(what, "mount")) return mount("none", argv[2], "tmpfs", 0, 0) ? fail("mount") : 0;
	if (!strcmp(what, "emptied")) return open(argv[2], O_RDONLY | O_TRUNC) < 0 ? fail(argv[2]) : 0;
	if (!strcmp(what, "status")) return atoi(argv[2]);
	if (!strcmp(what, "kill")) return kill(getpid(), atoi(argv[2]));
	if (!strcmp(what, "exec")) { execv(argv[2], argv + 2); return fail(argv[2]); }
	if (argc > 3 && (!strcmp(what, "often") || !strcmp(what, "many"))) { /* the same file, different files */
		for (int i = 0; i < atoi(argv[3]); i++) {
			snprintf(b, sizeof b, what[0] == 'o' ? "%s" : "%s%d", argv[2], i);
			open(b, O_RDONLY);
		}
		return 0;
	}
	if (!strcmp(what, "bind")) {
		struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
		setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		return bind(s, (void *)&a, sizeof a) ? fail("bind") : 0;
	}
	if (!strcmp(what, "orphan")) { /* its parent is gone when it opens the file */
		if (fork()) return 0;
		usleep(300000);
		argv++;
	}
	if (argc > 3 && !strcmp(what, "early")) { /* a child of before its parent's execve opens the file after it */
		if (fork()) { execl(argv[2], argv[2], "status", "0", NULL); return fail(argv[2]); }
		usleep(300000);
		argv += 2;
	}
	if (!strcmp(what, "parent")) { /* a file of its parent's in /proc */
		snprintf(b, sizeof b, "/proc/%d%s", getppid(), argv[2]);
		argv[1] = b;
	}
	if (argc < 2) return 2;
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0) return fail(argv[1]);
	int n = read(fd, b, sizeof b);
	return n < 0 || write(1, b, n) != n;
}
