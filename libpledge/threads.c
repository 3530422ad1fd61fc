/* Landlock restricts one thread before ABI 8. The others are brought to do it
 * themselves, by a signal that C libraries let nobody block; its handler is theirs
 * again afterwards. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif
enum { NO_NEW_PRIVS = 38, TSYNC_DOMAIN = 1 << 3, OUR_SIGNAL = 33, MOST_THREADS = 4096, EMPTY_PATH = 0x1000 };

/* Reports whether this is the only thread: 1, 0, or -1 where nobody tells. Under
 * stdio the status of /proc/self/task can be had, and has as many links. */
int pledge__alone(void) {
	struct stat st;
	pl_set held = pledge__now.promises;
	if (pledge__now.pledged && !(held & (UINT64_C(1) | UINT64_C(2)))) return -1;
	if (syscall(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &st, EMPTY_PATH) == 0 && S_ISDIR(st.st_mode) && st.st_nlink > 2)
		return st.st_nlink == 3;
	if (pledge__now.pledged || pledge__under_filter()) return -1;
	/* Without effect in a process of one thread, and an error in others. */
	if (syscall(SYS_unshare, 0x00010000) == 0) return 1;
	return errno == EINVAL ? 0 : -1;
}

static int open_tasks(void) {
	if (pledge__now.pledged && !(pledge__now.promises & UINT64_C(2))) return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
}

/* Reports whether all threads can be brought under another ruleset. */
int pledge__can_restrict(void) {
	int fd, e = errno;
	if (pledge__version()->all_threads || pledge__alone() == 1) return 1;
	fd = open_tasks();
	if (fd >= 0) pl_close(fd);
	errno = e;
	return fd >= 0;
}

