/* The assembler of internal/filter, in C: the programs are the same, byte for
 * byte (tests/libpledge). It emits back to front: jumps only go forward, so every
 * target stands already when a jump to it is emitted. No memory is allocated. */
#include "filter.h"

#include "tables_types.h"
#include "tables.h"

enum { LD = 0x20, JEQ = 0x15, JGT = 0x25, JGE = 0x35, JA = 0x05, AND = 0x54, RET = 0x06 };
enum { IN_OP, NOT_IN_OP, OWN_OP };
enum { OWN_PID = 1, OWN_UID = 2 };
enum { ACT_VIOLATE = 1 << 16, ACT_ALLOW, ACT_NOTIFY };
enum { OFF_NR = 0, OFF_ARCH = 4, OFF_ARGS = 16 };
enum { MOST_EMITTED = 8192, MOST_CALLS = 640, MOST_RULES = 1600, MOST_HEADS = 64 };

#define NOSYS PL_ERRNO(38)
#define NO_KEY 0xffffffffu

/* A run of call numbers with one verdict, or one call with conditional rules. */
struct leaf {
	uint32_t from, verdict;
	uint16_t first, end; /* of taking */
};

/* A run with up to two single numbers in it that are decided in another way. */
struct clump {
	uint16_t first, runs;
	uint32_t before;
};

/* Where the code of a rule starts, and where it goes on once its first condition holds. */
struct head {
	const struct pl_cond *cond;
	int start, second;
};

static struct {
	const struct pl_options *o;
	struct pl_instruction code[MOST_EMITTED];
	int n, full;
	const struct pl_rule *taking[MOST_RULES];
	int ntaking;
	struct { uint32_t verdict; int at; } rets[16];
	int nrets;
	struct head heads[MOST_HEADS];
	struct leaf leaves[MOST_CALLS];
	struct clump clumps[MOST_CALLS];
	int nleaves, nclumps;
	uint32_t keyed;
	int16_t places[MOST_EMITTED];
	uint64_t own[1 + 65536 / 16];
} A;

static int emit(uint16_t op, uint32_t k, uint8_t jt, uint8_t jf) {
	if (A.n == MOST_EMITTED) {
		A.full = 1;
		return 0;
	}
	A.code[A.n].code = op;
	A.code[A.n].k = k;
	A.code[A.n].jt = jt;
	A.code[A.n].jf = jf;
	return A.n++;
}

static int skip(int to) { return A.n - to - 1; }

static int ret(uint32_t v) {
	int i;
	for (i = 0; i < A.nrets; i++) {
		if (A.rets[i].verdict != v) continue;
		if (skip(A.rets[i].at) > 200) A.rets[i].at = emit(RET, v, 0, 0);
		return A.rets[i].at;
	}
	if (i == (int)(sizeof A.rets / sizeof A.rets[0])) {
		A.full = 1;
		return 0;
	}
	A.rets[i].verdict = v;
	A.rets[i].at = emit(RET, v, 0, 0);
	A.nrets++;
	return A.rets[i].at;
}

/* A label within reach of a conditional jump up to two instructions from now. */
static int near(int to) {
	if (skip(to) <= 250) return to;
	if (A.code[to].code == RET) return ret(A.code[to].k);
	return emit(JA, (uint32_t)skip(to), 0, 0);
}

static int jump(uint16_t op, uint32_t k, int yes, int no) {
	yes = near(yes);
	no = near(no);
	return emit(op, k, (uint8_t)skip(yes), (uint8_t)skip(no));
}

static int load(uint32_t off) { return emit(LD, off, 0, 0); }

static uint32_t verdict(uint32_t action) {
	switch (action) {
	case ACT_ALLOW:
		return PL_ALLOW;
	case ACT_VIOLATE:
	case ACT_NOTIFY:
		return A.o->violation;
	}
	return PL_ERRNO(action);
}

/* Three or more values that follow each other are a range. */
static int chain(uint32_t mask, const uint64_t *values, int n, int yes, int no) {
	int at = no, i, j, in;
	for (i = n - 1; i >= 0; i--) {
		for (j = i; j > 0 && ((uint32_t)values[j - 1] & mask) + 1 == ((uint32_t)values[j] & mask); j--)
			;
		if (i - j < 2) {
			at = jump(JEQ, (uint32_t)values[i] & mask, yes, at);
			continue;
		}
		in = jump(JGT, (uint32_t)values[i] & mask, at, yes);
		at = jump(JGE, (uint32_t)values[j] & mask, in, at);
		i = j;
	}
	return at;
}

