/* Makes the calls of a script and prints what came of each: differ SCRIPT. A line
 * of the script is a call's number and its arguments: "n" and a number, "s" and a
 * string in hexadecimal, "f" and which of the descriptors opened last, "o" for memory
 * to be filled, "b" for an address that is none, "r" for memory that may not be
 * written. What differs from run to run (inodes, times) is not printed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { SLOTS = 6 };
static int slots[SLOTS], next;
static char out[8192];

static int hex(int c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static char *unhex(const char *s) {
	size_t n = strlen(s) / 2;
	char *b = mmap(0, n + 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < n; i++) b[i] = (char)(hex(s[2 * i]) << 4 | hex(s[2 * i + 1]));
	return b;
}

static void keep(int fd) {
	if (slots[next] >= 0) close(slots[next]);
	slots[next] = fd;
	next = (next + 1) % SLOTS;
}

static void shown(const char *what, const struct stat *st) {
	int sized = S_ISREG(st->st_mode) || S_ISLNK(st->st_mode);
	printf(" %s %o %d:%d %lx %ld %ld", what, st->st_mode, st->st_uid, st->st_gid, (long)(S_ISDIR(st->st_mode) ? 0 : st->st_nlink),
		sized ? (long)st->st_size : -1, (long)(S_ISCHR(st->st_mode) ? st->st_rdev : 0));
}

static void opened(int fd) {
	struct stat st;
	char b[17] = {0};
	printf(" fl %x fd %x", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	if (fstat(fd, &st)) printf(" fstat %s", strerror(errno));
	else {
		shown("is", &st);
		if (S_ISREG(st.st_mode) && st.st_size && st.st_size < 4096) { /* files of /proc have no size */
			long n = pread(fd, b, 16, 0);
			printf(" read %ld \"%s\"", n, n < 0 ? strerror(errno) : b);
			n = write(fd, "w", 1);
			printf(" write %ld", n < 0 ? -errno : n);
		}
	}
	keep(fd);
}

static void result(long nr, long r, const long *a, char types[6]) {
	struct statx *x = (void *)out;
	char self[64], at[64];
	switch (nr) {
	case SYS_open: case SYS_openat: case SYS_creat: case SYS_openat2:
		opened((int)r);
		return;
	case SYS_stat: case SYS_lstat: case SYS_newfstatat:
		if (types[nr == SYS_newfstatat ? 2 : 1] == 'o') shown("stat", (void *)out);
		return;
	case SYS_statx:
		if (types[4] == 'o') printf(" statx %x %o %d:%d %ld", x->stx_mask & 0x7ff, x->stx_mode, x->stx_uid, x->stx_gid, (long)(S_ISREG(x->stx_mode) ? x->stx_size : 0));
		return;
	case SYS_readlink: case SYS_readlinkat:
		snprintf(self, sizeof self, "%d/task/%d", getpid(), getpid());
		if (types[nr == SYS_readlinkat ? 2 : 1] != 'o') return;
		snprintf(at, sizeof at, "/proc/%d/", getpid());
		if (r > 6 && !strncmp(out, "pipe:[", 6)) printf(" pipe");
		else if (r > (long)strlen(at) && !strncmp(out, at, strlen(at))) printf(" own %.*s", (int)(r - (long)strlen(at)), out + strlen(at));
		else if (r && !strncmp(out, self, (size_t)r)) printf(" self");
		else printf(" \"%.*s\"", (int)r, out);
	}
}

static void nothing(int s) { (void)s; }

int main(int argc, char **argv) {
	static char script[1 << 24]; /* read first: the calls may change the file */
	int fd = argc < 2 ? -1 : open(argv[1], O_RDONLY);
	char *rest = script, *line;
	char *readonly = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sigaction interrupt = {.sa_handler = nothing};
	sigaction(SIGALRM, &interrupt, 0);
	setvbuf(stdout, 0, _IOFBF, 1 << 16);
	if (fd < 0) return 2;
	for (long n; (n = read(fd, rest, sizeof script - 1 - (size_t)(rest - script))) > 0;) rest += n;
	close(fd);
	rest = script;
	for (int i = 0; i < SLOTS; i++) slots[i] = -1;
	for (int i = 0; (line = strsep(&rest, "\n")) && *line; i++) {
		long nr = atol(strtok(line, " \n")), a[6] = {0}, r;
		char types[6] = {0}, *word;
		for (int j = 0; j < 6 && (word = strtok(0, " \n")); j++) {
			types[j] = word[0];
			switch (word[0]) {
			case 'n': a[j] = (long)strtoull(word + 1, 0, 0); break;
			case 's': a[j] = (long)unhex(word + 1); break;
			case 'f': a[j] = slots[atoi(word + 1) % SLOTS]; break;
			case 'o': memset(out, 0x5a, sizeof out); a[j] = (long)out; break;
			case 'b': a[j] = 0x1000; break;
			case 'r': a[j] = (long)readonly; break;
			}
		}
		if (nr == SYS_creat) ualarm(100000, 0); /* a FIFO may have come by the name */
		r = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		if (nr == SYS_creat) ualarm(0, 0);
		printf("%d: %ld", i, r < 0 ? -(long)errno : r);
		if (r >= 0) result(nr, r, a, types);
		putchar('\n');
	}
	fflush(stdout);
	return 0;
}
