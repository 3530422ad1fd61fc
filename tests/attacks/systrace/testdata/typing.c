// Requests of ioctl that type into a terminal's input or take it over, each
// made in several ways. A line says what became of it: 0, or the error.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static struct { const char *name; unsigned long request; } requests[] = {
	{"TIOCSTI", 0x5412}, {"TIOCSETD", 0x5423}, {"TIOCLINUX", 0x541c}, {"TIOCCONS", 0x541d},
	{"KDSKBENT", 0x4b47}, {"KDSKBSENT", 0x4b49}, {"KDSKBDIACR", 0x4b4b}, {"KDSETKEYCODE", 0x4b4d}, {"KDSKBDIACRUC", 0x4bfb},
};
static int argument; // N_TTY for TIOCSETD
static char typed = 'z';

static sigjmp_buf back;

static void fault(int sig)
{
	(void)sig;
	siglongjmp(back, 1); // this kernel has no calls of i386
}

static void say(const char *way, const char *name, int error)
{
	char line[100];
	write(1, line, snprintf(line, sizeof line, "%s %s: %d.\n", way, name, error));
}

// With an argument only the first two are made, which change nothing that lasts.
int main(int n_args, char **args)
{
	unsigned count = n_args > 1 ? 2 : sizeof requests / sizeof *requests;
	struct termios t;
	signal(SIGSEGV, fault);
	say("call", "TCGETS", tcgetattr(0, &t) ? errno : 0); // isatty
	for (volatile unsigned i = 0; i < count; i++) {
		void *p = requests[i].request == 0x5412 ? (void *)&typed : (void *)&argument;
		unsigned long n = requests[i].request;
		if (i >= 4) p = 0; // whoever may would change the keyboard
		say("call", requests[i].name, syscall(SYS_ioctl, 0L, n, p) ? errno : 0);
#ifdef __x86_64__
		say("high", requests[i].name, syscall(SYS_ioctl, 0L, 0xdead00000000 | n, p) ? errno : 0);
		if (sigsetjmp(back, 1)) continue;
		long r;
		__asm__ volatile("int $0x80" : "=a"(r) : "a"(54), "b"(0), "c"(n), "d"(p) : "memory", "r8", "r9", "r10", "r11");
		say("i386", requests[i].name, -(int)r);
#endif
	}
	say("end", "all", 0);
	return 0;
}
