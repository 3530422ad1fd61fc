/* Confines itself as its arguments say, and then performs a script of system calls on
 * a thread that was there before: libprobe [pledge|unveil|pledge?|unveil? A B]... SCRIPT,
 * where an argument NULL is none and ? lets a step fail. */
#include "pledge.h"
#define main probe_main
#include "probe.c"
#undef main

static const char *word_of(const char *s) { return strcmp(s, "NULL") == 0 ? NULL : s; }

static int silent; /* without stdio nothing can be said but by the status */

static void ended(int e) {
	if (silent) _exit(e);
	printf("%s", e ? errno_name(e) : "allowed");
	fflush(stdout);
	exit(e);
}

static int ready[2];

static void *perform(void *script) {
	char c;
	if (read(ready[0], &c, 1) != 1) exit(201);
	close(ready[0]);
	if (execute(script) < 0) ended(errno);
	if (said[0]) {
		printf("%s", said);
		fflush(stdout);
		exit(0);
	}
	ended(0);
	return NULL;
}

/* Sockets of the file system's kind change what is admitted. */
static void close_unless_used(const char *script) {
	static const char *const fds[] = {"7", "8", "13", "14"};
	for (int i = 0; i < 4; i++) {
		int used = 0;
		size_t n = strlen(fds[i]);
		for (const char *s = script; (s = strstr(s, fds[i])) != NULL; s += n)
			used |= (s == script || !isalnum((unsigned char)s[-1])) && !isalnum((unsigned char)s[n]);
		if (!used) close(atoi(fds[i]));
	}
}

int main(int argc, char **argv) {
	char *script = argv[argc - 1];
	pthread_t thread;
	int r, i, alone = getenv("PROBE_ALONE") != NULL;
	close_unless_used(script);
	if (argc > 2 && argv[argc - 4][0] == 'p' && (strcmp(argv[argc - 3], "cpath") == 0 || strspn(argv[argc - 3], "ero") == strlen(argv[argc - 3]))) silent = alone = 1;
	if (!alone && (pipe(ready) != 0 || pthread_create(&thread, NULL, perform, script) != 0)) return 202;
	for (i = 1; i + 3 < argc; i += 3) {
		const char *a = word_of(argv[i + 1]), *b = word_of(argv[i + 2]);
		r = argv[i][0] == 'p' ? pledge(a, b) : unveil(a, b);
		if (r != 0 && argv[i][strlen(argv[i]) - 1] != '?') ended(errno);
	}
	if (!*script) ended(0);
	if (alone) {
		if (execute(script) < 0) ended(errno);
		if (!said[0]) ended(0);
		printf("%s", said);
		fflush(stdout);
		exit(0);
	}
	if (write(ready[1], "x", 1) != 1) return 203;
	for (;;) pause();
}
