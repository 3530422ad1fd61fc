// Many processes connect to a server that takes nobody, and die; another one
// connects to a server that does.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 200

static int local(const char *name, int backlog) {
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(a.sun_path, name);
	if (backlog < 0) return connect(s, (void *)&a, sizeof a) ? -1 : s;
	if (bind(s, (void *)&a, sizeof a) || listen(s, backlog)) return -1;
	return s;
}

static void caught(int sig) { (void)sig; }

int main(void) {
	pid_t child[MANY];
	int status, interrupted = 0;
	if (local("full", 0) < 0 || local("free", 5) < 0 || local("full", -1) < 0) return 2;
	for (int i = 0; i < MANY; i++)
		if ((child[i] = fork()) == 0) {
			struct sigaction sa = {.sa_handler = caught};
			sigaction(SIGUSR1, &sa, 0);
			_exit(local("full", -1) >= 0 ? 3 : errno == EINTR ? 4 : 5);
		}
	sleep(2);
	kill(child[0], SIGUSR1); // it may be one that waits, or one that waits for its turn
	for (int i = 1; i < MANY; i++) kill(child[i], SIGKILL);
	for (int i = 0; i < MANY; i++)
		if (waitpid(child[i], &status, 0) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 4) interrupted++;
	alarm(20);
	if (local("free", -1) < 0) return 6;
	printf("connected, %d interrupted\n", interrupted);
	return 0;
}
