/* What agents and password managers do first: nobody may look at their memory. Then
 * ordinary work. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
	setvbuf(stdout, 0, _IOLBF, 0);
	printf("prctl %d\n", prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	int fd = open("/etc/hostname", O_RDONLY);
	printf("open %s\n", fd < 0 ? strerror(errno) : "ok");
	int made = mkdir("made", 0700);
	printf("mkdir %s\n", made < 0 ? strerror(errno) : "ok");
	if (!made) rmdir("made");
	return 0;
}
