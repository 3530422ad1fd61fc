// minsup runs a command under the smallest supervisor: every open is notified.
// With "continue" it lets the kernel go on; with "perform" it reads the path,
// opens it and puts the descriptor into the caller. "plainly" does that without
// asking the kernel to stay on the caller's processor, as most supervisors do.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, unsigned long long)
#endif

int main(int argc, char **argv) {
	int plainly = !strcmp(argv[1], "plainly"), perform = plainly || !strcmp(argv[1], "perform"), pair[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	pid_t child = fork();
	if (child == 0) {
		struct sock_filter code[] = {
			{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
			{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_openat},
			{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF},
			{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
		};
		struct sock_fprog prog = {4, code};
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
		if (fd < 0) _exit(3);
		write(pair[1], &fd, sizeof fd);
		read(pair[1], &fd, sizeof fd);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	int theirs, fd;
	read(pair[0], &theirs, sizeof theirs);
	int pidfd = syscall(SYS_pidfd_open, child, 0);
	fd = syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
	if (!plainly) ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1ul);
	write(pair[0], &fd, sizeof fd);
	pid_t supervisor = fork();
	if (supervisor == 0) { /* the child's end is waited for by the parent */
		for (;;) {
			struct seccomp_notif n = {0};
			if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n)) continue;
			struct seccomp_notif_resp r = {.id = n.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
			if (perform) {
				char path[256];
				struct iovec l = {path, sizeof path}, m = {(void *)n.data.args[1], sizeof path};
				unsigned long long id = n.id;
				if (process_vm_readv(n.pid, &l, 1, &m, 1, 0) > 0 && !ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &id)) {
					int f = open(path, n.data.args[2] | O_CLOEXEC);
					struct seccomp_notif_addfd a = {.id = n.id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = f};
					if (f >= 0 && ioctl(fd, SECCOMP_IOCTL_NOTIF_ADDFD, &a) >= 0) { close(f); continue; }
				}
			}
			ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &r);
		}
	}
	int st;
	waitpid(child, &st, 0);
	kill(supervisor, SIGKILL);
	return 0;
}
