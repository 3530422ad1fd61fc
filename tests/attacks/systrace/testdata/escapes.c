/* Ways out of a policy that are no races. Exit status 0: nothing forbidden was
 * reached, 1: it was, 2: the attack could not be made. What is forbidden is told
 * by the policies of the test. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failed(const char *what) { perror(what); return 2; }

static int reads(const char *path) {
	char c = 0;
	int fd = open(path, O_RDONLY);
	if (fd < 0) return 0;
	if (read(fd, &c, 1) != 1) c = 0;
	close(fd);
	return c == 'S';
}

static int writes(const char *path) {
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd < 0) return 0;
	close(fd);
	fprintf(stderr, "%s was opened for writing\n", path);
	return 1;
}

static int waited(pid_t p) {
	int st;
	if (p < 0 || waitpid(p, &st, __WALL) != p) return failed("child");
	return WIFEXITED(st) ? WEXITSTATUS(st) : 0;
}

/* A user namespace of its own makes nobody root there: not here. */
static int users(const char *how, const char *secret) {
	pid_t p = -1;
	if (reads(secret)) return failed("it may be read");
	if (!strcmp(how, "unshare")) {
		if (unshare(CLONE_NEWUSER)) return 0;
		if (setresuid(-1, -1, -1)) {}
		return reads(secret);
	}
	if (!strcmp(how, "clone3")) {
		unsigned long long args[8] = {CLONE_NEWUSER | CLONE_NEWNS, 0, 0, 0, SIGCHLD};
		p = (pid_t)syscall(SYS_clone3, args, sizeof args);
	} else
		p = (pid_t)syscall(SYS_clone, (!strcmp(how, "mounts") ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWUSER) | SIGCHLD, 0, 0, 0, 0);
	if (p == 0) _exit(reads(secret));
	return p < 0 ? 0 : waited(p);
}

static struct open_how how;
static volatile int stop;

static void *flip(void *a) {
	(void)a;
	while (!stop) { how.flags = O_RDONLY; how.flags = O_RDWR; }
	return 0;
}

/* Flags that change between the look at them and the call. */
static int flags(const char *good) {
	pthread_t t;
	time_t end = time(0) + 2;
	int reached = 0;
	pthread_create(&t, 0, flip, 0);
	while (!reached && time(0) < end) {
		int fd = (int)syscall(SYS_openat2, AT_FDCWD, good, &how, sizeof how);
		if (fd < 0) continue;
		reached = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
		close(fd);
	}
	stop = 1;
	pthread_join(t, 0);
	return reached;
}

static int marker = 0x1badcafe;

/* Is it this program's memory? */
static int own(int fd) {
	int found = 0;
	return pread(fd, &found, sizeof found, (off_t)(long)&marker) == sizeof found && found == marker;
}

static int memory(const char *path) {
	int fd = open(path, O_RDWR);
	if (fd < 0) return 0;
	if (own(fd)) { close(fd); return 0; }
	fprintf(stderr, "%s is the supervisor's\n", path);
	close(fd);
	return 1;
}

