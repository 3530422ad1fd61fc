/* What programs of OpenBSD do with pledge(2) and unveil(2), each as a function that
 * returns normally if all went as there: idioms NAME [DIRECTORY]. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pledge.h"

static const char *self, *dir;

#define WANT(what) \
	do { \
		if (!(what)) { \
			printf("line %d: %s: %s\n", __LINE__, #what, strerror(errno)); \
			fflush(stdout); \
			_exit(1); \
		} \
	} while (0)

#define FAILS(call, error) WANT((errno = 0, (call) == -1) && errno == (error))

static int status_of(pid_t pid) {
	int st;
	WANT(waitpid(pid, &st, 0) == pid);
	return WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
}

static const char *in_dir(const char *name) {
	static char path[4][4096];
	static int i;
	i = (i + 1) % 4;
	snprintf(path[i], sizeof path[i], "%s/%s", dir, name);
	return path[i];
}

static int reads(const char *path) {
	int fd = open(path, O_RDONLY);
	if (fd >= 0) close(fd);
	return fd >= 0;
}

/* Messages as imsg makes them: without descriptors, by sendmsg and recvmsg. */
static ssize_t message(int fd, char *text, size_t n, int sends) {
	struct iovec iov[2];
	struct msghdr m;
	memset(&m, 0, sizeof m);
	iov[0].iov_base = text;
	iov[0].iov_len = 2;
	iov[1].iov_base = text + 2;
	iov[1].iov_len = n - 2;
	m.msg_iov = iov;
	m.msg_iovlen = 2;
	return sends ? sendmsg(fd, &m, 0) : recvmsg(fd, &m, 0);
}