static int ascending(uint32_t mask, const uint64_t *values, int n) {
	int i;
	for (i = 1; i < n; i++)
		if (((uint32_t)values[i] & mask) <= ((uint32_t)values[i - 1] & mask)) return 0;
	return 1;
}

/* A long list in ascending order is cut in stretches, of which one is looked through. */
static int any_of(uint32_t mask, const uint64_t *values, int n, int yes, int no) {
	enum { STRETCH = 8 };
	int from, at, here;
	if (n <= 2 * STRETCH || !ascending(mask, values, n)) return chain(mask, values, n, yes, no);
	from = (n - 1) / STRETCH * STRETCH;
	at = chain(mask, values + from, n - from, yes, no);
	for (; from > 0; from -= STRETCH) {
		here = chain(mask, values + from - STRETCH, STRETCH, yes, no);
		at = jump(JGE, (uint32_t)values[from] & mask, at, here);
	}
	return at;
}

/* Skips loading what the accumulator holds already. */
static int loaded(int to, uint32_t off, uint32_t mask) {
	if (A.code[to].code != LD || A.code[to].k != OFF_ARGS + off) return to;
	if (mask == 0xffffffffu) return to - 1;
	if (A.code[to - 1].code == AND && A.code[to - 1].k == mask) return to - 2;
	return to;
}

/* Compares one 32-bit word of the arguments with any of the values. */
static int word(uint32_t off, uint32_t mask, const uint64_t *values, int n, int yes, int no) {
	yes = loaded(yes, off, mask);
	no = loaded(no, off, mask);
	any_of(mask, values, n, yes, no);
	if (mask != 0xffffffffu) emit(AND, mask, 0, 0);
	return load(OFF_ARGS + off);
}

/* The values of a condition; those of the process itself are put together. */
static const uint64_t *resolve(const struct pl_cond *c, int *n) {
	unsigned i;
	*n = c->values;
	if (c->op != OWN_OP) return pl_values + c->value;
	switch (pl_values[c->value]) {
	case OWN_PID:
		A.own[0] = A.o->pid;
		*n = 1;
		return A.own;
	case OWN_UID:
		A.own[0] = 0xffffffffu;
		A.own[1] = A.o->uid;
		*n = 2;
		return A.own;
	}
	A.own[0] = 0xffffffffu;
	for (i = 0; i < A.o->ngids && i + 1 < sizeof A.own / sizeof A.own[0]; i++)
		A.own[i + 1] = A.o->gids[i];
	*n = (int)i + 1;
	return A.own;
}

static int cond(const struct pl_cond *c, int yes, int no) {
	const uint64_t *values;
	uint32_t lo = (uint32_t)c->mask, hi = (uint32_t)(c->mask >> 32);
	int n, i, at, low;
	uint64_t v, high;
	if (c->op == NOT_IN_OP) {
		at = yes;
		yes = no;
		no = at;
	}
	values = resolve(c, &n);
	if (hi == 0) return word(c->arg * 8u, lo, values, n, yes, no);
	/* Both halves: one value at a time, the high word first. */
	at = no;
	for (i = n - 1; i >= 0; i--) {
		v = values[i] & c->mask;
		high = v >> 32;
		low = word(c->arg * 8u, lo, &v, 1, yes, at);
		at = word(c->arg * 8u + 4, hi, &high, 1, low, at);
	}
	return at;
}

/* Reports whether c compares the whole low word with constants. */
static int exact(const struct pl_cond *c) { return c->op == IN_OP && c->mask == 0xffffffffu; }

static uint32_t first_value(const struct pl_cond *c) { return (uint32_t)pl_values[c->value]; }

static int comparable(const struct pl_cond *c, const struct head *h) {
	return exact(c) && c->values == 1 && h->cond && exact(h->cond) && h->cond->arg == c->arg;
}

/* Where to go on when c holds, but its rule does not. */
static int agreeing(const struct pl_cond *c, int later, int end) {
	int i, j;
	for (i = later - 1; i >= 0; i--) {
		const struct head *h = &A.heads[i];
		if (!comparable(c, h)) return h->start;
		for (j = 0; j < h->cond->values; j++)
			if ((uint32_t)pl_values[h->cond->value + j] == first_value(c)) return h->second;
	}
	return end;
}