/* The supervisor's memory by all its names. */
static int proc(const char *dir) {
	char path[4096], of[512];
	int reached = 0;
	struct dirent *e;
	DIR *d;
	pid_t boss = getppid();
	snprintf(of, sizeof of, "/proc/%d", boss);
	for (int i = 0; i < 6; i++) {
		static const char *forms[] = {"%s/mem", "%s/maps", "%s/task/../mem", "%s/environ", "%s/fd", "%s/root/etc/hostname"};
		snprintf(path, sizeof path, forms[i], of);
		if (i < 3 ? memory(path) : open(path, O_RDONLY) >= 0) { fprintf(stderr, "%s\n", path); reached = 1; }
	}
	for (int tid = boss + 1; tid < boss + 60; tid++) { /* its threads, and others */
		snprintf(path, sizeof path, "/proc/%d/task/%d/mem", tid, boss);
		reached |= memory(path);
		snprintf(path, sizeof path, "/proc/%d/mem", tid);
		if (tid != getpid() && (d = opendir("/proc/self/task"))) { closedir(d); }
		int fd = open(path, O_RDWR);
		if (fd >= 0) {
			char name[64], comm[32] = {0};
			snprintf(name, sizeof name, "/proc/%d/comm", tid);
			int c = open(name, O_RDONLY);
			if (c >= 0 && read(c, comm, 8) > 0 && !strncmp(comm, "systrace", 8)) { fprintf(stderr, "%s is the supervisor's\n", path); reached = 1; }
			if (c >= 0) close(c);
			close(fd);
		}
	}
	if (geteuid()) return reached;
	snprintf(path, sizeof path, "%s/proc", dir);
	mkdir(path, 0755);
	if (mount("proc", path, "proc", 0, 0)) return failed("mount of proc");
	snprintf(path, sizeof path, "%s/proc/%d/mem", dir, boss);
	reached |= memory(path);
	snprintf(path, sizeof path, "%s/proc/self/mem", dir);
	reached |= memory(path);
	snprintf(path, sizeof path, "%s/proc", dir);
	if ((d = opendir(path))) { /* whoever is called so in it */
		int at = dirfd(d), fd;
		while ((e = readdir(d)))
			if (atoi(e->d_name) == boss) {
				snprintf(of, sizeof of, "%s/mem", e->d_name);
				if ((fd = openat(at, of, O_RDWR)) >= 0) { fprintf(stderr, "%s by a directory\n", of); reached = 1; close(fd); }
			}
		if ((fd = openat(at, "self/mem", O_RDWR)) >= 0) { if (!own(fd)) { fprintf(stderr, "self/mem by a directory\n"); reached = 1; } close(fd); }
		closedir(d);
	}
	umount2(path, MNT_DETACH);
	snprintf(of, sizeof of, "/proc/%d", boss);
	snprintf(path, sizeof path, "%s/bound", dir);
	mkdir(path, 0755);
	if (mount(of, path, 0, MS_BIND, 0) == 0) {
		snprintf(path, sizeof path, "%s/bound/mem", dir);
		reached |= memory(path);
		snprintf(path, sizeof path, "%s/bound/root/etc/hostname", dir);
		if (open(path, O_RDONLY) >= 0) { fprintf(stderr, "%s\n", path); reached = 1; }
		snprintf(path, sizeof path, "%s/bound", dir);
		umount2(path, MNT_DETACH);
	}
	snprintf(of, sizeof of, "/proc/%d/mem", boss);
	snprintf(path, sizeof path, "%s/file", dir);
	close(open(path, O_CREAT | O_WRONLY, 0644));
	if (mount(of, path, 0, MS_BIND, 0) == 0) {
		reached |= memory(path);
		umount2(path, MNT_DETACH);
	}
	return reached;
}

/* A listener of its own, when the supervisor is gone. */
static int listener(const char *evil) {
	struct sock_filter all[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
	struct sock_fprog prog = {1, all};
	(void)evil;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return failed("no_new_privs");
	kill(getppid(), SIGKILL);
	usleep(300000);
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (fd >= 0) { fprintf(stderr, "a listener of its own\n"); return 1; }
	return errno == EBUSY ? 0 : failed("seccomp");
}

/* Control messages of all lengths must not end the supervisor. */
static int control(const char *good) {
	int pair[2], n = 0;
	char buf[256], text[4] = "text", got[8];
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair)) return failed("socketpair");
	for (int round = 0; round < 6000; round++) {
		struct iovec v = {text, 4};
		struct msghdr m = {0, 0, &v, 1, buf, (size_t)(rand() % (int)sizeof buf), 0};
		struct cmsghdr *c = (void *)buf;
		for (size_t i = 0; i < sizeof buf; i++) buf[i] = (char)rand();
		c->cmsg_level = rand() % 4 ? SOL_SOCKET : rand();
		c->cmsg_type = rand() % 3;
		c->cmsg_len = CMSG_LEN((size_t)(rand() % 40));
		if (round < 20) { c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN((size_t)round % 10); m.msg_controllen = CMSG_SPACE((size_t)round % 10); }
		sendmsg(pair[0], &m, 0);
		if (errno == ENOSYS) { fprintf(stderr, "the supervisor is gone\n"); return 1; }
		while (recv(pair[1], got, sizeof got, 0) > 0) n++;
	}
	int fd = open(good, O_RDONLY);
	if (fd < 0) { perror("afterwards"); return 1; }
	return n ? 0 : 2;
}

