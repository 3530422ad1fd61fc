/* Opens a name that another thread exchanges, and says what it has read. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char name[256];
static const char *shown, *hidden;
static volatile int done;

static void *exchange(void *p)
{
	size_t n = strlen(shown);

	while (!done) {
		name[n - 1] = shown[n - 1];
		for (volatile int i = 0; i < 500; i++)
			;
		name[n - 1] = hidden[n - 1];
		for (volatile int i = 0; i < 500; i++)
			;
	}
	return p;
}

int main(int argc, char **argv)
{
	pthread_t t;
	int opened = 0, secret = 0;
	time_t end = time(NULL) + 3;

	if (argc != 3)
		return 2;
	shown = argv[1], hidden = argv[2];
	strcpy(name, shown);
	if (pthread_create(&t, NULL, exchange, NULL) != 0)
		return 2;
	while (time(NULL) < end) {
		char b[16] = "";
		int fd = open(name, O_RDONLY);

		if (fd < 0)
			continue;
		opened++;
		if (read(fd, b, sizeof b - 1) > 0 && strncmp(b, "secret", 6) == 0)
			secret++;
		close(fd);
	}
	done = 1;
	pthread_join(t, NULL);
	printf("opened %s, secret %s\n", opened ? "some" : "none", secret ? "READ" : "not read");
	return 0;
}
