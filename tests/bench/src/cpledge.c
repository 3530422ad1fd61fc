/* Prints how many microseconds the first pledge(2) of a process takes. */
#include <stdio.h>
#include <time.h>

#include "pledge.h"

int main(int argc, char **argv) {
	struct timespec a, b;
	clock_gettime(CLOCK_MONOTONIC, &a);
	if (argc > 1 && pledge(argv[1], NULL) != 0) return 1;
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.1f\n", (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3);
	return 0;
}
