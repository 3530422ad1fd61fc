/* Compiles filters for a test: each line of standard input is the set, the
 * verdict of violations, 1 for a key, the process id, the user id and group ids;
 * each line of standard output is the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

static struct pl_instruction out[PL_MOST_INSTRUCTIONS];

int main(void) {
	static const uint64_t key[3] = {UINT64_C(0x1122334455667788), UINT64_C(0x99aabbccddeeff00), UINT64_C(0x0123456789abcdef)};
	static char line[65536];
	uint32_t gids[1024];
	while (fgets(line, sizeof line, stdin)) {
		struct pl_options o;
		char *s = line;
		int i, n;
		memset(&o, 0, sizeof o);
		o.set = strtoull(s, &s, 16);
		o.violation = (uint32_t)strtoul(s, &s, 16);
		o.key = strtol(s, &s, 10) ? key : NULL;
		o.pid = (uint32_t)strtoul(s, &s, 10);
		o.uid = (uint32_t)strtoul(s, &s, 10);
		for (;;) {
			char *end;
			unsigned long g = strtoul(s, &end, 10);
			if (end == s) break;
			gids[o.ngids++] = (uint32_t)g;
			s = end;
		}
		o.gids = gids;
		n = pledge__compile(&o, out);
		for (i = 0; i < n; i++)
			printf("%04x%02x%02x%08x", out[i].code, out[i].jt, out[i].jf, (unsigned)out[i].k);
		puts(n < 0 ? "too long" : "");
	}
	return 0;
}
