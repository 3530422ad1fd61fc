/* Attacks on a supervisor that looks at arguments: what it looked at is changed
 * before the kernel uses it. Exit status 0: nothing forbidden was reached, 1: it
 * was, 2: the attack could not be made. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *buf;          /* what is flipped */
static const char *ok, *secret;
static volatile int stop;
static size_t size;

static void die(const char *what) { perror(what); exit(2); }

static void *flip(void *p) {
	while (!stop) { memcpy(buf, ok, size); memcpy(buf, secret, size); }
	return p;
}

static int over(void) {
	static time_t end;
	if (!end) end = time(0) + (getenv("SECONDS") ? atoi(getenv("SECONDS")) : 2);
	return time(0) >= end;
}

static void begin(const char *a, const char *b) {
	pthread_t t;
	size = strlen(a) + 1;
	if (strlen(b) + 1 != size) { fprintf(stderr, "names of one length\n"); exit(2); }
	ok = a; secret = b;
	buf = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (buf == MAP_FAILED) die("mmap");
	memcpy(buf, ok, size);
	for (int i = 0; i < 2; i++) if (pthread_create(&t, 0, flip, 0)) die("pthread_create");
}

static int leaked(int fd) {
	char c = 0;
	if (fd < 0) return 0;
	if (read(fd, &c, 1) != 1) c = 0;
	close(fd);
	return c == 'S';
}

static int attack_open(void) {
	long n = 0, opened = 0;
	while (!over()) {
		int fd = open(buf, O_RDONLY);
		n++; opened += fd >= 0;
		if (leaked(fd)) { printf("read the secret after %ld opens\n", n); return 1; }
	}
	if (!opened) return 2;
	return 0;
}

static int attack_stat(void) { /* the secret has another size */
	struct stat st;
	long good = 0;
	while (!over())
		if (stat(buf, &st) == 0) {
			if (st.st_size == 7) return 1;
			good++;
		}
	return good ? 0 : 2;
}

static int attack_unlink(void) { /* whoever runs this looks whether the victim is there */
	while (!over()) {
		unlink(buf);
		int fd = open(ok, O_CREAT | O_WRONLY, 0600);
		if (fd >= 0) close(fd);
	}
	return 0;
}

static int attack_connect(void) {
	long good = 0;
	struct sockaddr_un *a = (void *)buf;
	while (!over()) {
		char c = 0;
		int s = socket(AF_UNIX, SOCK_STREAM, 0);
		if (s < 0) die("socket");
		if (connect(s, (void *)a, sizeof *a) == 0) { if (read(s, &c, 1) != 1) c = 0; good++; }
		close(s);
		if (c == 'S') return 1;
	}
	return good ? 0 : 2;
}

static void *flip_address(void *p) {
	struct sockaddr_un *a = (void *)buf;
	while (!stop) { memcpy(a->sun_path, ok, size); memcpy(a->sun_path, secret, size); }
	return p;
}

static int attack_exec(void) { /* the secret program exits with 42 */
	while (!over()) {
		pid_t p = vfork();
		if (p == 0) { char *argv[] = {buf, 0}; execve(buf, argv, 0); _exit(3); }
		int st;
		if (p < 0 || waitpid(p, &st, 0) != p) continue;
		if (WIFEXITED(st) && WEXITSTATUS(st) == 42) return 1;
	}
	return 0;
}

static int attack_args(const char *script) { /* its interpreter exits with 42 for the secret */
	while (!over()) {
		pid_t p = vfork();
		if (p == 0) { char *argv[] = {(char *)script, buf, 0}; execve(script, argv, 0); _exit(3); }
		int st;
		if (p < 0 || waitpid(p, &st, 0) != p) continue;
		if (WIFEXITED(st) && WEXITSTATUS(st) == 42) return 1;
	}
	return 0;
}

/* A directory and a link that leads elsewhere change places all the time. */
static int attack_swap(const char *dir, const char *link, const char *file) {
	pid_t p = fork();
	if (p == 0) { for (;;) renameat2(AT_FDCWD, dir, AT_FDCWD, link, RENAME_EXCHANGE); }
	int r = 0;
	long opened = 0;
	while (!over() && !r) {
		int fd = open(file, O_RDONLY);
		opened += fd >= 0;
		r = leaked(fd);
	}
	kill(p, SIGKILL);
	waitpid(p, 0, 0);
	return r ? 1 : opened ? 0 : 2;
}

static void *nap(void *p) { usleep(1); return p; }

static void nothing(int s) { (void)s; }

/* Every mkdir of a new name must succeed, whatever signals come. */
static int storm(const char *dir) {
	struct itimerval it = {{0, 300}, {0, 300}};
	struct sigaction sa = {.sa_handler = nothing, .sa_flags = SA_RESTART};
	char name[300];
	sigaction(SIGALRM, &sa, 0);
	setitimer(ITIMER_REAL, &it, 0);
	for (long i = 0; !over(); i++) {
		snprintf(name, sizeof name, "%s/%ld", dir, i);
		if (mkdir(name, 0700)) { perror(name); return 1; }
		if (rmdir(name)) { perror(name); return 1; }
	}
	return 0;
}

