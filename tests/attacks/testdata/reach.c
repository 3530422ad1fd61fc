/* reach PID: tries every way into another process, and prints one line a way:
   its name, and "ok" or the error. Nothing that it does harms the process, but
   what the kernel refuses is refused before that matters. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t pid;

static void say(const char *how, const char *what, long r)
{
	printf("%s%s %s\n", how, what, r < 0 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

static int entry(const char *name, int flags)
{
	char path[200];
	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

/* Reading takes a byte, too: some files are judged only then. */
static void reads(const char *name)
{
	char c, names[4000];
	int fd = entry(name, O_RDONLY);
	long r = fd;
	if (fd >= 0 && strcmp(name, "mem"))
		r = read(fd, &c, 1);
	if (r < 0 && errno == EISDIR)
		r = syscall(SYS_getdents64, fd, names, sizeof names);
	say("read:", name, r);
	if (fd >= 0)
		close(fd);
}

static void writes(const char *name, const char *text)
{
	int fd = entry(name, O_WRONLY);
	long r = fd;
	if (fd >= 0 && text)
		r = write(fd, text, strlen(text));
	say("write:", name, r);
	if (fd >= 0)
		close(fd);
}

static void links(const char *name)
{
	char path[200], to[200];
	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	say("link:", name, readlink(path, to, sizeof to));
}

static void signals(void)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);
	siginfo_t si;
	memset(&si, 0, sizeof si);
	si.si_code = SI_QUEUE;
	si.si_signo = SIGCONT;
	say("", "kill", kill(pid, SIGCONT));
	say("", "tkill", syscall(SYS_tkill, pid, SIGCONT));
	say("", "tgkill", syscall(SYS_tgkill, pid, pid, SIGCONT));
	say("", "sigqueue", syscall(SYS_rt_sigqueueinfo, pid, SIGCONT, &si));
	say("", "tgsigqueue", syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGCONT, &si));
	say("", "pidfd_send_signal", syscall(SYS_pidfd_send_signal, fd, SIGCONT, 0, 0));
	say("", "pidfd_getfd", syscall(SYS_pidfd_getfd, fd, 0, 0));
	say("", "process_madvise", syscall(SYS_process_madvise, fd, 0, 0, 20, 0));
	say("", "process_mrelease", syscall(SYS_process_mrelease, fd, 0));
	say("", "setns", syscall(SYS_setns, fd, 0x20000));
	if (fd >= 0)
		close(fd);
}

/* F_SETOWN and SIGIO: the target would be told of data in a pipe. The command
   is counted; whether the signal comes is Landlock's. */
static void owned(void)
{
	int p[2];
	if (pipe(p) < 0)
		return;
	say("", "F_SETOWN", fcntl(p[0], F_SETOWN, pid));
	close(p[0]);
	close(p[1]);
}

static void memory(void)
{
	char c = 0;
	struct iovec mine = {&c, 1}, theirs = {&c, 1};
	long r = syscall(SYS_process_vm_readv, pid, &mine, 1, &theirs, 1, 0);
	say("", "process_vm_readv", r < 0 && errno == EFAULT ? 0 : r);
	r = syscall(SYS_process_vm_writev, pid, &mine, 1, &theirs, 1, 0);
	say("", "process_vm_writev", r < 0 && errno == EFAULT ? 0 : r);
	r = syscall(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0);
	say("", "ptrace_seize", r);
	if (r == 0) {
		ptrace(PTRACE_INTERRUPT, pid, 0, 0);
		waitpid(pid, 0, __WALL);
		ptrace(PTRACE_DETACH, pid, 0, 0);
	}
	r = syscall(SYS_ptrace, PTRACE_ATTACH, pid, 0, 0);
	say("", "ptrace_attach", r);
	if (r == 0) {
		waitpid(pid, 0, __WALL);
		ptrace(PTRACE_DETACH, pid, 0, 0);
	}
	say("", "kcmp", syscall(SYS_kcmp, getpid(), pid, 1, 0, 0));
	say("", "move_pages", syscall(SYS_move_pages, pid, 0, 0, 0, 0, 0));
	unsigned long nodes = 1;
	say("", "migrate_pages", syscall(SYS_migrate_pages, pid, 8, &nodes, &nodes));
	say("", "get_robust_list", syscall(SYS_get_robust_list, pid, &mine, &theirs));
}

static void scheduling(void)
{
	struct rlimit l;
	struct sched_param s = {0};
	cpu_set_t set;
	say("", "prlimit_read", prlimit(pid, RLIMIT_NOFILE, 0, &l));
	l.rlim_cur = l.rlim_max = 100000;
	say("", "prlimit_write", prlimit(pid, RLIMIT_CORE, &(struct rlimit){0, 0}, 0));
	say("", "setpriority", setpriority(PRIO_PROCESS, pid, 19));
	say("", "sched_setscheduler", syscall(SYS_sched_setscheduler, pid, SCHED_OTHER, &s));
	unsigned attr[14] = {48};
	say("", "sched_setattr", syscall(SYS_sched_setattr, pid, attr, 0));
	sched_getaffinity(0, sizeof set, &set);
	say("", "sched_setaffinity", sched_setaffinity(pid, sizeof set, &set));
	say("", "ioprio_set", syscall(SYS_ioprio_set, 1, pid, 2 << 13 | 4));
}

int main(int argc, char **argv)
{
	static const char *read[] = {"mem", "environ", "maps", "smaps", "smaps_rollup", "numa_maps", "pagemap", "auxv", "syscall", "personality",
		"io", "fd", "fd/0", "fdinfo", "map_files", "cwd", "root", "exe", "ns/mnt", "timers", "timerslack_ns", "task", 0};
	static const char *link[] = {"cwd", "root", "exe", "fd/0", "ns/mnt", 0};
	if (argc < 2)
		return 2;
	pid = !strcmp(argv[1], "ppid") ? getppid() : atoi(argv[1]);
	for (const char **n = read; *n; n++)
		reads(*n);
	for (const char **n = link; *n; n++)
		links(*n);
	writes("mem", 0);
	writes("comm", "reached");
	writes("oom_score_adj", "500");
	writes("coredump_filter", "0");
	writes("timerslack_ns", "50000");
	writes("clear_refs", "1");
	writes("autogroup", "0");
	writes("fd/0", 0);
	memory();
	scheduling();
	owned();
	signals();
	return 0;
}
