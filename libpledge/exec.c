/* The exec functions of the C library, for a process whose execpromises hold less than
 * its promises: the thread is held to them right before the program starts. A filter stays
 * over execve(2) and none is added there; the key lets this one call pass both. */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

extern char **environ;
int pledge__before_exec(const char *program, uint64_t key[3]);

/* How programs are executed now. */
struct way {
	int narrows, ready;
	uint64_t key[3];
};

static int run(struct way *w, const char *path, char *const argv[], char *const envp[]) {
	int e;
	if (!w->narrows) return (int)syscall(SYS_execve, path, argv, envp);
	if (!w->ready) {
		if ((e = pledge__before_exec(path, w->key)) != 0) {
			errno = e;
			return -1;
		}
		w->ready = 1;
	}
	syscall(SYS_execve, path, argv, envp, w->key[0], w->key[1], w->key[2]);
	return -1;
}

static struct way way(void) {
	struct way w;
	memset(&w, 0, sizeof w);
	w.narrows = pledge__exec_narrows(&pledge__now);
	if (!w.narrows && (pledge__now.key[0] | pledge__now.key[1] | pledge__now.key[2])) {
		/* An earlier filter asks for the key, and what is promised now is no more than what programs may. */
		memcpy(w.key, pledge__now.key, sizeof w.key);
		w.narrows = w.ready = 1;
	}
	return w;
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[]) {
	struct way w = way();
	return run(&w, path, argv, envp);
}

EXPORT int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }

/* A file that the kernel does not know is a script of the shell's. */
static int run_script(struct way *w, const char *path, char *const argv[], char *const envp[]) {
	int n = 0;
	run(w, path, argv, envp);
	if (errno != ENOEXEC) return -1;
	while (argv[n]) n++;
	{
		char *args[n + 3];
		args[0] = (char *)"/bin/sh";
		args[1] = (char *)path;
		if (n > 1) memcpy(args + 2, argv + 1, (size_t)(n - 1) * sizeof *args);
		args[n > 1 ? n + 1 : 2] = NULL;
		return run(w, args[0], args, envp);
	}
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[]) {
	struct way w = way();
	const char *path = getenv("PATH"), *end;
	char name[PATH_MAX];
	int denied = 0;
	if (!*file) {
		errno = ENOENT;
		return -1;
	}
	if (strchr(file, '/')) return run_script(&w, file, argv, envp);
	if (!path) path = "/usr/local/bin:/bin:/usr/bin";
	for (;; path = end + 1) {
		size_t n;
		end = path + strcspn(path, ":");
		n = (size_t)(end - path);
		if (n + strlen(file) + 2 <= sizeof name) {
			memcpy(name, path, n);
			if (n) name[n++] = '/';
			strcpy(name + n, file);
			/* Where status may be had the program is found before the thread is held to less. */
			if (!w.narrows || !(pledge__now.promises & PL(RPATH)) || syscall(SYS_faccessat, -100, name, X_OK) == 0)
				run_script(&w, name, argv, envp);
			if (errno == EACCES)
				denied = 1;
			else if (errno != ENOENT && errno != ENOTDIR)
				return -1;
		}
		if (!*end) break;
	}
	errno = denied ? EACCES : ENOENT;
	return -1;
}

EXPORT int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

EXPORT int fexecve(int fd, char *const argv[], char *const envp[]) {
	char path[32] = "/proc/self/fd/", digits[12];
	int i = 0;
	size_t n = strlen(path);
	if (fd < 0) {
		errno = EINVAL;
		return -1;
	}
	do digits[i++] = (char)('0' + fd % 10);
	while ((fd /= 10) > 0);
	while (i > 0) path[n++] = digits[--i];
	path[n] = 0;
	return execve(path, argv, envp);
}

/* The arguments of the l functions, collected on the stack. */
#define COLLECT(first, args, envp) \
	va_list ap; \
	size_t n = 1, i; \
	va_start(ap, first); \
	while (va_arg(ap, char *)) n++; \
	va_end(ap); \
	char *args[n + 1]; \
	va_start(ap, first); \
	args[0] = (char *)first; \
	for (i = 1; i <= n; i++) args[i] = va_arg(ap, char *); \
	char *const *envp = environ; \
	(void)envp

EXPORT int execl(const char *path, const char *arg, ...) {
	COLLECT(arg, args, envp);
	va_end(ap);
	return execve(path, args, envp);
}

EXPORT int execlp(const char *file, const char *arg, ...) {
	COLLECT(arg, args, envp);
	va_end(ap);
	return execvpe(file, args, envp);
}

EXPORT int execle(const char *path, const char *arg, ...) {
	COLLECT(arg, args, envp);
	envp = va_arg(ap, char *const *);
	va_end(ap);
	return execve(path, args, envp);
}
