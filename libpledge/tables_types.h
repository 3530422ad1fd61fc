/* What tables.h, which is generated, is made of. */
#ifndef PLEDGE_TABLES_TYPES_H
#define PLEDGE_TABLES_TYPES_H

#include "filter.h"

#if defined(PLEDGE_TABLES_ARM64) || (defined(__aarch64__) && !defined(PLEDGE_TABLES_AMD64))
#define PL_NR(amd64, arm64) (arm64)
#define PL_X32 0
#elif defined(__x86_64__) && !defined(__ILP32__)
#define PL_NR(amd64, arm64) (amd64)
#define PL_X32 0x40000000u
#else
#error "libpledge knows x86_64 and aarch64"
#endif

struct pl_group {
	int16_t number;
	uint8_t rules;
};

struct pl_rule {
	pl_set needs, unless;
	uint32_t action;
	uint16_t cond;
	uint8_t conds;
};

struct pl_cond {
	uint64_t mask;
	uint16_t value;
	uint16_t values;
	uint8_t arg, op;
};

struct pl_file {
	pl_set needs;
	const char *path;
	uint8_t below, write;
};

struct pl_version {
	uint64_t files, net, scopes;
	uint8_t all_threads;
};

#endif
