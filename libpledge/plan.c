/* What Landlock has to enforce for promises and paths, beside what it does already:
 * internal/layers, for a process that pledges itself and the programs it executes. */
#include "internal.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
enum { ERRATA = 2, SCOPE_ERRATUM = 1 << 1 };

/* Reports whether the signal scope would keep threads of one process apart. */
static int threads_apart(void) {
	long v;
	int e = errno;
	if (pledge__version()->all_threads) return 0;
	v = syscall(SYS_landlock_create_ruleset, NULL, 0, ERRATA);
	errno = e;
	return v < 0 || !(v & SCOPE_ERRATUM);
}

static int has(const struct pl_plan *p, pl_set word) { return (p->words & word) != 0; }

static int empty(const struct pl_plan *p) { return !(p->fs | p->net | p->scoped); }

/* Rights of opening files that no promise gives. */
static uint64_t unpromised(const struct pl_plan *p) {
	return (has(p, PL(RPATH)) ? 0 : LL_READING) | (has(p, PL(WPATH)) ? 0 : LL_WRITING);
}

static int listing(pl_set words) {
	int i, n = 0;
	for (i = 0; i < pledge__known.n; i++) n += (pledge__known.list[i].needs & ~words) == 0;
	return n;
}

static void ports(struct pl_plan *p, const struct pl_version *can) {
	const uint64_t tcp = LL_CONNECT_TCP | LL_BIND_TCP;
	int want = has(p, PL(DNS)) ? NAME_PORTS : NO_PORTS;
	if (has(p, PL(INET)) || !(can->net & tcp) || want <= p->held.tcp) return;
	p->net = tcp;
	if (want == NAME_PORTS) {
		p->net |= can->net & LL_CONNECT_UDP;
		p->connect_names = 1;
	}
	p->held.tcp = want;
}

static void scopes(struct pl_plan *p, const struct pl_version *can) {
	if (!has(p, PL(PROC)) && !threads_apart()) p->scoped |= can->scopes & LL_SCOPE_SIGNAL;
	if (!has(p, PL(UNIX)) || p->falling) p->scoped |= can->scopes & LL_SCOPE_ABSTRACT;
	p->scoped &= ~pledge__now.held.scoped;
}

/* Denies every path but those of the veil and the whitelist. */
static int veil(struct pl_plan *p, const struct pl_version *can) {
	if (!(can->files & LL_TRUNCATE)) return EOPNOTSUPP;
	p->fs = can->files;
	p->held.veiled = 1;
	p->held.listing = listing(p->words);
	return 0;
}

/* Limits reading without rpath to the whitelist and the loader's files, writing without
 * wpath to the whitelist. */
static int list(struct pl_plan *p, uint64_t rights) {
	if (pledge__abi() == 0) return rights & LL_READING ? EOPNOTSUPP : 0;
	if ((p->held.listed & rights) == rights && p->held.listed_for == p->words && !p->falling) return 0;
	p->held.listed |= rights;
	p->held.listed_for = p->words;
	if (p->falling) return 0;
	p->fs |= rights;
	p->listed = 1;
	p->loading = has(p, PL(EXEC)) || p->mode == IN_PLACE;
	p->held.listing = listing(p->words);
	p->held.loaded = p->loading ? pledge__loading.n : 0;
	return 0;
}

/* Takes away the whitelisted files that a veil let through and fewer words do not. */
static int fallen(struct pl_plan *p) {
	uint64_t rights = (LL_READING | LL_WRITING) & ~unpromised(p);
	int n = listing(p->words);
	if (!p->held.veiled || p->falling || rights == 0 || n >= p->held.listing) return 0;
	p->held.listing = n;
	p->fs |= rights;
	if (p->closed) return 0;
	if (pledge__veil.n == 0 && pledge__have_veil() == 2) return EOPNOTSUPP;
	p->fallen = 1;
	return 0;
}

/* A ruleset on files denies links and renames between directories even if it does not
 * speak of them. */
static void referring(struct pl_plan *p, const struct pl_version *can) {
	if (p->fs == 0 || p->falling || !has(p, PL(CPATH)) || !(can->files & LL_REFER)) return;
	p->fs |= LL_REFER;
	p->refer = 1;
}

/* Any domain keeps a program from looking into processes outside of it, so there is
 * always one; the cheapest handles what no promise gives. */
static void domain(struct pl_plan *p, const struct pl_version *can) {
	if (pledge__abi() == 0 || p->held.domains > 0 || !empty(p)) return;
	p->fs = LL_MAKE_CHAR;
	referring(p, can);
}

/* Where no ruleset can be added any more, what the filter refuses as well may stay: ports,
 * and files where no file is whitelisted. */
static int closed(struct pl_plan *p) {
	const struct pl_held *had = &pledge__now.held;
	int none = listing(p->words) == 0 && !has(p, PL(EXEC) | PL(RPATH) | PL(WPATH));
	if (p->held.tcp > had->tcp && has(p, PL(DNS) | PL(UNIX))) return EOPNOTSUPP;
	if (!none && (had->veiled || had->listed & LL_READING) && (p->held.listing < had->listing || p->held.loaded < had->loaded)) return EOPNOTSUPP;
	p->fs = p->net = p->scoped = 0;
	p->held = *had;
	p->no_files = none;
	return 0;
}

static void situations(struct pl_plan *p, pl_set found) {
	p->set = p->words | found | PL_S_UNSUPERVISED;
	if (p->mode == LIBRARY) p->set |= PL_S_LIBRARY;
	if (p->mode == IN_PLACE) p->set |= PL_S_LOADS | PL_S_WHITELISTED;
	if (has(p, PL(EXEC))) p->set |= PL_S_LOADS;
}

/* What the filter may leave to Landlock. */
static void leave(struct pl_plan *p) {
	int reads = (p->held.listed & LL_READING) != 0, writes = (p->held.listed & LL_WRITING) != 0;
	if (p->held.scoped & LL_SCOPE_SIGNAL) p->set |= PL_S_SIGNAL_SCOPE;
	if (p->no_files) return;
	if (reads) p->set |= PL_S_WHITELISTED;
	if ((reads || writes) && (reads || has(p, PL(RPATH))) && (writes || has(p, PL(WPATH)))) p->set |= PL_S_WRITES_LISTED;
}

/* Works out the plan; p->falling says whether the veil falls with it. */
int pledge__plan(struct pl_plan *p, pl_set words, pl_set found, enum pl_mode mode) {
	const struct pl_version *can = pledge__version();
	uint64_t rights;
	int e = 0;
	p->mode = mode;
	p->words = words;
	p->held = pledge__now.held;
	p->closed = mode == LIBRARY && !pledge__can_restrict();
	situations(p, found);
	if (p->closed && p->falling) return EOPNOTSUPP;
	p->lost = rights = unpromised(p);
	ports(p, can);
	scopes(p, can);
	if (p->falling) e = veil(p, can);
	if (e == 0 && rights) e = list(p, rights);
	if (e == 0) e = fallen(p);
	if (e == 0 && pledge__abi() == 0 && pledge__now.ptrace_free && has(p, PL(RPATH) | PL(WPATH))) e = EOPNOTSUPP;
	if (e != 0) return e;
	referring(p, can);
	domain(p, can);
	if (p->closed && !empty(p) && (e = closed(p)) != 0) return e;
	if (!empty(p)) {
		p->held.domains++;
		p->held.scoped |= p->scoped;
	}
	leave(p);
	return 0;
}
