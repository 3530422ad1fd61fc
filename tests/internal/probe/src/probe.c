// probe runs a little script of system calls and says how it ended.
//
//	probe 'fd=openat(AT_FDCWD,"/etc/passwd",O_RDONLY); read($fd,@,1)'
//
// A statement is [variable=]name(argument,...), performed as a raw system call;
// names that begin with _ are functions below. An argument is a number, names
// joined by |, "text", $variable, @ (a page of zeros), @+N, or a pointer to an
// object: int:N, ts:NANOSECONDS, in:PORT, in6:PORT, un:PATH, abs:NAME. The
// first statement that fails ends the script; a ? after it lets it fail.
// Printed is "allowed", an errno's name, or what the last function prints.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct name { const char *name; long value; };
static const struct name calls[] = {
#include "calls.inc"
	{0, 0}};
static const struct name constants[] = {
#include "constants.inc"
	{0, 0}};

static const struct name errnos[] = {
#include "errnos.inc"
	{0, 0}};

static const char *errno_name(int e) {
	for (const struct name *n = errnos; n->name; n++)
		if (n->value == e) return n->name;
	return "unknown errno";
}

static char page[1 << 16] __attribute__((aligned(4096)));
static char said[256];
static struct { char name[16]; long value; } vars[32];
static int nvars;

static void finish(const char *what, int status) {
	size_t n = strlen(what);
	syscall(SYS_write, 1, what, n);
	syscall(SYS_exit_group, status);
}

static void usage(const char *what, const char *at) {
	fprintf(stderr, "probe: %s: %s\n", what, at);
	_exit(200);
}

static long find(const struct name *list, const char *s, size_t n) {
	for (; list->name; list++)
		if (strlen(list->name) == n && !strncmp(list->name, s, n)) return list->value;
	usage("unknown name", s);
	return 0;
}

static const char *p; // where the script is read
static socklen_t address_length;

static void blanks(void) { while (isspace(*p)) p++; }

static long word(void) {
	long v = 0;
	do {
		if (*p == '|') p++;
		if (isdigit(*p) || *p == '-') {
			char *end;
			v |= *p == '-' ? strtol(p, &end, 0) : (long)strtoul(p, &end, 0);
			p = end;
			continue;
		}
		const char *s = p;
		while (isalnum(*p) || *p == '_') p++;
		if (p == s) usage("argument", p);
		v |= find(constants, s, p - s);
	} while (*p == '|');
	return v;
}

static long address(const char *s, const char *end) {
	char text[200] = {0};
	memcpy(text, strchr(s, ':') + 1, end - strchr(s, ':') - 1);
	if (!strncmp(s, "in6:", 4)) {
		struct sockaddr_in6 *a = calloc(1, sizeof *a);
		a->sin6_family = AF_INET6, a->sin6_addr = in6addr_loopback, a->sin6_port = htons(atoi(text));
		address_length = sizeof *a;
		return (long)a;
	}
	if (!strncmp(s, "in:", 3)) {
		struct sockaddr_in *a = calloc(1, sizeof *a);
		a->sin_family = AF_INET, a->sin_addr.s_addr = htonl(INADDR_LOOPBACK), a->sin_port = htons(atoi(text));
		address_length = sizeof *a;
		return (long)a;
	}
	struct sockaddr_un *a = calloc(1, sizeof *a);
	a->sun_family = AF_UNIX;
	int abstract = !strncmp(s, "abs:", 4);
	strcpy(a->sun_path + abstract, text);
	address_length = offsetof(struct sockaddr_un, sun_path) + abstract + strlen(text) + !abstract;
	return (long)a;
}

static long argument(void) {
	blanks();
	if (*p == '"') {
		const char *s = ++p;
		while (*p && *p != '"') p++;
		return (long)strndup(s, p++ - s);
	}
	if (*p == '@') {
		p++;
		return (long)page + (*p == '+' ? (p++, word()) : 0);
	}
	if (*p == '$') {
		const char *s = ++p;
		while (isalnum(*p)) p++;
		for (int i = 0; i < nvars; i++)
			if (strlen(vars[i].name) == (size_t)(p - s) && !strncmp(vars[i].name, s, p - s)) return vars[i].value;
		usage("unset variable", s);
	}
	if (!strncmp(p, "len", 3) && !isalnum(p[3])) return p += 3, address_length;
	if (!strncmp(p, "int:", 4)) {
		p += 4;
		int *v = malloc(sizeof *v);
		*v = word();
		return (long)v;
	}
	if (!strncmp(p, "ts:", 3)) {
		p += 3;
		struct timespec *t = calloc(1, sizeof *t);
		t->tv_nsec = word();
		return (long)t;
	}
	for (const char **k = (const char *[]){"in:", "in6:", "un:", "abs:", 0}; *k; k++)
		if (!strncmp(p, *k, strlen(*k))) {
			const char *s = p;
			while (*p && *p != ',' && *p != ')') p++;
			return address(s, p);
		}
	return word();
}

static void *in_thread(void *script);
static long execute(const char *script);
#include "functions.inc"

static long statement(void) {
	char var[16] = "";
	blanks();
	const char *s = p;
	while (isalnum(*p) || *p == '_') p++;
	if (*p == '=') {
		snprintf(var, sizeof var, "%.*s", (int)(p - s), s);
		s = ++p;
		while (isalnum(*p) || *p == '_') p++;
	}
	size_t n = p - s;
	if (*p++ != '(') usage("statement", s);
	long a[6] = {0};
	int count = 0;
	for (blanks(); *p != ')'; blanks()) {
		if (count == 6) usage("too many arguments", s);
		a[count++] = argument();
		blanks();
		if (*p == ',') p++;
		else if (*p != ')') usage("argument", p);
	}
	p++;
	const char *after = p;
	long r = *s == '_' ? function(s, n, a) : syscall(find(calls, s, n), a[0], a[1], a[2], a[3], a[4], a[5]);
	p = after;
	if (*var) {
		strcpy(vars[nvars].name, var);
		vars[nvars++].value = r;
	}
	if (*p == '?') p++, r = 0;
	return r;
}

static long execute(const char *script) {
	for (p = script; blanks(), *p;) {
		if (statement() < 0) return -1;
		blanks();
		if (*p == ';') p++;
	}
	return 0;
}

int main(int argc, char **argv) {
	if (argc != 2) usage("usage", "probe script");
	if (execute(argv[1]) < 0) {
		finish(errno_name(errno), errno);
	}
	finish(*said ? said : "allowed", 0);
}
