// Stops the terminal that is its standard error, then makes calls of many kinds
// that are refused and logged;
// with the name of a file it makes that and waits.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int main(int n, char **args)
{
	static char name[2000]; // long lines
	for (unsigned i = 0; i < sizeof name; i++)
		name[i] = i % 100 ? '0' : '/';
	if (args[1][0] == 's' && ioctl(2, TCXONC, TCOOFF))
		return 9;
	for (int i = 0; i < atoi(args[2]); i++) {
		snprintf(name, 30, "/nowhere/%020d", i);
		name[29] = args[1][0] == 'p' ? '/' : 0;
		open(name, O_RDONLY);
	}
	if (n > 3) {
		close(creat(args[3], 0600));
		pause();
	}
	return 7;
}
