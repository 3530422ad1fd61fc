// What a program does that is being learned within a ceiling, so that what is
// learned, and written, reaches beyond. The working directory is the ceiling.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// show prints what is in a file, and adds to it.
static void show(const char *what, const char *path)
{
	char b[64] = {0};
	int f = open(path, O_RDWR | O_APPEND);
	if (f < 0)
		f = open(path, O_RDONLY);
	int n = f < 0 ? -1 : (int)read(f, b, sizeof b - 1);
	printf("%s: %s\n", what, n < 0 ? strerror(errno) : b);
	if (n >= 0)
		(void)!write(f, "+", 1);
	if (f >= 0)
		close(f);
}

// usage: learn swap|store|script|plant SECRET [OUT]; SECRET is DIR/s
int main(int c, char **v)
{
	char dir[4096] = {0};
	const char *secret = v[2];
	strncpy(dir, secret, strlen(secret) - 2);
	if (!strcmp(v[1], "swap")) { // a directory that was used is a link the next time
		show("direct", secret);
		show("d/s", "d/s");
		if (!rename("d", "e"))
			printf("link %d\n", symlink(dir, "d"));
	} else if (!strcmp(v[1], "store")) { // files named by their contents stand for the directory above
		show("direct", secret);
		show("ab", "ab/0123456789abcdef0123");
	} else if (!strcmp(v[1], "script")) { // a script has another interpreter when it has run
		show("direct", secret);
		fflush(stdout);
		if (!fork()) {
			execl("./script", "script", (char *)0);
			_exit(1);
		}
		wait(0);
		int f = open("script", O_WRONLY | O_TRUNC);
		dprintf(f, "#!%s\n", secret);
	} else if (!strcmp(v[1], "plant")) { // the output is a link when it is written
		show("direct", secret);
		unlink(v[3]);
		printf("link %d\n", symlink(secret, v[3]));
	} else if (!strcmp(v[1], "plantdir")) { // its directory is
		show("direct", secret);
		rename("d", "e");
		printf("link %d\n", symlink(dir, "d"));
	}
	return 0;
}