/* O_PATH with writing is no reading. */
static int opath(const char *log) {
	char c;
	int forms[] = {O_PATH | O_WRONLY, O_PATH | 3, O_PATH | O_RDWR, O_PATH};
	for (int i = 0; i < 4; i++) {
		int fd = open(log, forms[i]);
		if (fd >= 0 && read(fd, &c, 1) == 1) { fprintf(stderr, "read by %x\n", forms[i]); return 1; }
	}
	return reads(log);
}

/* A local socket by names of other addresses. */
static int names(const char *dir, const char *forbidden) {
	static const char *as[] = {"inet-[127.0.0.1]:80", "<unknown>", "family(0)", "error"};
	if (chdir(dir)) return failed("chdir");
	for (int i = 0; i < 4; i++) {
		struct sockaddr_un a = {.sun_family = AF_UNIX};
		struct iovec v = {"x", 1};
		struct msghdr m = {&a, sizeof a, &v, 1, 0, 0, 0};
		int s = socket(AF_UNIX, SOCK_DGRAM, 0), stream = socket(AF_UNIX, SOCK_STREAM, 0);
		if (symlink(forbidden, as[i]) && errno != EEXIST) return failed("symlink");
		strcpy(a.sun_path, as[i]);
		if (sendmsg(s, &m, 0) >= 0 || connect(stream, (void *)&a, sizeof a) == 0 || connect(s, (void *)&a, sizeof a) == 0) {
			fprintf(stderr, "reached by %s\n", as[i]);
			return 1;
		}
	}
	return 0;
}

/* No family is the family inet for datagrams. */
static int nofamily(const char *port) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (sendto(s, "x", 1, 0, (void *)&a, sizeof a) >= 0) return failed("it may be sent to");
	a.sin_family = AF_UNSPEC;
	return sendto(s, "x", 1, 0, (void *)&a, sizeof a) >= 0;
}

/* It has locked itself out. */
static int landlock(const char *good, const char *made) {
	struct landlock_ruleset_attr a = {.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof a, 0), st;
	if (fd < 0) return failed("landlock");
	pid_t before = fork();
	if (before == 0) { usleep(200000); _exit(open(good, O_RDONLY) < 0); }
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, fd, 0)) return failed("restrict");
	if (open(good, O_RDONLY) >= 0) { fprintf(stderr, "%s was opened\n", good); return 1; }
	if (mkdir(made, 0755) == 0) { fprintf(stderr, "%s was made\n", made); return 1; }
	pid_t after = fork();
	if (after == 0) _exit(open(good, O_RDONLY) >= 0);
	if (waited(after)) { fprintf(stderr, "a child opened %s\n", good); return 1; }
	if (waitpid(before, &st, 0) != before || st) { fprintf(stderr, "a child of before may not open %s\n", good); return 1; }
	return 0;
}

/* A brother instead of a child, and an orphan that is given to whoever takes
 * orphans, have the policy of whoever began them. */
static int brother(const char *evil) {
	pid_t p = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (p == 0) _exit(writes(evil));
	usleep(300000);
	return writes(evil);
}

static int orphan(const char *evil) {
	pid_t boss = getppid();
	if (fork() == 0) {
		for (int i = 0; i < 100 && getppid() != boss; i++) usleep(10000);
		_exit(writes(evil));
	}
	usleep(50000);
	kill(getpid(), SIGKILL);
	return 2;
}

/* family starts a script whose policy is narrower, and looks at what came of it. */
static int family(const char *script, const char *what, const char *evil) {
	int st, reached = 0;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) return failed("subreaper");
	pid_t p = fork();
	if (p == 0) { execl(script, script, what, evil, (char *)0); _exit(failed("execl")); }
	while (waitpid(-1, &st, __WALL) > 0 || errno == EINTR) reached |= WIFEXITED(st) && WEXITSTATUS(st) == 1;
	return reached || access(evil, F_OK) == 0;
}

static const char *one, *other;
static char path[4096];

static void *flip_path(void *a) {
	(void)a;
	while (!stop) { strcpy(path, one); strcpy(path, other); }
	return 0;
}

