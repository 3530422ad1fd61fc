/* Things that programs do, one a word: behave WORD. What they print must be the
 * same under a supervisor as without. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nothing(int s) { (void)s; }

static void on(int sig, int flags) {
	struct sigaction a = {.sa_handler = nothing, .sa_flags = flags};
	sigaction(sig, &a, 0);
}

static const char *said(long r) { return r < 0 ? strerror(errno) : "ok"; }

static void locks(void) {
	int refused = 0;
	for (int i = 0; i < 1000; i++) {
		int fd = open("lock", O_RDWR | O_CREAT, 0644);
		refused += flock(fd, LOCK_EX | LOCK_NB) != 0;
		close(fd);
	}
	printf("flock refused %d\n", refused);
}

static volatile int stop;

static void *looks(void *a) {
	struct stat st;
	while (!stop) stat("/", &st);
	return a;
}

static void masks(void) {
	pthread_t t[2];
	int wrong = 0;
	for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, looks, 0);
	for (int i = 0; i < 400; i++) {
		struct stat st;
		mode_t m = i % 2 ? 077 : 022;
		umask(m);
		int fd = open("made", O_CREAT | O_EXCL | O_WRONLY, 0666);
		wrong += fstat(fd, &st) || (st.st_mode & 0777) != (0666 & ~m);
		close(fd);
		unlink("made");
	}
	stop = 1;
	for (int i = 0; i < 2; i++) pthread_join(t[i], 0);
	printf("wrong modes %d\n", wrong);
}

static void *mask_of_its_own(void *a) {
	unshare(CLONE_FS);
	umask(0777);
	stat("/", a);
	return 0;
}

static void shared_masks(void) {
	struct stat st;
	pthread_t t;
	umask(022);
	if (!(syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0))) { umask(077); _exit(0); }
	wait(0);
	close(open("s1", O_CREAT | O_WRONLY, 0666));
	stat("s1", &st);
	printf("shared %o\n", st.st_mode & 0777);
	umask(022);
	pthread_create(&t, 0, mask_of_its_own, &st);
	pthread_join(t, 0);
	close(open("s2", O_CREAT | O_WRONLY, 0666));
	stat("s2", &st);
	printf("own %o\n", st.st_mode & 0777);
}

static void sockets(void) {
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "sock"}, got = {0}, from = {0};
	socklen_t n = sizeof got;
	char text[16] = {0};
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), c = socket(AF_UNIX, SOCK_DGRAM, 0);
	printf("bind %s\n", said(bind(s, (void *)&a, sizeof a)));
	getsockname(s, (void *)&got, &n);
	printf("name %s\n", got.sun_path);
	printf("again %s\n", said(bind(c, (void *)&a, sizeof a)));
	strcpy(a.sun_path, "client");
	printf("client %s\n", said(bind(c, (void *)&a, sizeof a)));
	strcpy(a.sun_path, "./sock");
	printf("send %s\n", said(sendto(c, "hello", 5, 0, (void *)&a, sizeof a)));
	n = sizeof from;
	printf("got %zd", recvfrom(s, text, sizeof text, 0, (void *)&from, &n));
	printf(" %s from %s\n", text, from.sun_path);
	printf("answer %s\n", said(sendto(s, "there", 5, 0, (void *)&from, n)));
	printf("got %zd\n", recv(c, text, sizeof text, MSG_DONTWAIT));
	strcpy(a.sun_path, "nobody");
	printf("nobody %s\n", said(sendto(c, "hello", 5, 0, (void *)&a, sizeof a)));
	printf("empty %s\n", said(connect(c, (void *)&a, 0)));
}

static void creds(void) {
	int s[2], one = 1;
	char control[256], text[8];
	struct iovec v = {text, sizeof text};
	struct msghdr m = {0, 0, &v, 1, control, sizeof control, 0};
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "cred"};
	s[0] = socket(AF_UNIX, SOCK_DGRAM, 0);
	s[1] = socket(AF_UNIX, SOCK_DGRAM, 0);
	bind(s[1], (void *)&a, sizeof a);
	setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
	printf("sent %s\n", said(sendto(s[0], "x", 1, 0, (void *)&a, sizeof a)));
	recvmsg(s[1], &m, 0);
	struct ucred *u = (void *)CMSG_DATA(CMSG_FIRSTHDR(&m));
	printf("uid %d gid %d%s\n", u->uid, u->gid, getuid() || u->pid == getpid() ? "" : " another process");
}

static void many(void) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
	char got[8];
	struct iovec v[2] = {{"aa", 2}, {"bbb", 3}};
	struct mmsghdr m[2] = {{{0, 0, &v[0], 1, 0, 0, 0}, 0}, {{0, 0, &v[1], 1, 0, 0, 0}, 0}};
	bind(s, (void *)&a, sizeof a);
	getsockname(s, (void *)&a, &n);
	printf("connect %s\n", said(connect(c, (void *)&a, n)));
	printf("sendmmsg %d", sendmmsg(c, m, 2, 0));
	printf(" %u %u\n", m[0].msg_len, m[1].msg_len);
	printf("got %zd", recv(s, got, 8, MSG_DONTWAIT));
	printf(" %zd\n", recv(s, got, 8, MSG_DONTWAIT));
}

static void big(void) {
	int s[2];
	size_t size = 4 << 20, got = 0;
	char *b = calloc(1, size);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	if (fork() == 0) {
		struct iovec v = {b, size};
		struct msghdr m = {0, 0, &v, 1, 0, 0, 0};
		printf("sent %zd\n", sendmsg(s[0], &m, 0));
		fflush(stdout);
		_exit(0);
	}
	close(s[0]);
	for (ssize_t n; (n = read(s[1], b, size)) > 0;) got += (size_t)n;
	wait(0);
	printf("got %zu\n", got);
}

static void interrupts(void) {
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "backlog"};
	int l = socket(AF_UNIX, SOCK_STREAM, 0), n = 0;
	bind(l, (void *)&a, sizeof a);
	listen(l, 0);
	on(SIGALRM, 0);
	for (int i = 0; i < 4; i++) { /* the backlog is full at last */
		alarm(1);
		int c = socket(AF_UNIX, SOCK_STREAM, 0);
		if (connect(c, (void *)&a, sizeof a) && errno == EINTR) n++;
		alarm(0);
	}
	printf("interrupted connects %d\n", n > 0);
	mkfifo("fifo", 0600);
	alarm(1);
	printf("fifo %s\n", said(open("fifo", O_RDONLY)));
	if (fork() == 0) { usleep(1500000); open("fifo", O_WRONLY); _exit(0); }
	on(SIGALRM, SA_RESTART);
	alarm(1);
	printf("fifo restarted %s\n", said(open("fifo", O_RDONLY)));
	wait(0);
	pid_t p = fork();
	if (p == 0) { open("fifo", O_RDONLY); _exit(0); }
	usleep(200000);
	kill(p, SIGSTOP);
	int st = 0;
	waitpid(p, &st, WUNTRACED);
	printf("stopped %d\n", WIFSTOPPED(st));
	kill(p, SIGCONT);
	usleep(50000);
	kill(p, SIGTERM);
	waitpid(p, &st, 0);
	printf("ended by %d\n", WIFSIGNALED(st) ? WTERMSIG(st) : -1);
}