/* The parent keeps rpath and hands over what the child asks for. */
static void privsep(void) {
	int sv[2], fd;
	char text[] = "f!", got[16] = "";
	pid_t child;
	WANT(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	WANT((child = fork()) >= 0);
	if (child == 0) {
		WANT(pledge("stdio", NULL) == 0);
		close(sv[0]);
		WANT(message(sv[1], text, 2, 1) == 2);
		WANT(message(sv[1], got, 5, 0) == 5 && memcmp(got, "hello", 5) == 0);
		_exit(open(in_dir("f"), O_RDONLY) >= 0 || errno != EACCES);
	}
	close(sv[1]);
	WANT(pledge("stdio rpath proc", NULL) == 0);
	WANT(message(sv[0], got, 8, 0) == 2 && got[0] == 'f');
	WANT((fd = open(in_dir("f"), O_RDONLY)) >= 0 && read(fd, got, 5) == 5);
	WANT(message(sv[0], got, 5, 1) == 5);
	WANT(status_of(child) == 0);
}

/* A child that is not trusted ends at what it may not do; its parent goes on. */
static void violation(void) {
	pid_t child = fork();
	if (child == 0) {
		WANT(pledge("stdio", NULL) == 0);
		socket(AF_INET, SOCK_STREAM, 0);
		_exit(0);
	}
	WANT(status_of(child) == 128 + SIGSYS);
	WANT(socket(AF_INET, SOCK_STREAM, 0) >= 0);
	WANT(pledge("stdio error", NULL) == 0);
	FAILS(socket(AF_INET, SOCK_STREAM, 0), ENOSYS);
}

/* The daemon executes itself again under less. */
static void execpromises(void) {
	pid_t child;
	static const char *const sets[] = {"stdio rpath", "stdio rpath error", "stdio rpath proc exec", "stdio"};
	unsigned i;
	WANT(pledge("stdio rpath proc exec", "stdio rpath proc exec error") == 0);
	for (i = 0; i < sizeof sets / sizeof sets[0]; i++) {
		WANT((child = fork()) >= 0);
		if (child == 0) {
			WANT(pledge(NULL, sets[i]) == 0);
			execl(self, self, "image", dir, sets[i], (char *)NULL);
			_exit(3);
		}
		WANT(status_of(child) == 0);
	}
	FAILS(pledge(NULL, "stdio inet"), EPERM);
	WANT(pledge(NULL, "stdio") == 0);
	if ((child = fork()) == 0) { /* not by the library: refused */
		char *const argv[] = {(char *)self, (char *)"image", (char *)dir, (char *)"", NULL};
		syscall(SYS_execve, self, argv, NULL);
		_exit(errno == EACCES ? 7 : 8);
	}
	WANT(status_of(child) == 7);
}

/* Promises that become no more than the execpromises. */
static void execpromises_reached(void) {
	pid_t child;
	WANT(pledge("stdio rpath wpath proc exec", "stdio rpath proc exec") == 0);
	WANT(pledge("stdio rpath proc exec", NULL) == 0);
	if ((child = fork()) == 0) {
		execl(self, self, "image", dir, "stdio rpath proc", (char *)NULL);
		_exit(3);
	}
	WANT(status_of(child) == 0);
	if ((child = fork()) == 0) {
		execlp("true", "true", (char *)NULL);
		_exit(3);
	}
	WANT(status_of(child) == 0);
	if ((child = fork()) == 0) {
		execlp("no-such-program", "x", (char *)NULL);
		_exit(errno == ENOENT ? 5 : 6);
	}
	WANT(status_of(child) == 5);
}

/* What an executed program finds. */
static void image(const char *set) {
	pid_t child = -1;
	if (strstr(set, "error")) {
		FAILS(fork(), ENOSYS);
	} else if (strstr(set, "proc")) {
		if ((child = fork()) == 0) _exit(9);
		WANT(status_of(child) == 9);
	}
	WANT(reads(in_dir("f")) == (strstr(set, "rpath") != NULL));
	WANT(reads("/dev/null"));
	WANT(pledge("stdio", NULL) == 0); /* as programs of OpenBSD do themselves */
	WANT(!reads(in_dir("f")));
	WANT(!reads(self));
}

static void unveils(int blocks) {
	int fd;
	WANT(unveil(in_dir("d"), "rwc") == 0);
	WANT(unveil(in_dir("e"), "r") == 0);
	FAILS(unveil(in_dir("none"), "r"), ENOENT);
	WANT(unveil(in_dir("e/f"), "") == 0);
	if (blocks) {
		WANT(unveil(NULL, NULL) == 0);
		FAILS(unveil(in_dir("f"), "r"), EPERM);
		WANT(pledge("stdio rpath wpath cpath", NULL) == 0);
	} else {
		WANT(pledge("stdio rpath wpath cpath unveil", NULL) == 0);
		WANT(unveil(in_dir("g"), "r") == 0);
		WANT(pledge("stdio rpath wpath cpath", NULL) == 0);
		WANT(reads(in_dir("g")));
	}
	WANT(reads(in_dir("d/f")) && !reads(in_dir("f")) && !reads("/etc/passwd"));
	WANT(!reads(in_dir("e/f")) && reads(in_dir("e/sub/.keep")));
	WANT((fd = open(in_dir("d/new"), O_WRONLY | O_CREAT, 0600)) >= 0);
	WANT(rename(in_dir("d/new"), in_dir("d/newer")) == 0 && unlink(in_dir("d/newer")) == 0);
	FAILS(open(in_dir("e/new"), O_WRONLY | O_CREAT, 0600), EACCES);
	WANT(pledge("stdio", NULL) == 0);
	WANT(!reads(in_dir("d/f")));
}

static void unveil_then_lock(void) { unveils(1); }
static void unveil_then_pledge(void) { unveils(0); }

/* A helper is shown and executed, and nothing else. */
static void unveil_and_execute(void) {
	pid_t child;
	int i;
	WANT(unveil("/bin/true", "x") == 0);
	WANT(unveil(self, "x") == 0);
	WANT(pledge("stdio proc exec", NULL) == 0);
	for (i = 0; i < 3; i++) {
		static const char *const what[] = {"/bin/true", "/bin/false", "/proc/self/exe"};
		if ((child = fork()) == 0) {
			execl(i < 2 ? what[i] : self, "p", i < 2 ? NULL : "nothing", (char *)NULL);
			_exit(errno == EACCES ? 7 : 8);
		}
		WANT(status_of(child) == (i == 0 ? 0 : i == 1 ? 7 : 2));
	}
	WANT(!reads("/etc/passwd") && !reads(in_dir("f")) && !reads("/bin/false"));
}

/* Pairs that are made later, and messages without descriptors. */
static void pairs(void) {
	int sv[2];
	char text[] = "hello", got[16];
	WANT(pledge("stdio", NULL) == 0);
	WANT(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	WANT(message(sv[0], text, 5, 1) == 5);
	WANT(message(sv[1], got, 5, 0) == 5 && memcmp(got, text, 5) == 0);
}

/* A kernel without Landlock, as a sandbox around the process makes it: nothing that
 * would need it is in force, and that is said. */
static void without_landlock(void) {
	struct { unsigned short code; unsigned char jt, jf; unsigned k; } code[] = {
		{0x20, 0, 0, 0}, {0x15, 0, 1, 444}, {0x06, 0, 0, 0x00050000 | ENOSYS}, {0x06, 0, 0, 0x7fff0000},
	};
	struct { unsigned short n; void *code; } program = {4, code};
	WANT(syscall(SYS_prctl, 38, 1, 0, 0, 0) == 0);
	WANT(syscall(SYS_seccomp, 1, 0, &program) == 0);
	FAILS(pledge("stdio", NULL), EOPNOTSUPP);
	FAILS(unveil(in_dir("d"), "r"), EOPNOTSUPP);
	FAILS(pledge("stdio rpath wpath cpath", NULL), EOPNOTSUPP);
	FAILS(unveil(NULL, NULL), EOPNOTSUPP);
	WANT(reads(in_dir("f")));
}

static volatile int stopping;

static void *nothing(void *unused) { return unused; }

static void *breeder(void *unused) {
	pthread_t t;
	while (!stopping)
		if (pthread_create(&t, NULL, nothing, NULL) == 0) pthread_join(t, NULL);
	return unused;
}

/* Threads come and go while others are held. */
static void breeding(void) {
	pthread_t t[4];
	int i;
	for (i = 0; i < 4; i++) WANT(pthread_create(&t[i], NULL, breeder, NULL) == 0);
	for (i = 0; i < 5; i++) {
		static const char *const sets[] = {"stdio rpath wpath proc inet unix", "stdio rpath wpath proc inet", "stdio rpath wpath proc", "stdio rpath proc", "stdio"};
		WANT(pledge(sets[i], NULL) == 0);
	}
	stopping = 1;
	for (i = 0; i < 4; i++) pthread_join(t[i], NULL);
	WANT(!reads(in_dir("f")));
}

static void *cancelled(void *unused) {
	pthread_cancel(pthread_self());
	pledge("stdio rpath proc getpw", NULL);
	pthread_testcancel();
	return unused;
}

/* A thread that is to end does not end inside of a call, with the lock. */
static void cancels(void) {
	pthread_t t;
	WANT(pthread_create(&t, NULL, cancelled, NULL) == 0);
	pthread_join(t, NULL);
	FAILS(pledge("stdio inet", NULL), EPERM);
	WANT(pledge("stdio", NULL) == 0 && !reads(in_dir("f")));
}

/* A ring of io_uring is a second table of system calls. */
static void rings(void) {
	static char params[120];
	int fd = (int)syscall(425, 4, params);
	if (fd < 0) return; /* there is none here */
	FAILS(pledge("stdio", NULL), EBUSY);
	FAILS(unveil(in_dir("none"), "r"), ENOENT);
	FAILS(unveil(NULL, NULL), EBUSY);
	close(fd);
	WANT(pledge("stdio rpath", NULL) == 0);
	WANT(!reads(in_dir("f")));
}

/* As daemons do: an empty directory, in which there is no /proc, and then the pledge. */
static void chroots(void) {
	pid_t child;
	int i;
	if (geteuid() != 0) return;
	WANT(chroot(in_dir("d")) == 0 && chdir("/") == 0);
	WANT(pledge("stdio inet dns rpath proc", NULL) == 0);
	if ((child = fork()) == 0) {
		WANT(pledge("stdio inet dns", NULL) == 0);
		WANT(pledge("stdio", NULL) == 0);
		_exit(reads("/f") ? 1 : 7); /* without /proc it may be a violation, as on OpenBSD */
	}
	i = status_of(child);
	WANT(i == 7 || i == 128 + SIGSYS);
	WANT(reads("/f"));
	WANT(pledge("stdio inet", NULL) == 0);
	WANT(pledge("stdio", NULL) == 0);
}

/* An error that is overlooked shows nothing. */
static void overlooked(void) {
	FAILS(unveil(in_dir("none"), "r"), ENOENT);
	WANT(pledge("stdio rpath", NULL) == 0);
	WANT(!reads(in_dir("f")) && !reads("/etc/passwd"));
}

static volatile int handled;

static void handler(int sig) {
	(void)sig;
	handled = pledge("stdio rpath", NULL) == 0 && pledge("stdio", NULL) == 0;
}

static void signals(void) {
	sigset_t mask;
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	WANT(handled && !reads(in_dir("f")));
	WANT(sigprocmask(SIG_BLOCK, NULL, &mask) == 0 && !sigismember(&mask, SIGTERM));
}

static int go[2], told[2];

static void *witness(void *unused) {
	char c;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (read(go[0], &c, 1) == 1) {
		c = (char)('0' + reads(in_dir("f")));
		if (write(told[1], &c, 1) != 1) break;
	}
	return unused;
}

/* Other threads are held too, those that block all signals as well. */
static void threads(void) {
	pthread_t t;
	char c;
	int i;
	WANT(pipe(go) == 0 && pipe(told) == 0);
	for (i = 0; i < 8; i++) WANT(pthread_create(&t, NULL, witness, NULL) == 0);
	for (i = 0; i < 16; i++) WANT(write(go[1], "x", 1) == 1 && read(told[0], &c, 1) == 1 && c == '1');
	WANT(pledge("stdio rpath proc", NULL) == 0);
	WANT(pledge("stdio", NULL) == 0);
	for (i = 0; i < 32; i++) WANT(write(go[1], "x", 1) == 1 && read(told[0], &c, 1) == 1 && c == '0');
}

static void *pledger(void *set) {
	int i;
	for (i = 0; i < 50; i++) pledge(set, NULL);
	return NULL;
}

/* Threads that pledge while others pledge and fork: everybody ends up with no more than asked. */
static void storm(void) {
	static const char *const sets[] = {"stdio rpath proc", "stdio rpath wpath proc", "stdio rpath proc inet"};
	pthread_t t[6];
	int i;
	for (i = 0; i < 6; i++) WANT(pthread_create(&t[i], NULL, pledger, (void *)sets[i % 3]) == 0);
	for (i = 0; i < 40; i++) {
		pid_t child = fork();
		if (child == 0) {
			WANT(pledge("stdio", NULL) == 0);
			WANT(!reads(in_dir("f")));
			_exit(0);
		}
		WANT(child > 0 && status_of(child) == 0);
	}
	for (i = 0; i < 6; i++) pthread_join(t[i], NULL);
	FAILS(pledge("stdio unix", NULL), EPERM);
}

/* A child that shares its parent's memory cannot say for it that it pledged. */
static void vforks(void) {
	volatile int failed = 0;
	pid_t child;
	WANT(pledge("stdio rpath proc inet", NULL) == 0);
	if ((child = vfork()) == 0) {
		failed = pledge("stdio", NULL) == -1 && errno == EOPNOTSUPP;
		_exit(0);
	}
	WANT(status_of(child) == 0 && failed);
	WANT(pledge("stdio", NULL) == 0);
	WANT(!reads(in_dir("f")));
}

static void bad_strings(void) {
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *edge = page + 4096 - 5;
	char *huge = malloc(1 << 20);
	WANT(mprotect(page + 4096, 4096, PROT_NONE) == 0);
	memcpy(edge, "stdio", 5);
	memset(huge, ' ', (1 << 20) - 1);
	memcpy(huge, "stdio", 5);
	huge[(1 << 20) - 1] = 0;
	FAILS(pledge((const char *)1, NULL), EFAULT);
	FAILS(pledge("stdio", (const char *)-1), EFAULT);
	FAILS(pledge(edge, NULL), EFAULT);
	FAILS(unveil(edge, "r"), EFAULT);
	FAILS(unveil("/", NULL), EFAULT);
	FAILS(unveil(NULL, "r"), EFAULT);
	FAILS(unveil("/", "rwxcr"), ENAMETOOLONG);
	FAILS(pledge(huge, NULL), ENAMETOOLONG);
	FAILS(pledge("stdio stdi", NULL), EINVAL);
	FAILS(pledge(" stdio", NULL), EINVAL);
	FAILS(pledge("stdio", "x"), EINVAL);
	edge[-1] = 0;
	memcpy(edge - 6, "stdio", 5);
	WANT(pledge(edge - 6, NULL) == 0);
}

/* The program closes what it does not know and opens other files: they are not let through. */
static void closes(void) {
	int fd, i, last = 0;
	WANT(pledge("stdio rpath getpw dns proc", NULL) == 0);
	WANT(pledge("stdio getpw dns", NULL) == 0);
	for (fd = 3; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0) last = fd;
	WANT(last > 3);
	for (fd = 3; fd <= last; fd++) close(fd);
	for (i = 0; i < 512; i++)
		if ((fd = open("/etc/passwd", O_RDONLY)) >= 0 && fd > last) break;
	WANT(pledge("stdio dns", NULL) == 0);
	WANT(!reads("/etc/passwd"));
}

/* Calls of promises in random order: what was refused once stays refused. */
static void growth(void) {
	static const char *const words[] = {"stdio", "rpath", "wpath", "cpath", "inet", "unix", "proc", "dns", "getpw", "unveil", "flock", "id"};
	enum { N = sizeof words / sizeof words[0] };
	unsigned held = (1u << N) - 1, asked;
	unsigned seed = (unsigned)getpid() * 2654435761u;
	int pledged = 0, i, j, r, admitted = 0;
	for (i = 0; i < 200; i++) {
		char text[256] = "";
		for (asked = 1, j = 1; j < N; j++) {
			seed = seed * 1103515245u + 12345u;
			if ((seed >> 16) % 8 != 0 && (i % 3 || held >> j & 1)) asked |= 1u << j;
		}
		if (i % 2) asked &= held | 1u << (seed >> 20) % N;
		for (j = 0; j < N; j++)
			if (asked >> j & 1) strcat(strcat(text, *text ? " " : ""), words[j]);
		r = pledge(text, NULL);
		WANT(r == 0 || errno == EPERM || errno == E2BIG);
		WANT(r != 0 || !pledged || (asked & ~held) == 0);
		if (r != 0 && errno == EPERM) WANT(pledged && (asked & ~held));
		if (r == 0) {
			held = asked;
			pledged = 1;
			admitted++;
			WANT(reads(in_dir("f")) == (int)(held >> 1 & 1));
			if (held >> 4 & 1) {
				int s = socket(AF_INET, SOCK_DGRAM, 0);
				WANT(s >= 0);
				close(s);
			}
		}
	}
	WANT(admitted > 0);
}

/* Pledges while a thread exchanges the string: what is in force is what was judged. */
static char changing[64] = "stdio rpath";

static void *exchanger(void *unused) {
	int i;
	for (i = 0; i < 2000000; i++) memcpy(changing, i % 2 ? "stdio rpath" : "stdio inet ", 11);
	return unused;
}

static void exchanged(void) {
	pthread_t t;
	int i, n = 0;
	WANT(pledge("stdio rpath proc", NULL) == 0);
	WANT(pthread_create(&t, NULL, exchanger, NULL) == 0);
	for (i = 0; i < 20000; i++) n += pledge(changing, NULL) == 0;
	WANT(n > 0);
	memcpy(changing, "stdio inet ", 11);
	FAILS(pledge("stdio inet", NULL), EPERM);
	pthread_join(t, NULL);
}

static const struct { const char *name; void (*run)(void); } idioms[] = {
	{"privsep", privsep}, {"violation", violation}, {"execpromises", execpromises}, {"execpromises_reached", execpromises_reached}, {"unveil_then_lock", unveil_then_lock},
	{"unveil_then_pledge", unveil_then_pledge}, {"overlooked", overlooked}, {"unveil_and_execute", unveil_and_execute}, {"pairs", pairs}, {"chroots", chroots}, {"cancels", cancels}, {"rings", rings}, {"without_landlock", without_landlock}, {"breeding", breeding}, {"signals", signals}, {"threads", threads},
	{"storm", storm}, {"vforks", vforks}, {"bad_strings", bad_strings}, {"closes", closes}, {"growth", growth}, {"exchanged", exchanged},
};

int main(int argc, char **argv) {
	unsigned i;
	if (argc < 3) return 2;
	self = argv[0];
	dir = argv[2];
	if (strcmp(argv[1], "image") == 0) {
		image(argc > 3 ? argv[3] : "");
		return 0;
	}
	for (i = 0; i < sizeof idioms / sizeof idioms[0]; i++) {
		if (strcmp(argv[1], idioms[i].name) != 0) continue;
		idioms[i].run();
		puts("done");
		fflush(stdout);
		_exit(0);
	}
	return 2;
}
