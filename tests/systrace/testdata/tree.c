/* Processes of every shape. Exit status 0: all of them could do what their
 * policy permits, and nothing else. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *good, *evil;

static int failed(const char *what) { fprintf(stderr, "%s: %s\n", what, strerror(errno)); return 1; }

/* One file can be opened, the other one cannot. */
static int look(void) {
	int fd = open(good, O_RDONLY);
	if (fd < 0) return failed(good);
	close(fd);
	if (open(evil, O_RDONLY) >= 0) { fprintf(stderr, "%s was opened\n", evil); return 1; }
	return 0;
}

static int ended(pid_t p) {
	int st;
	if (p < 0 || waitpid(p, &st, 0) != p) return failed("child");
	return !WIFEXITED(st) || WEXITSTATUS(st);
}

static int children(int n) {
	int bad = 0;
	for (int i = 0; i < n && !bad; i++) {
		pid_t p = i % 3 == 2 ? vfork() : fork();
		if (p == 0) _exit(i % 3 == 2 ? open(good, O_RDONLY) < 0 : look());
		bad = ended(p);
	}
	return bad;
}

static int crowd(int n) { /* all at once */
	int bad = 0;
	for (int i = 0; i < n; i++) {
		pid_t p = fork();
		if (p < 0) return failed("fork");
		if (p == 0) _exit(look());
	}
	for (int st; wait(&st) > 0;) bad |= !WIFEXITED(st) || WEXITSTATUS(st);
	return bad;
}

static int deep(int n) {
	if (n == 0) return look();
	pid_t p = fork();
	if (p == 0) _exit(deep(n - 1));
	return ended(p) || look();
}

/* A daemon: its parents are gone and its session is its own. */
static int background(const char *out) {
	if (fork() == 0) {
		if (setsid() < 0) _exit(1);
		if (fork()) _exit(0);
		usleep(300000);
		int bad = look();
		if (chdir("/")) bad = failed("chdir");
		int fd = open(out, O_WRONLY | O_CREAT, 0644);
		if (fd < 0 || write(fd, bad ? "bad" : "well", 4) != 4) _exit(1);
		_exit(0);
	}
	return 0;
}

static void *threads(void *p) { return (void *)(long)look(); }

/* Memory and directory are shared by what clone makes. */
static int sharing(void *p) { return look() || chdir(p); }

static int shared(const char *dir) {
	static char stack[65536];
	char *stack_end = stack + sizeof stack, cwd[4096];
	int st;
	pid_t p = clone(sharing, stack_end, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, (void *)dir);
	if (p < 0 || waitpid(p, &st, 0) != p || st) return failed("clone");
	if (!getcwd(cwd, sizeof cwd) || strcmp(cwd, dir)) { fprintf(stderr, "in %s\n", cwd); return 1; }
	return 0;
}

static int many_threads(int n) {
	int bad = 0;
	for (int i = 0; i < n; i++) {
		pthread_t t[4];
		void *r;
		for (int j = 0; j < 4; j++) if (pthread_create(&t[j], 0, threads, 0)) return failed("pthread_create");
		for (int j = 0; j < 4; j++) { pthread_join(t[j], &r); bad |= r != 0; }
	}
	return bad;
}

/* In another root names mean something else; the policy is about what they mean
 * there, and what is outside of it cannot be reached. */
static int jail(const char *dir) {
	char cwd[4096];
	if (chroot(evil) == 0) { fprintf(stderr, "chroot(%s)\n", evil); return 1; }
	if (chdir("/tmp") || chroot(dir)) return failed("chroot");
	good = "/good"; evil = "/evil";
	if (syscall(SYS_getcwd, cwd, sizeof cwd) < 0) return failed("getcwd"); /* "(unreachable)" */
	if (strncmp(cwd, "(unreachable)", 13)) { fprintf(stderr, "the working directory became %s\n", cwd); return 1; }
	if (chdir("/")) return failed("chdir in the jail");
	if (look()) return 1;
	if (open("../../../etc/hostname", O_RDONLY) >= 0 || open("/link", O_RDONLY) >= 0) { fprintf(stderr, "out of the jail\n"); return 1; }
	return 0;
}

/* A descriptor goes through a socket whose address is judged. */
static int pass(const char *to, const char *not_to) {
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char control[CMSG_SPACE(sizeof(int))] = {0}, text[] = "here";
	struct iovec v = {text, 4};
	struct msghdr m = {&a, sizeof a, &v, 1, control, sizeof control, 0};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), fd = open(good, O_RDONLY);
	if (s < 0 || fd < 0) return failed("socket");
	c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	strcpy(a.sun_path, not_to);
	if (sendmsg(s, &m, 0) >= 0) { fprintf(stderr, "sent to %s\n", not_to); return 1; }
	strcpy(a.sun_path, to);
	return sendmsg(s, &m, 0) == 4 ? 0 : failed("sendmsg");
}

int main(int argc, char **argv) {
	const char *what = argv[1], *arg = argv[4];
	good = argv[2]; evil = argv[3];
	if (!strcmp(what, "children")) return children(atoi(arg));
	if (!strcmp(what, "crowd")) return crowd(atoi(arg));
	if (!strcmp(what, "deep")) return deep(atoi(arg));
	if (!strcmp(what, "background")) return background(arg);
	if (!strcmp(what, "shared")) return shared(arg);
	if (!strcmp(what, "threads")) return many_threads(atoi(arg));
	if (!strcmp(what, "jail")) return jail(arg);
	if (!strcmp(what, "pass")) return pass(arg, argv[5]);
	return 2;
}
