/* Attacks that make the window between looking and using as wide as they like,
 * and others that change what a call is about beside its memory. Exit status 0:
 * nothing forbidden was reached, 1: it was, 2: the attack could not be made. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { page = 4096 };
static char *memory, *name; /* two pages; a path that ends with the first */
static const char *good, *evil;
static volatile int stop;

static void die(const char *what) { perror(what); exit(2); }

static int over(void) {
	static time_t end;
	if (!end) end = time(0) + (getenv("SECONDS") ? atoi(getenv("SECONDS")) : 2);
	return time(0) >= end;
}

static int leaked(int fd) {
	char c = 0;
	if (fd < 0) return 0;
	if (read(fd, &c, 1) != 1) c = 0;
	close(fd);
	return c == 'S';
}

/* The path lies before the second page, in which its last byte, 0, is. */
static void lay(void) {
	size_t n = strlen(good);
	if (strlen(evil) != n) { fprintf(stderr, "names of one length\n"); exit(2); }
	memory = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) die("mmap");
	name = memory + page - n;
	memcpy(name, good, n);
}

static int uffd;

static void *faults(void *p) { /* who reads the second page waits until the first says something else */
	(void)p;
	for (;;) {
		struct uffd_msg m;
		if (read(uffd, &m, sizeof m) != sizeof m) continue;
		memcpy(name, evil, strlen(evil));
		struct uffdio_zeropage z = {.range = {(unsigned long)memory + page, page}};
		ioctl(uffd, UFFDIO_ZEROPAGE, &z);
	}
	return 0;
}

static int userfault(void) {
	pthread_t t;
	lay();
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register r = {.range = {(unsigned long)memory + page, page}, .mode = UFFDIO_REGISTER_MODE_MISSING};
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) || ioctl(uffd, UFFDIO_REGISTER, &r)) die("userfaultfd");
	if (pthread_create(&t, 0, faults, 0)) die("pthread_create");
	int opened = 0;
	while (!over()) {
		memcpy(name, good, strlen(good));
		madvise(memory + page, page, MADV_DONTNEED);
		int fd = open(name, O_RDONLY);
		opened += fd >= 0;
		if (leaked(fd)) return 1;
	}
	return opened ? 0 : 2;
}

static void *later(void *p) { /* changes the path while the page is awaited */
	(void)p;
	while (!stop) {
		usleep(10000);
		memcpy(name, evil, strlen(evil));
		usleep(17000);
		memcpy(name, good, strlen(good));
	}
	return 0;
}

static int slow(const char *file) {
	pthread_t t;
	lay();
	if (pthread_create(&t, 0, later, 0)) die("pthread_create");
	int opened = 0, r = 0;
	while (!over() && !r) {
		int fd = open(file, O_RDONLY);
		if (fd < 0 || mmap(memory + page, page, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) die(file);
		close(fd);
		fd = open(name, O_RDONLY);
		opened += fd >= 0;
		r = leaked(fd);
	}
	stop = 1;
	pthread_join(t, 0);
	return r ? 1 : opened ? 0 : 2;
}

/* The descriptor that a relative path begins at is exchanged. */
enum { place = 100 };
static int here, there;

static void *exchange(void *p) {
	(void)p;
	while (!stop) { dup2(here, place); dup2(there, place); }
	return 0;
}

static int juggle(void) {
	pthread_t t;
	here = open(good, O_RDONLY | O_DIRECTORY); there = open(evil, O_RDONLY | O_DIRECTORY);
	if (here < 0 || there < 0) die("open");
	dup2(here, place);
	if (pthread_create(&t, 0, exchange, 0)) die("pthread_create");
	int opened = 0, r = 0;
	while (!over() && !r) {
		int fd = openat(place, "file", O_RDONLY);
		opened += fd >= 0;
		r = leaked(fd);
	}
	stop = 1;
	pthread_join(t, 0);
	return r ? 1 : opened ? 0 : 2;
}

/* A signal handler rewrites the path. */
static void rewrite(int s) { static int n; (void)s; memcpy(name, n++ % 2 ? good : evil, strlen(good)); }

static int handler(void) {
	struct itimerval it = {{0, 150}, {0, 150}};
	struct sigaction sa = {.sa_handler = rewrite, .sa_flags = SA_RESTART};
	lay();
	sigaction(SIGALRM, &sa, 0);
	setitimer(ITIMER_REAL, &it, 0);
	int opened = 0;
	while (!over()) {
		int fd = open(name, O_RDONLY);
		opened += fd >= 0;
		if (leaked(fd)) return 1;
	}
	return opened ? 0 : 2;
}

/* Changing the directory must succeed, whatever signals come. */
static void count(int s) { (void)s; }

static int chdirs(const char *dir) {
	struct itimerval it = {{0, 200}, {0, 200}};
	struct sigaction sa = {.sa_handler = count, .sa_flags = SA_RESTART};
	sigaction(SIGALRM, &sa, 0);
	setitimer(ITIMER_REAL, &it, 0);
	while (!over())
		if (chdir(dir)) { perror("chdir"); return 1; }
	return 0;
}

static int load(unsigned nr, unsigned verdict, unsigned flags) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, verdict), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog p = {4, f};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

/* The program's own filters: they loosen nothing, and it cannot answer itself. */
static int filters(void) {
	int fd;
	if (load(SYS_open, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER) >= 0 || errno != EBUSY) { perror("a listener of its own"); return 1; }
	if (load(SYS_openat, SECCOMP_RET_ALLOW, 0) || load(SYS_open, SECCOMP_RET_ALLOW, 0)) die("seccomp");
	if ((fd = open(evil, O_RDONLY)) >= 0) return 1;
	if ((fd = open(good, O_RDONLY)) < 0) die(good);
	if (load(SYS_getppid, SECCOMP_RET_ERRNO | ENOLINK, 0)) die("seccomp");
	if (syscall(SYS_getppid) != -1 || errno != ENOLINK) { fprintf(stderr, "its own filter is not in force\n"); return 1; }
	return 0;
}

/* Its filter says that fchdir was done. It was not: the program is killed, since
 * it would be somewhere else than what was judged. */
static int fakes(const char *dir) {
	if (load(SYS_fchdir, SECCOMP_RET_ERRNO, 0)) die("seccomp");
	chdir(dir);
	return 1;
}

/* In a mount namespace of its own names lead to what is mounted there. */
static int mounts(const char *dir) {
	char file[4096];
	struct stat st;
	if (unshare(CLONE_NEWNS) || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) || mount("none", dir, "tmpfs", 0, 0)) die("mount");
	snprintf(file, sizeof file, "%s/here", dir);
	int fd = open(file, O_CREAT | O_WRONLY, 0600);
	if (fd < 0) { perror(file); return 1; }
	close(fd);
	if (stat(file, &st)) { perror("stat"); return 1; }
	return open(evil, O_RDONLY) >= 0;
}

int main(int argc, char **argv) {
	const char *what = argc > 3 ? argv[1] : "";
	good = argv[2]; evil = argv[3];
	if (!strcmp(what, "userfault")) return userfault();
	if (!strcmp(what, "slow")) return slow(argv[4]);
	if (!strcmp(what, "juggle")) return juggle();
	if (!strcmp(what, "handler")) return handler();
	if (!strcmp(what, "filters")) return filters();
	if (!strcmp(what, "fakes")) return fakes(argv[4]);
	if (!strcmp(what, "chdirs")) return chdirs(argv[4]);
	if (!strcmp(what, "mounts")) return mounts(argv[4]);
	return 2;
}
