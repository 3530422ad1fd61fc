// forkexec starts a program and waits for it: the least that a launcher does.
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
	int st;
	pid_t pid = fork();
	if (!pid) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	waitpid(pid, &st, 0);
	return WEXITSTATUS(st);
}