/* A FIFO that nobody opens for writing: a signal ends the waiting. */
static int fifo(const char *name) {
	struct sigaction sa = {.sa_handler = nothing};
	sigaction(SIGALRM, &sa, 0);
	alarm(1);
	int fd = open(name, O_RDONLY);
	if (fd >= 0 || errno != EINTR) { perror("open of a FIFO"); return 1; }
	if (fork() == 0) { int w = open(name, O_WRONLY); write(w, "x", 1); _exit(0); }
	char c = 0;
	fd = open(name, O_RDONLY);
	if (fd < 0 || read(fd, &c, 1) != 1 || c != 'x') { perror("read of a FIFO"); return 1; }
	wait(0);
	return 0;
}

static int reaches(const char *path) {
	int fd = open(path, O_RDONLY);
	if (fd < 0) return 0;
	close(fd);
	printf("%s was opened\n", path);
	return 1;
}

/* /proc/self is the caller, by whatever way it is reached. */
static int self(const char *link) {
	char a[64] = "", b[64], path[64];
	snprintf(b, sizeof b, "%d", getpid());
	int n = readlink("/proc/self", a, sizeof a - 1);
	(void)n;
	snprintf(path, sizeof path, "%s/stat", link);
	int fd = open(path, O_RDONLY);
	char stat[256] = "";
	if (fd < 0 || read(fd, stat, sizeof stat - 1) < 1) return 2;
	if (strncmp(stat, b, strlen(b)) || stat[strlen(b)] != ' ') { printf("%s is of %.20s, not %s\n", path, stat, b); return 1; }
	snprintf(path, sizeof path, "/proc/%d/mem", getppid());
	return reaches(path);
}

int main(int argc, char **argv) {
	const char *what = argc > 1 ? argv[1] : "";
	pthread_t t;
	if (!strcmp(what, "open")) { begin(argv[2], argv[3]); return attack_open(); }
	if (!strcmp(what, "stat")) { begin(argv[2], argv[3]); return attack_stat(); }
	if (!strcmp(what, "unlink")) { begin(argv[2], argv[3]); return attack_unlink(); }
	if (!strcmp(what, "exec")) { begin(argv[2], argv[3]); return attack_exec(); }
	if (!strcmp(what, "args")) { begin("good", "evil"); return attack_args(argv[2]); }
	if (!strcmp(what, "process")) { /* another process shares the memory */
		begin(argv[2], argv[3]); stop = 1;
		pid_t p = fork();
		if (p == 0) { stop = 0; flip(0); }
		int r = attack_open();
		kill(p, SIGKILL);
		return r;
	}
	if (!strcmp(what, "connect")) {
		size = strlen(argv[2]) + 1; ok = argv[2]; secret = argv[3];
		buf = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		((struct sockaddr_un *)buf)->sun_family = AF_UNIX;
		pthread_create(&t, 0, flip_address, 0);
		return attack_connect();
	}
#ifdef __x86_64__
	if (!strcmp(what, "int80")) { /* calls of i386 by a program of amd64: 5 is open there, and fstat here */
		char *low = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		if (low == MAP_FAILED) die("mmap");
		for (int i = 2; i <= 3; i++) {
			long fd;
			strcpy(low, argv[i]);
			__asm__ volatile("int $0x80" : "=a"(fd) : "a"(5), "b"(low), "c"(O_RDONLY), "d"(0) : "memory");
			if (leaked((int)fd)) return 1;
			if (i == 2 && (int)fd < 0) { fprintf(stderr, "open of %s: %d\n", low, (int)fd); return 2; }
		}
		return 0;
	}
#endif
	if (!strcmp(what, "swap")) return attack_swap(argv[2], argv[3], argv[4]);
	if (!strcmp(what, "storm")) return storm(argv[2]);
	if (!strcmp(what, "fifo")) return fifo(argv[2]);
	if (!strcmp(what, "self")) return self(argv[2]);
	if (!strcmp(what, "x32")) { syscall(0x40000000 + SYS_getpid); return 1; }
	if (!strcmp(what, "calls")) { /* ways around names that the policy has */
		if (syscall(SYS_io_uring_setup, 1, buf) >= 0 || errno == EFAULT) return 1;
		if (syscall(SYS_clone3, 0, 0) >= 0 || errno != ENOSYS) return 1;
		if (syscall(SYS_clone, 0x10000000 | SIGCHLD, 0, 0, 0, 0) >= 0) return 1; /* CLONE_NEWUSER */
		if (syscall(SYS_open_by_handle_at, AT_FDCWD, buf, 0) >= 0 || errno == EFAULT) return 1;
		return 0;
	}
	if (!strcmp(what, "truncate")) { /* reading, and emptying what is read */
		if (open(argv[2], O_RDONLY | O_TRUNC) >= 0) return 1;
		if (open(argv[3], O_RDONLY | O_CREAT, 0600) >= 0) return 1;
		return 0;
	}
	if (!strcmp(what, "reuse")) { /* a thread's number becomes a process's */
		for (long i = 0; !over(); i++) {
			pid_t p = fork();
			if (p == 0) { char *none[] = {0}; execve(argv[2], argv + 2, none); _exit(9); }
			int st;
			if (p > 0 && waitpid(p, &st, 0) == p && (!WIFEXITED(st) || WEXITSTATUS(st))) { printf("status %x\n", st); return 1; }
			pthread_create(&t, 0, nap, 0);
			pthread_join(t, 0);
		}
		return 0;
	}
	if (!strcmp(what, "orphan")) { /* the supervisor is killed: nothing may be opened then */
		kill(getppid(), SIGKILL);
		usleep(200000);
		return reaches(argv[2]) || reaches(argv[3]);
	}
	fprintf(stderr, "what?\n");
	return 2;
}
