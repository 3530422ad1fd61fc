/* penalty WAY: tries to make a violation without its penalty. It says how far it
   came; at the end it makes a directory, which no promise here admits. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *what, long r)
{
	printf("%s: %s\n", what, r < 0 ? strerror(errno) : "ok");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	/* EPERM for mkdir and mkdirat: comes before a listener's answer. */
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_mkdir
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdir, 1, 0),
#endif
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdirat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {sizeof code / sizeof *code, code};
	const char *way = argc > 1 ? argv[1] : "";

	if (!strcmp(way, "filter"))
		say(way, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog));
	if (!strcmp(way, "filter log"))
		say(way, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &prog));
	if (!strcmp(way, "prctl"))
		say(way, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog));
	if (!strcmp(way, "orphan")) {
		say("stay", prctl(PR_SET_PDEATHSIG, 0));
		say("kill", kill(getppid(), SIGKILL));
		for (int n = 0; n < 100 && getppid() != 1; n++)
			usleep(1000);
	}
	say("mkdir", mkdir("made", 0700));
	return 0;
}
