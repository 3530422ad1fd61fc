// A program that is signalled while it starts. "waits" is to be ended by the
// signal, "ends" is not; "shows" tells what it sees of itself.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
	char line[256];
	if (!strcmp(argv[1], "waits")) {
		sleep(20);
		return 3;
	}
	if (!strcmp(argv[1], "shows")) {
		FILE *f = fopen("/proc/self/status", "r");
		while (f && fgets(line, sizeof line, f))
			if (!strncmp(line, "Sig", 3) && strncmp(line, "SigQ", 4) || !strncmp(line, "ShdPnd", 6) || !strncmp(line, "TracerPid", 9) || !strncmp(line, "Umask", 5))
				fputs(line, stdout);
	}
	return 7;
}