/* Where to go on when c does not hold: not to rules that want the same. */
static int differing(const struct pl_cond *c, int later, int end) {
	int i;
	for (i = later - 1; i >= 0; i--) {
		const struct head *h = &A.heads[i];
		if (!comparable(c, h) || h->cond->values != 1 || first_value(h->cond) != first_value(c)) return h->start;
	}
	return end;
}

/* The rules of one call, the last first. */
static int block(int first, int end_rule) {
	int end = ret(A.o->violation), next = end, later = 0, i, j, no;
	for (i = end_rule - 1; i >= first; i--) {
		const struct pl_rule *r = A.taking[i];
		const struct pl_cond *when = pl_conds + r->cond;
		struct head h;
		h.cond = 0;
		h.second = h.start = ret(verdict(r->action));
		for (j = r->conds - 1; j >= 0; j--) {
			if (j == 0) {
				h.cond = when;
				h.second = h.start;
				no = differing(h.cond, later, end);
			} else {
				no = agreeing(when, later, end);
			}
			h.start = cond(when + j, h.start, no);
		}
		next = h.start;
		if (later == MOST_HEADS) {
			A.full = 1;
			return next;
		}
		A.heads[later++] = h;
	}
	return next;
}

static int key(int no) {
	int at = ret(PL_ALLOW), i;
	for (i = 2; i >= 0; i--) {
		uint64_t low = A.o->key[i] & 0xffffffffu, high = A.o->key[i] >> 32;
		at = word((3u + (unsigned)i) * 8, 0xffffffffu, &low, 1, at, no);
		at = word((3u + (unsigned)i) * 8 + 4, 0xffffffffu, &high, 1, at, no);
	}
	return at;
}

static int plain(const struct leaf *l) { return l->first == l->end && l->from != A.keyed; }

/* Selects the rules of a call that take part. What the first of them decides
 * whatever the arguments stays in the kernel's bitmap of calls that cost nothing. */
static void applying(struct leaf *l, const struct pl_rule *r, int n) {
	int from = A.ntaking;
	for (; n > 0; n--, r++) {
		if ((r->needs & ~A.o->set) || (r->unless & A.o->set)) continue;
		if (r->conds == 0 && A.ntaking == from) {
			l->verdict = verdict(r->action);
			return;
		}
		if (A.ntaking == MOST_RULES) {
			A.full = 1;
			return;
		}
		A.taking[A.ntaking++] = r;
		if (r->conds == 0) break;
	}
	if (A.ntaking == from) {
		l->verdict = A.o->violation;
		return;
	}
	l->verdict = 0;
	l->first = (uint16_t)from;
	l->end = (uint16_t)A.ntaking;
}

/* The runs in ascending order: what is newer than the tables does not exist. */
static void make_leaves(void) {
	const struct pl_rule *r = pl_rules;
	int calls = PL_NEWEST + 2, i, n = 1;
	size_t g;
	for (i = 0; i < calls; i++) {
		A.leaves[i].from = (uint32_t)i;
		A.leaves[i].verdict = NOSYS;
		A.leaves[i].first = A.leaves[i].end = 0;
	}
	for (g = 0; g < sizeof pl_groups / sizeof pl_groups[0]; g++) {
		if (pl_groups[g].number >= 0) applying(&A.leaves[pl_groups[g].number], r, pl_groups[g].rules);
		r += pl_groups[g].rules;
	}
	A.keyed = A.o->key ? PL_EXECVE : NO_KEY;
	if (PL_X32) {
		A.leaves[calls].from = PL_X32;
		A.leaves[calls].verdict = PL_KILL;
		A.leaves[calls].first = A.leaves[calls].end = 0;
		calls++;
	}
	for (i = 1; i < calls; i++)
		if (A.leaves[i].verdict != A.leaves[n - 1].verdict || !plain(&A.leaves[i]) || !plain(&A.leaves[n - 1]))
			A.leaves[n++] = A.leaves[i];
	A.nleaves = n;
}

/* Reports whether next is a single number and then more of the run. */
static int single(const struct leaf *run, const struct leaf *next) {
	return next[1].verdict == run->verdict && next[1].from == next[0].from + 1 && plain(run) && plain(&next[1]);
}

