// calls makes system calls that it is told, without a C library, and ends with
// status 3 after the first that answers what it must not, or 0.
//
// Every argument is a list of calls, blanks between: NUMBER, six arguments and
// what has to come, as hexadecimal numbers; an argument pN is the address of
// byte N of a page, laid out by prepare. What has to come is an errno, or * for
// anything.
typedef unsigned long word;
static unsigned char page[8192] __attribute__((aligned(4096)));

#if defined(__x86_64__)
static long call(word n, const word *a) {
	register word r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return r;
}
enum { nr_write = 1, nr_exit_group = 231, nr_socketpair = 53, nr_socket = 41 };
__asm__(".globl _start\n_start: xor %ebp,%ebp\n mov (%rsp),%rdi\n lea 8(%rsp),%rsi\n and $-16,%rsp\n call run\n");
#else
long call(word n, const word *a);
__asm__(".globl call\ncall: push %ebp\n push %ebx\n push %esi\n push %edi\n mov 20(%esp),%eax\n mov 24(%esp),%ebp\n"
	" mov (%ebp),%ebx\n mov 4(%ebp),%ecx\n mov 8(%ebp),%edx\n mov 12(%ebp),%esi\n mov 16(%ebp),%edi\n mov 20(%ebp),%ebp\n"
	" int $0x80\n pop %edi\n pop %esi\n pop %ebx\n pop %ebp\n ret\n");
enum { nr_write = 4, nr_exit_group = 252, nr_socketpair = 360, nr_socket = 359 };
__asm__(".globl _start\n_start: xor %ebp,%ebp\n mov (%esp),%eax\n lea 4(%esp),%edx\n and $-16,%esp\n sub $8,%esp\n push %edx\n push %eax\n call run\n");
#endif

static void put(word at, word v) { *(word *)(page + at) = v; }

static void text(word at, const char *s) { while ((page[at++] = *s++)); }

// prepare lays out what odd arguments point to: names, addresses that lead
// nowhere but to this machine, a message header.
static void prepare(void) {
	text(256, "x");
	text(512, "/tmp/pledge-fuzz-x");
	text(640, "/dev/null");
	page[768] = 2, page[771] = 53, page[772] = 127, page[775] = 1;
	page[1024] = 1, page[1026] = 'x';
	page[1281] = 0, page[1283] = 9, page[1284] = 127, page[1287] = 1;
	put(1536, (word)page + 768), put(1536 + sizeof(word), 16);
	put(1536 + 2 * sizeof(word), (word)page + 2560), put(1536 + 3 * sizeof(word), 1);
	put(2560, (word)page + 3072), put(2560 + sizeof(word), 8);
	put(1792, (word)page + 1024), put(1792 + sizeof(word), 110);
	put(1792 + 2 * sizeof(word), (word)page + 2560), put(1792 + 3 * sizeof(word), 1);
	put(1792 + 4 * sizeof(word), (word)page + 4096), put(1792 + 5 * sizeof(word), 24);
	put(4096, 20), page[4096 + sizeof(word)] = 1, page[4100 + sizeof(word)] = 1;
	for (word i = 2048; i < 2500; i++) page[i] = i * 167 ^ 0xff;
}

static word number(const char **s) {
	word v = 0;
	for (; **s == ' '; ++*s)
		;
	for (int d; **s && **s != ' '; ++*s) {
		d = **s;
		if (d == 'p') {
			++*s;
			return (word)page + number(s);
		}
		v = v << 4 | (d <= '9' ? d - '0' : d - 'a' + 10);
	}
	return v;
}

static void done(word status) {
	word a[6] = {status};
	for (;;) call(nr_exit_group, a);
}

static void report(word index, long r) {
	char out[64];
	int n = sizeof out;
	out[--n] = '\n';
	for (word v = r < 0 ? -r : r, i = 0; i == 0 || v; v /= 10, i++) out[--n] = '0' + v % 10;
	if (r < 0) out[--n] = '-';
	out[--n] = ' ';
	for (word v = index, i = 0; i == 0 || v; v /= 10, i++) out[--n] = '0' + v % 10;
	word a[6] = {2, (word)out + n, sizeof out - n};
	call(nr_write, a);
}

void run(int argc, char **argv) {
	word index = 0;
	word two[6] = {1, 1 | 04000, 0, (word)page + 8000};
	prepare();
	call(nr_socketpair, two); // 3 and 4, if anything
	for (word i = 0; i < 4; i++) {
		word one[6] = {i == 0 ? 2 : i == 1 ? 10 : i == 2 ? 1 : 16, 2 | 04000, 0};
		call(nr_socket, one);
	}
	for (int i = 1; i < argc; i++)
		for (const char *s = argv[i]; *s; index++) {
			word n = number(&s), a[6];
			for (int j = 0; j < 6; j++) a[j] = number(&s);
			while (*s == ' ') s++;
			int any = *s == '*';
			if (any) s++;
			word want = any ? 0 : number(&s);
			while (*s == ' ') s++;
			long r = call(n, a);
			if (!any && r != -(long)want) {
				report(index, r);
				done(3);
			}
		}
	done(0);
}
