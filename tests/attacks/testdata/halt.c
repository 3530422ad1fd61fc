// Stops itself, as it may under proc, and has its child continue it while the
// launcher is still stopped for the shell.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
	int children = !strcmp(argv[1], "child");
	pid_t parent = getpid(), child = fork();
	if (child == 0) {
		usleep(300000);
		if (children) { // the parent stays stopped
			mkdir("d", 0700);
			puts("child: ok");
			fflush(stdout);
		}
		if (!strcmp(argv[1], "killed")) kill(parent, SIGKILL);
		kill(parent, SIGCONT);
		sleep(1);
		_exit(0);
	}
	if (children && fork() == 0) { // in case the other does not live to do it
		sleep(1);
		kill(parent, SIGCONT);
		_exit(0);
	}
	raise(SIGSTOP);
	if (!strcmp(argv[1], "parent")) {
		mkdir("d", 0700);
		puts("parent: ok");
		fflush(stdout);
	}
	kill(child, SIGKILL);
	waitpid(child, 0, 0);
	return 7;
}
