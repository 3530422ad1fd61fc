/* files PATH...: asks for each path in every way, and prints what came of it. A
 * path that begins with "w" is one that may be written, too. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char *why(long r) { return r < 0 ? strerrorname_np(errno) : "ok"; }

static void status(const char *call, long r, const struct stat *st) {
	printf("  %s %s", call, why(r));
	if (r >= 0) printf(" %o %u %u %lu", st->st_mode, st->st_uid, st->st_gid, (unsigned long)st->st_rdev);
	if (r >= 0 && S_ISREG(st->st_mode)) printf(" %lu", (unsigned long)st->st_nlink);
	putchar('\n');
}

static void opened(const char *p, int flags, int content) {
	int fd = open(p, flags, 0600);
	printf("  open %x %s", flags, why(fd));
	struct stat st;
	if (fd >= 0 && !fstat(fd, &st)) {
		printf(" %o flags %x %x", st.st_mode, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
		char b[512];
		ssize_t n = content && S_ISREG(st.st_mode) ? read(fd, b, sizeof b) : 0;
		uint32_t h = 0;
		for (ssize_t i = 0; i < n; i++) h = h * 31 + (unsigned char)b[i];
		printf(" %zd %08x", n, h);
	}
	if (fd >= 0) close(fd);
	putchar('\n');
}

int main(int argc, char **argv) {
	for (int i = 1; i < argc; i++) {
		const char *p = argv[i] + 1;
		int content = strncmp(p, "/proc/", 6) && strncmp(p, "/sys/", 5);
		printf("%s\n", p);
		static const int reads[] = {O_RDONLY, O_RDONLY | O_CLOEXEC, O_RDONLY | O_NONBLOCK, O_RDONLY | O_DIRECTORY, O_RDONLY | O_NOFOLLOW, O_RDONLY | O_APPEND};
		for (unsigned j = 0; j < sizeof reads / sizeof *reads; j++) opened(p, reads[j], content);
		static const int writes[] = {O_WRONLY, O_RDWR, O_WRONLY | O_CREAT | O_TRUNC, O_RDWR | O_APPEND};
		for (unsigned j = 0; *argv[i] == 'w' && j < sizeof writes / sizeof *writes; j++) opened(p, writes[j], content);
		if (argv[i][0] != 's') continue;
		struct stat st;
		status("stat", stat(p, &st), &st);
		printf("  access %s", why(access(p, R_OK)));
		printf(" %s", why(access(p, W_OK)));
		printf(" %s\n", why(access(p, X_OK)));
		struct stat *nowhere = (struct stat *)16;
		printf("  bad %s\n", why(syscall(SYS_newfstatat, AT_FDCWD, p, nowhere, 0)));
	}
	return 0;
}
