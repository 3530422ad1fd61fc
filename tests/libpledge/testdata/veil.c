/* Unveils PATH PERMISSIONS pairs, pledges, and says of each path that standard input
 * names whether it can be read and written: 0 to 3. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pledge.h"

static char names[512][512];

int main(int argc, char **argv) {
	int i, n = 0, r, w;
	while (n < 512 && fgets(names[n], sizeof names[n], stdin)) {
		names[n][strcspn(names[n], "\n")] = 0;
		n++;
	}
	for (i = 1; i + 1 < argc; i += 2)
		if (unveil(argv[i], argv[i + 1]) != 0) {
			perror(argv[i]);
			return 1;
		}
	if (pledge("stdio rpath wpath cpath", NULL) != 0) {
		perror("pledge");
		return 1;
	}
	for (i = 0; i < n; i++) {
		r = open(names[i], O_RDONLY);
		w = open(names[i], O_WRONLY);
		printf("%d", (r >= 0) | (w >= 0) << 1);
		if (r >= 0) close(r);
		if (w >= 0) close(w);
	}
	return 0;
}
