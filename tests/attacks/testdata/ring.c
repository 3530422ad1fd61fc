// Makes a ring of io_uring whose calls a thread of the kernel makes, and
// "work PATH": asks it alone to make a directory; or
// "run FD COMMAND...": has a child execute a command with the ring as descriptor FD.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct io_uring_params p;
static char *sq, *cq;
static struct io_uring_sqe *sqe;

// submit hands the first entry over and waits for its result; the thread has to be
// woken once, by a call.
static int submit(int wake)
{
	unsigned *tail = (unsigned *)(sq + p.sq_off.tail), *array = (unsigned *)(sq + p.sq_off.array);
	unsigned *head = (unsigned *)(cq + p.cq_off.head), *end = (unsigned *)(cq + p.cq_off.tail);
	unsigned mask = *(unsigned *)(cq + p.cq_off.ring_mask);
	array[*tail & *(unsigned *)(sq + p.sq_off.ring_mask)] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	for (long i = 0; i < 3000; i++) {
		if (__atomic_load_n(end, __ATOMIC_ACQUIRE) != *head) {
			int r = ((struct io_uring_cqe *)(cq + p.cq_off.cqes))[*head & mask].res;
			__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
			return r;
		}
		if (wake >= 0)
			syscall(SYS_io_uring_enter, wake, 0, 0, IORING_ENTER_SQ_WAKEUP, 0, 0);
		usleep(10000);
	}
	return -ETIMEDOUT;
}

int ring_make(void)
{
	p.flags = IORING_SETUP_SQPOLL;
	p.sq_thread_idle = 60000;
	int fd = syscall(SYS_io_uring_setup, 4, &p);
	if (fd < 0)
		return -errno;
	sq = mmap(0, p.sq_off.array + 4 * p.sq_entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	cq = mmap(0, p.cq_off.cqes + 16 * p.cq_entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_CQ_RING);
	sqe = mmap(0, 64 * p.sq_entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		return -EIO;
	memset(sqe, 0, sizeof *sqe); // IORING_OP_NOP
	int r = submit(fd);
	return r ? r : fd;
}

// ring_mkdir has the kernel's thread make a directory, without any system call.
int ring_mkdir(const char *path)
{
	memset(sqe, 0, sizeof *sqe);
	sqe->opcode = IORING_OP_MKDIRAT;
	sqe->fd = AT_FDCWD;
	sqe->addr = (unsigned long)path;
	sqe->len = 0755;
	return submit(-1);
}

#ifndef LIBRARY
int main(int argc, char **argv)
{
	int fd = ring_make();
	if (fd < 0) {
		printf("no ring: %s\n", strerror(-fd));
		return 99;
	}
	if (!strcmp(argv[1], "work")) {
		int r = ring_mkdir(argv[2]);
		printf("mkdir: %s\n", r ? strerror(-r) : "ok");
		return 0;
	}
	int as = atoi(argv[2]), status;
	if (fork() == 0) {
		dup2(fd, as);
		execvp(argv[3], argv + 3);
		_exit(98);
	}
	wait(&status);
	return WEXITSTATUS(status);
}
#endif
