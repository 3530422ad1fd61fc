/* One lock for the state and the static memory. Signals are blocked while it is
 * held, so that no handler of this thread waits for its own thread; a child of
 * fork(2) takes it from a thread that it does not have. */
#include "internal.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
enum { SETMASK = 2 };

/* The process that the state is of. The page is wiped by fork(2), and shared with
 * children that share all memory: those of vfork(2). */
static int *page;
static uint64_t holder; /* process and thread */

static int *owner(void) {
	int *p = __atomic_load_n(&page, __ATOMIC_ACQUIRE), *none = NULL;
	if (p) return p;
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) return NULL;
	if (madvise(p, 4096, MADV_WIPEONFORK) == 0 &&
		__atomic_compare_exchange_n(&page, &none, p, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return p;
	munmap(p, 4096);
	return none;
}

/* Returns the process that the state is of; it becomes this one's after fork(2). */
static int claim(int self) {
	int *p = owner(), was = 0;
	if (!p) return -1;
	if (__atomic_compare_exchange_n(p, &was, self, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return self;
	return was;
}

/* Reports whether this process shares its memory with the one that the state is of. */
int pledge__is_shared(void) {
	int self = (int)syscall(SYS_getpid);
	return claim(self) != self;
}

int pledge__enter(uint64_t *mask) {
	uint64_t all = ~(UINT64_C(3) << 31), me, was; /* not 32 and 33, which who has the lock may send */
	int of, e = errno, self = (int)syscall(SYS_getpid);
	if ((of = claim(self)) < 0) return ENOMEM;
	if (syscall(SYS_rt_sigprocmask, SETMASK, &all, mask, sizeof all) != 0) return errno;
	me = (uint64_t)(uint32_t)of << 32 | (uint32_t)syscall(SYS_gettid);
	for (;;) {
		was = 0;
		if (__atomic_compare_exchange_n(&holder, &was, me, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) break;
		if (was == me) { /* a signal that cannot be blocked came inside of a call */
			pledge__leave(*mask);
			return EDEADLK;
		}
		if (was >> 32 != (uint32_t)of &&
			__atomic_compare_exchange_n(&holder, &was, me, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			break; /* its thread stayed in the parent */
		if (!pledge__now.pledged || (pledge__now.promises & 1)) sched_yield();
	}
	errno = e;
	return 0;
}

void pledge__leave(uint64_t mask) {
	uint64_t me = holder;
	int e = errno;
	if ((uint32_t)me == (uint32_t)syscall(SYS_gettid)) __atomic_store_n(&holder, 0, __ATOMIC_RELEASE);
	syscall(SYS_rt_sigprocmask, SETMASK, &mask, NULL, sizeof mask);
	errno = e;
}
