/* The assembler: promises and situations in, a seccomp program out. */
#ifndef PLEDGE_FILTER_H
#define PLEDGE_FILTER_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t pl_set; /* promises, and situations above them */

struct pl_instruction {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

enum { PL_MOST_INSTRUCTIONS = 4096, PL_MOST_GROUPS = 1024 };

#define PL_KILL 0x80000000u
#define PL_ALLOW 0x7fff0000u
#define PL_ERRNO(e) (0x00050000u | (e))

struct pl_options {
	pl_set set;
	uint32_t violation;
	uint32_t pid, uid;
	const uint32_t *gids;
	unsigned ngids;
	const uint64_t *key; /* three values under which execve passes, or NULL */
};

/* Compiles into out, which has room for PL_MOST_INSTRUCTIONS. Returns how many
 * there are, or -1 if they do not fit. Uses static memory: one call at a time. */
int pledge__compile(const struct pl_options *, struct pl_instruction *out);

#endif