static volatile int wrong, came;

static void queued(int s, siginfo_t *i, void *c) {
	(void)s; (void)c;
	came++;
	wrong += i->si_code != SI_QUEUE || i->si_value.sival_int != 4711;
}

static void values(void) {
	struct sigaction a = {.sa_sigaction = queued, .sa_flags = SA_SIGINFO | SA_RESTART};
	pid_t boss = getpid();
	sigaction(SIGRTMIN + 3, &a, 0);
	mkdir("here", 0755);
	if (fork() == 0) {
		for (int i = 0; i < 1000; i++) { union sigval v = {.sival_int = 4711}; sigqueue(boss, SIGRTMIN + 3, v); usleep(100); }
		_exit(0);
	}
	for (int i = 0; i < 100; i++) if (chdir(i % 2 ? ".." : "here")) printf("chdir %s\n", strerror(errno));
	while (wait(0) < 0) {}
	printf("wrong %d, came %d\n", wrong, came > 0);
}

static void programs(char **v) {
	char *const argv[] = {"true", 0}, *const env[] = {0};
	int st, fd = open("/bin/true", O_RDONLY | O_CLOEXEC), dir = open("/bin", O_RDONLY | O_DIRECTORY);
	(void)v;
	for (int i = 0; i < 4; i++) {
		pid_t p = fork();
		if (p == 0) {
			if (i == 0) fexecve(fd, argv, env);
			if (i == 1) syscall(SYS_execveat, dir, "true", argv, env, 0);
			if (i == 2) { char *const again[] = {"behave", "hello", 0}; execve("/proc/self/exe", again, env); }
			if (i == 3) { char *const script[] = {"s", 0}; int at = open(".", O_RDONLY | O_DIRECTORY); syscall(SYS_execveat, at, "script.sh", script, env, 0); }
			_exit(100 + errno);
		}
		waitpid(p, &st, 0);
		printf("program %d: %x\n", i, st);
	}
}

static void *late(void *a) {
	struct sockaddr_un addr = {.sun_family = AF_UNIX, .sun_path = "late"};
	usleep(100000);
	printf("late bind %s\n", said(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&addr, sizeof addr)));
	printf("late open %s\n", said(open("late2", O_CREAT | O_WRONLY, 0600)));
	fflush(stdout);
	_exit(0);
	return a;
}

int main(int n, char **v) {
	const char *what = n > 1 ? v[1] : "";
	setvbuf(stdout, 0, _IOLBF, 0);
	if (!strcmp(what, "hello")) return 7;
	if (!strcmp(what, "locks")) locks();
	else if (!strcmp(what, "masks")) masks();
	else if (!strcmp(what, "sharedmasks")) shared_masks();
	else if (!strcmp(what, "sockets")) sockets();
	else if (!strcmp(what, "creds")) creds();
	else if (!strcmp(what, "many")) many();
	else if (!strcmp(what, "big")) big();
	else if (!strcmp(what, "interrupts")) interrupts();
	else if (!strcmp(what, "values")) values();
	else if (!strcmp(what, "programs")) programs(v);
	else if (!strcmp(what, "late")) { pthread_t t; pthread_create(&t, 0, late, 0); pthread_exit(0); }
	else if (!strcmp(what, "tty")) { int fd = open("/dev/tty", O_RDWR); printf("tty %s\n", said(fd)); if (fd >= 0) { if (write(fd, "on my terminal\n", 15)) {} } }
	else return 2;
	return 0;
}
