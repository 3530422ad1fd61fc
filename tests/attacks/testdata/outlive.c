// Outlives its launcher: a child in a session of its own waits for the launcher's
// end, and then does what is not promised.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int try(const char *who) {
	int r = mkdir("d", 0700);
	printf("%s: went on, %s\n", who, r ? strerror(errno) : "made");
	fflush(stdout);
	return 0;
}

int main(void) {
	if (fork() == 0) {
		setsid();
		sleep(2);
		if (fork() == 0) {
			try("grandchild");
			_exit(0);
		}
		sleep(1);
		try("child");
		_exit(0);
	}
	puts("ready");
	fflush(stdout);
	sleep(60);
	return 0;
}