/* Another program of a script's interpreter, by arguments that name the script. */
static int script(const char *good, const char *shell, const char *evil) {
	char code[4096];
	time_t end = time(0) + 2;
	pthread_t t;
	one = good; other = shell;
	snprintf(code, sizeof code, "echo evil > %s", evil);
	strcpy(path, one);
	pthread_create(&t, 0, flip_path, 0);
	while (time(0) < end && access(evil, F_OK)) {
		pid_t p = vfork();
		if (p == 0) { char *argv[] = {"sh", "-c", code, (char *)good, 0}, *env[] = {0}; execve(path, argv, env); _exit(0); }
		waitpid(p, 0, 0);
	}
	return access(evil, F_OK) == 0;
}

static int jail(const char *dir, const char *secret, const char *name) {
	if (chroot(dir) || chdir("/")) return failed("chroot");
	if (reads(secret)) { fprintf(stderr, "read %s outside\n", secret); return 1; }
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0) return failed(name);
	return 0;
}

/* A socket of root's by a link. */
static int dial(const char *name) {
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	strcpy(a.sun_path, name);
	return connect(socket(AF_UNIX, SOCK_DGRAM, 0), (void *)&a, sizeof a) == 0;
}

/* executes a program that writes a file, if it may. */
static int executes(const char *program, const char *out) {
	pid_t p = fork();
	if (p == 0) { execl(program, program, "writes", out, (char *)0); _exit(0); }
	waitpid(p, 0, 0);
	return access(out, F_OK) == 0;
}

/* A policy for another program, which is planted before that is executed. */
static int plant(const char *file, const char *evil, const char *out) {
	FILE *f;
	char dir[4096];
	strcpy(dir, file);
	*strrchr(dir, '/') = 0;
	mkdir(dir, 0700);
	if (!(f = fopen(file, "w"))) return failed(file);
	fprintf(f, "Policy: %s, Emulation: linux64\ndetached\n", evil);
	fclose(f);
	return executes(evil, out);
}

/* A program in a jail that is called as one with a policy outside. */
static int tool(const char *dir) {
	if (chroot(dir) || chdir("/")) return failed("chroot");
	return executes("/tool", "/out");
}

/* Others go on while some wait. */
static int waits(const char *fifo, const char *good) {
	struct timespec a, b;
	for (int i = 0; i < 40; i++)
		if (fork() == 0) { if (open(fifo, O_RDONLY) >= 0) {} _exit(0); }
	usleep(500000);
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 20; i++) {
		int fd = open(good, O_RDONLY);
		if (fd < 0) return failed(good);
		close(fd);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	int side = open(fifo, O_WRONLY | O_NONBLOCK);
	while (wait(0) > 0) {}
	close(side);
	return b.tv_sec - a.tv_sec > 15;
}

int main(int n, char **v) {
	const char *what = n > 1 ? v[1] : "";
	if (!strcmp(what, "users")) return users(v[2], v[3]);
	if (!strcmp(what, "flags")) return flags(v[2]);
	if (!strcmp(what, "proc")) return proc(v[2]);
	if (!strcmp(what, "listener")) return listener(0);
	if (!strcmp(what, "control")) return control(v[2]);
	if (!strcmp(what, "opath")) return opath(v[2]);
	if (!strcmp(what, "names")) return names(v[2], v[3]);
	if (!strcmp(what, "nofamily")) return nofamily(v[2]);
	if (!strcmp(what, "landlock")) return landlock(v[2], v[3]);
	if (!strcmp(what, "family")) return family(v[2], v[3], v[4]);
	if (!strcmp(what, "script")) return script(v[2], v[3], v[4]);
	if (!strcmp(what, "jail")) return jail(v[2], v[3], v[4]);
	if (!strcmp(what, "waits")) return waits(v[2], v[3]);
	if (!strcmp(what, "dial")) return dial(v[2]);
	if (!strcmp(what, "plant")) return plant(v[2], v[3], v[4]);
	if (!strcmp(what, "tool")) return tool(v[2]);
	if (!strcmp(what, "writes")) return writes(v[2]);
	if (!strcmp(what, "reads")) return reads(v[2]);
	if (n > 3 && !strcmp(v[2], "brother")) return brother(v[3]); /* as a script: its name, and arguments */
	if (n > 3 && !strcmp(v[2], "orphan")) return orphan(v[3]);
	fprintf(stderr, "what?\n");
	return 2;
}