/* The weight is how many numbers there are; one whose arguments are looked at counts more. */
static void make_clumps(void) {
	uint32_t weight = 0;
	int i, j, n, made = 0;
	for (i = 0; i < A.nleaves; i += n) {
		n = 1;
		while (n < 5 && i + n + 1 < A.nleaves && single(&A.leaves[i], &A.leaves[i + n])) n += 2;
		A.clumps[made].first = (uint16_t)i;
		A.clumps[made].runs = (uint16_t)n;
		A.clumps[made++].before = weight;
		for (j = i; j < i + n; j++)
			if (!plain(&A.leaves[j])) weight += 4;
		if (i + n < A.nleaves && A.leaves[i + n].from < 0x40000000u) weight += A.leaves[i + n].from - A.leaves[i].from;
	}
	A.clumps[made].first = A.clumps[made].runs = 0;
	A.clumps[made].before = weight;
	A.nclumps = made + 1;
}

/* Where the weights on both sides are nearest to each other. */
static int middle(int low, int high) {
	uint32_t half = (A.clumps[low].before + A.clumps[high].before) / 2;
	int from = low + 1, to = high - 1, m;
	while (from < to) {
		m = (from + to) / 2;
		if (A.clumps[m].before < half)
			from = m + 1;
		else
			to = m;
	}
	if (from - 1 > low && half - A.clumps[from - 1].before < A.clumps[from].before - half) return from - 1;
	return from;
}

static int decide(const struct leaf *l) {
	int at = l->first == l->end ? ret(l->verdict) : block(l->first, l->end);
	return l->from == A.keyed ? key(at) : at;
}

/* A binary search over the clumps; the accumulator holds the number. */
static int dispatch(int low, int high) {
	int mid, right, left, at, i, first;
	if (high - low == 1) {
		first = A.clumps[low].first;
		at = decide(&A.leaves[first]);
		for (i = first + A.clumps[low].runs - 2; i > first; i -= 2)
			at = jump(JEQ, A.leaves[i].from, decide(&A.leaves[i]), at);
		return at;
	}
	mid = middle(low, high);
	right = dispatch(mid, high);
	left = dispatch(low, mid);
	return jump(JGE, A.leaves[A.clumps[mid].first].from, right, left);
}

static int prelude(int body) {
	int at, other;
	if (skip(body) > 0) emit(JA, (uint32_t)skip(body), 0, 0);
	at = load(OFF_NR);
	other = ret(PL_KILL);
	jump(JEQ, PL_AUDIT, at, other);
	return load(OFF_ARCH);
}

/* Says where each instruction will stand, -1 for what no path reaches. */
static int place(int start) {
	int at, n = 0;
	for (at = 0; at < A.n; at++) A.places[at] = 0;
	A.places[start] = 1;
	for (at = start; at >= 0; at--) {
		const struct pl_instruction *in = &A.code[at];
		if (A.places[at] != 1) {
			A.places[at] = -1;
			continue;
		}
		if (in->code == JA) {
			A.places[at - 1 - (int)in->k] = 1;
		} else if ((in->code & 7) == 5) {
			A.places[at - 1 - in->jt] = 1;
			A.places[at - 1 - in->jf] = 1;
		} else if (in->code != RET) {
			A.places[at - 1] = 1;
		}
		A.places[at] = (int16_t)n++;
	}
	return n;
}

/* Turns the emitted code around and leaves out what is never reached. */
static int program(int start, struct pl_instruction *out) {
	int at, i, n = place(start);
	if (n > PL_MOST_INSTRUCTIONS) return -1;
	for (at = start; at >= 0; at--) {
		struct pl_instruction in = A.code[at];
		if ((i = A.places[at]) < 0) continue;
		if (in.code == JA) {
			in.k = (uint32_t)(A.places[at - 1 - (int)in.k] - i - 1);
		} else if ((in.code & 7) == 5) {
			in.jt = (uint8_t)(A.places[at - 1 - in.jt] - i - 1);
			in.jf = (uint8_t)(A.places[at - 1 - in.jf] - i - 1);
		}
		out[i] = in;
	}
	return n;
}

int pledge__compile(const struct pl_options *o, struct pl_instruction *out) {
	int start;
	A.o = o;
	A.n = A.full = A.ntaking = A.nrets = 0;
	make_leaves();
	if (A.full) return -1;
	make_clumps();
	start = dispatch(0, A.nclumps - 1);
	start = prelude(start);
	return A.full ? -1 : program(start, out);
}