static int restrict_this(int ruleset, unsigned flags) {
	if (syscall(SYS_prctl, NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
	if (ruleset >= 0 && syscall(SYS_landlock_restrict_self, ruleset, flags) != 0) return errno;
	return 0;
}

static struct {
	int tid[MOST_THREADS], done[MOST_THREADS]; /* 0 is asked, 1 done, else -errno */
	int n, ruleset, active;
} broadcast;

/* The layout that the kernel has of struct sigaction. */
struct kernel_action {
	void *handler;
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};
static struct kernel_action theirs;

static int here(int tid) {
	int i, n = __atomic_load_n(&broadcast.n, __ATOMIC_ACQUIRE);
	for (i = 0; i < n; i++)
		if (broadcast.tid[i] == tid) return i;
	return -1;
}

static void handle(int sig, siginfo_t *info, void *context) {
	int e = errno, i;
	if (__atomic_load_n(&broadcast.active, __ATOMIC_ACQUIRE) && info->si_code == SI_TKILL && (i = here((int)syscall(SYS_gettid))) >= 0 &&
		__atomic_load_n(&broadcast.done[i], __ATOMIC_ACQUIRE) == 0) {
		int failed = restrict_this(broadcast.ruleset, 0);
		__atomic_store_n(&broadcast.done[i], failed ? -failed : 1, __ATOMIC_RELEASE);
		errno = e;
		return;
	}
	errno = e;
	if ((uintptr_t)theirs.handler > 1) {
		void (*next)(int, siginfo_t *, void *);
		memcpy(&next, &theirs.handler, sizeof next);
		next(sig, info, context);
	}
}

/* Adds the threads that there are and that were not asked yet, and asks them. */
static int ask(int tasks, int self, int *added) {
	char buf[2048];
	struct stat st;
	long n, at, seen = 0;
	*added = 0;
	if (lseek(tasks, 0, SEEK_SET) < 0) return errno;
	while ((n = syscall(SYS_getdents64, tasks, buf, sizeof buf)) > 0) {
		for (at = 0; at < n;) {
			unsigned short length;
			const char *name = buf + at + 19;
			int tid = 0;
			memcpy(&length, buf + at + 16, sizeof length);
			at += length;
			for (; *name >= '0' && *name <= '9'; name++) tid = tid * 10 + (*name - '0');
			seen += tid != 0;
			if (tid == 0 || tid == self || here(tid) >= 0) continue;
			if (broadcast.n == MOST_THREADS) return EAGAIN;
			broadcast.tid[broadcast.n] = tid;
			broadcast.done[broadcast.n] = 0;
			__atomic_store_n(&broadcast.n, broadcast.n + 1, __ATOMIC_RELEASE);
			*added = 1;
			if (syscall(SYS_tgkill, syscall(SYS_getpid), tid, OUR_SIGNAL) != 0)
				__atomic_store_n(&broadcast.done[broadcast.n - 1], 1, __ATOMIC_RELEASE); /* it is gone */
		}
	}
	/* One that ends meanwhile may hide another one from the listing. */
	if (n == 0 && fstat(tasks, &st) == 0 && (long)st.st_nlink - 2 != seen) *added = 1;
	return n < 0 ? errno : 0;
}

/* Waits for the threads that were asked. One that blocks all signals is waited for, one
 * that has ended is not. */
static int await(void) {
	int i, tries, failed = 0;
	for (i = 0; i < broadcast.n; i++) {
		for (tries = 0; __atomic_load_n(&broadcast.done[i], __ATOMIC_ACQUIRE) == 0; tries++) {
			const struct timespec pause = {0, 100000};
			if (tries > 100000) return ETIMEDOUT;
			if (tries < 50)
				syscall(SYS_sched_yield);
			else
				syscall(SYS_clock_nanosleep, 1, 0, &pause, NULL);
			if (tries % 16 == 15 && syscall(SYS_tgkill, syscall(SYS_getpid), broadcast.tid[i], 0) != 0) break;
		}
		if (__atomic_load_n(&broadcast.done[i], __ATOMIC_ACQUIRE) < 0) failed = -broadcast.done[i];
	}
	return failed;
}

static int restrict_others(int ruleset, int tasks) {
	struct kernel_action ours;
	void (*f)(int, siginfo_t *, void *) = handle;
	int e, added = 1, passes = 0, self = (int)syscall(SYS_gettid);
	memset(&ours, 0, sizeof ours);
	if (syscall(SYS_rt_sigaction, OUR_SIGNAL, NULL, &theirs, 8) != 0) return errno;
	ours = theirs;
	memcpy(&ours.handler, &f, sizeof f);
	if (!ours.restorer) { /* the C library has none there yet: its restorer is that of any handler */
		struct sigaction old, any;
		struct kernel_action seen;
		memset(&any, 0, sizeof any);
		any.sa_handler = (void (*)(int))SIG_DFL;
		any.sa_flags = SA_RESTART;
		if (sigaction(SIGSYS, NULL, &old) != 0 || sigaction(SIGSYS, &any, NULL) != 0) return errno;
		syscall(SYS_rt_sigaction, SIGSYS, NULL, &seen, 8);
		sigaction(SIGSYS, &old, NULL);
		ours.restorer = seen.restorer;
		ours.flags = seen.flags;
	}
	ours.flags |= SA_SIGINFO | SA_RESTART | SA_ONSTACK;
	ours.mask = ~UINT64_C(0);
	broadcast.n = 0;
	broadcast.ruleset = ruleset;
	__atomic_store_n(&broadcast.active, 1, __ATOMIC_RELEASE);
	if (syscall(SYS_rt_sigaction, OUR_SIGNAL, &ours, NULL, 8) != 0) return errno;
	e = 0;
	while (e == 0 && added) { /* until a whole pass finds no other: a new one is its maker's kind */
		if ((e = ask(tasks, self, &added)) == 0) e = await();
		if (e == 0 && ++passes > 10000) e = EAGAIN;
	}
	__atomic_store_n(&broadcast.active, 0, __ATOMIC_RELEASE);
	syscall(SYS_rt_sigaction, OUR_SIGNAL, &theirs, NULL, 8);
	return e;
}

/* Puts a ruleset in force, for this thread or all, or no_new_privs alone where there
 * is none (-1). */
int pledge__restrict(int ruleset, int all) {
	int e, tasks;
	if (!all || ruleset < 0) return restrict_this(ruleset, 0);
	if (pledge__version()->all_threads) return restrict_this(ruleset, TSYNC_DOMAIN);
	if (pledge__alone() == 1) return restrict_this(ruleset, 0);
	if ((tasks = open_tasks()) < 0) return EOPNOTSUPP;
	e = restrict_this(ruleset, 0);
	if (e == 0) e = restrict_others(ruleset, tasks);
	pl_close(tasks);
	return e;
}
