/* Opens files that it is told, in its first thread (1) or another one (2), while
 * a third one sleeps all the time; says what came of it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static const char *job;

static void look(const char *path) {
	int fd = open(path, O_RDONLY);
	printf("%s\n", fd < 0 ? "refused" : "opened");
	fflush(stdout);
	if (fd >= 0) close(fd);
}

static void *other(void *p) {
	pthread_mutex_lock(&mutex);
	for (;;) {
		while (!job) pthread_cond_wait(&cond, &mutex);
		look(job);
		job = 0;
		pthread_cond_broadcast(&cond);
	}
	return p;
}

static void *sleeper(void *p) { /* it must sleep no shorter than it is told */
	struct timespec t = {0, 30000000}, a, b;
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		if (nanosleep(&t, 0)) { printf("interrupted\n"); fflush(stdout); }
		clock_gettime(CLOCK_MONOTONIC, &b);
		if ((b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec < t.tv_nsec) { printf("woken early\n"); fflush(stdout); }
	}
	return p;
}

int main(void) {
	char line[4096];
	pthread_t t;
	pthread_create(&t, 0, other, 0);
	pthread_create(&t, 0, sleeper, 0);
	for (;;) {
		ssize_t n = read(0, line, sizeof line - 1);
		if (n < 0) { perror("read"); return 1; }
		if (n == 0) return 5;
		line[n] = 0;
		line[strcspn(line, "\n")] = 0;
		if (line[0] == '1') { look(line + 2); continue; }
		pthread_mutex_lock(&mutex);
		job = line + 2;
		pthread_cond_broadcast(&cond);
		while (job) pthread_cond_wait(&cond, &mutex);
		pthread_mutex_unlock(&mutex);
	}
}
