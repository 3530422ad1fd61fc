/* Calls that no signal interrupts, made while one comes every half millisecond whose
 * handler does not have calls made again. Prints how many ended with EINTR. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int came;
static void handler(int s) { (void)s; came++; }

int main(void) {
	struct sigaction a = {.sa_handler = handler};
	struct itimerval every = {{0, 500}, {0, 500}}, none = {{0, 0}, {0, 0}};
	struct stat st;
	char buf[99];
	int n = 0, stopped = 0, status;
	sigaction(SIGALRM, &a, 0);
	close(open("file", O_CREAT | O_WRONLY, 0600));
	setitimer(ITIMER_REAL, &every, 0);
	for (int i = 0; i < 1500; i++) {
		int fd = open("file", O_RDONLY);
		n += fd < 0 && errno == EINTR;
		close(fd);
		n += stat("file", &st) < 0 && errno == EINTR;
		n += mkdir("dir", 0700) < 0 && errno == EINTR;
		n += chdir(".") < 0 && errno == EINTR;
		n += rename("file", "file2") < 0 && errno == EINTR;
		n += rename("file2", "file") < 0 && errno == EINTR;
		n += readlink("/proc/self/exe", buf, sizeof buf) < 0 && errno == EINTR;
		n += rmdir("dir") < 0 && errno == EINTR;
	}
	setitimer(ITIMER_REAL, &none, 0);
	printf("interrupted %d, signals %d\n", n, came > 10);
	int ready[2];
	if (pipe(ready)) return 2;
	came = 0;
	pid_t p = fork();
	if (p == 0) { /* it has a handler of its own, and is stopped and goes on */
		sigaction(SIGUSR1, &a, 0);
		if (write(ready[1], "x", 1)) {}
		for (int i = 0; i < 300; i++) { stat("file", &st); usleep(1000); }
		_exit(came > 0);
	}
	if (read(ready[0], buf, 1)) {}
	kill(p, SIGSTOP);
	waitpid(p, &status, WUNTRACED);
	stopped = WIFSTOPPED(status);
	kill(p, SIGUSR1);
	kill(p, SIGCONT);
	waitpid(p, &status, WCONTINUED);
	printf("stopped %d, continued %d\n", stopped, WIFCONTINUED(status));
	waitpid(p, &status, 0);
	printf("ended %d\n", WIFEXITED(status) && WEXITSTATUS(status) >= 1);
	return 0;
}
