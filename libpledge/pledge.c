/* pledge(2) and unveil(2). */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pledge.h"

#define EXPORT __attribute__((visibility("default")))

enum { MOST_WORDS = 1024, MOST_PATH = 4096, MOST_GROUPS = 4096, SET_FILTER = 1, TSYNC_FILTER = 1, TOO_MANY = 2 };

struct pl_state pledge__now;

/* Copies a string once; what is judged is the copy. An address that cannot be read is
 * EFAULT: the kernel is asked for each page of it, by a call that changes nothing. */
static int copy(const char *from, char *to, size_t size) {
	size_t i;
	for (i = 0; i < size; i++) {
		uintptr_t at = (uintptr_t)from + i;
		if (at < 4096) return EFAULT; /* to the kernel 0 is none, not an address */
		if (i == 0 || (at & 7) == 0) {
			if (syscall(SYS_rt_sigprocmask, 1000, at & ~(uintptr_t)7, NULL, 8) != 0 && errno == EFAULT) return EFAULT;
		}
		if ((to[i] = *(const volatile char *)(from + i)) == 0) return 0;
	}
	return ENAMETOOLONG;
}

static int find(const char *word, size_t n, pl_set *set) {
	static const char *const words[] = {PL_WORDS};
	size_t i;
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strlen(words[i]) != n || memcmp(words[i], word, n) != 0) continue;
		*set |= UINT64_C(1) << i;
		return 0;
	}
	return EINVAL;
}

/* Words separated by spaces; no space before the first. */
static int parse(const char *from, pl_set *set) {
	static char text[MOST_WORDS + 1];
	const char *s = text;
	size_t n;
	int e = copy(from, text, sizeof text);
	if (e != 0) return e;
	if (*s == ' ') return EINVAL;
	for (*set = 0; *s; s += n) {
		s += strspn(s, " ");
		n = strcspn(s, " ");
		if (n && (e = find(s, n, set)) != 0) return e;
	}
	return 0;
}

/* Reports whether an executed program is to have less than its caller. */
int pledge__exec_narrows(const struct pl_state *s) {
	return s->pledged && s->exec_set && s->promises & PL(EXEC) && (s->promises & ~PL(ERROR)) & ~s->exec;
}

/* Reads both strings, and checks that they take nothing back. */
static int request(struct pl_state *r, const char *words, const char *execwords) {
	pl_set set = r->promises, exec = r->exec;
	int e;
	if (words && (e = parse(words, &set)) != 0) return e;
	if (execwords && (e = parse(execwords, &exec)) != 0) return e;
	if (r->pledged && set & ~r->promises) {
		if (!(r->promises & PL(ERROR))) return EPERM;
		set &= r->promises;
	}
	if (r->exec_set && exec & ~r->exec) return EPERM;
	if (!words && !r->pledged) return EOPNOTSUPP; /* nothing could hold a program to them */
	r->pledged = 1;
	r->promises = set;
	r->exec = exec;
	r->exec_set |= execwords != NULL;
	return 0;
}

/* Whether the kernel takes filters; it is given none. */
static int filters_taken(void) {
	syscall(SYS_seccomp, SET_FILTER, TSYNC_FILTER, NULL);
	if (errno == EFAULT || errno == EACCES) return 0;
	return errno == ENOSYS || errno == EINVAL ? EOPNOTSUPP : errno;
}

static uint32_t gids[MOST_GROUPS + 1];
static struct pl_instruction code[PL_MOST_INSTRUCTIONS];

/* Compiles the filter of a plan. Returns its length, or 0 and errno. */
static int compile(const struct pl_plan *p, const uint64_t *key) {
	struct pl_options o;
	int n = (int)syscall(SYS_getgroups, MOST_GROUPS, gids + 1);
	o.set = p->set;
	o.violation = p->words & PL(ERROR) ? PL_ERRNO(ENOSYS) : PL_KILL;
	o.pid = (uint32_t)syscall(SYS_getpid);
	o.uid = geteuid();
	gids[0] = getegid();
	o.gids = gids;
	o.ngids = n < 0 ? 1 : (unsigned)n + 1;
	o.key = key;
	n = pledge__compile(&o, code);
	if (n > 0) return n;
	errno = E2BIG;
	return 0;
}

/* Puts a compiled filter in force, for this thread or all. */
static int load(int n, int all) {
	struct { unsigned short n; const struct pl_instruction *code; } program;
	long tid;
	program.n = (unsigned short)n;
	program.code = code;
	tid = syscall(SYS_seccomp, SET_FILTER, all ? TSYNC_FILTER : 0, &program);
	if (tid < 0) return errno;
	return tid > 0 ? EBUSY : 0; /* a thread with filters of its own */
}

static int empty(const struct pl_plan *p) { return !(p->fs | p->net | p->scoped); }

/* Puts a plan in force: Landlock, then the filter, when both are ready. */
static int enforce(const struct pl_plan *p, const uint64_t *key, const char *program, int filtered) {
	int all = p->mode == LIBRARY, fd = -1, e, n = 0;
	if (filtered && (e = filters_taken()) != 0) return e;
	if (filtered && (n = compile(p, key)) == 0) return errno;
	if (!empty(p) && (fd = pledge__ruleset(p, program)) < 0) return errno;
	e = pledge__restrict(fd, all);
	if (fd >= 0) pl_close(fd);
	return e == 0 && filtered ? load(n, all) : e;
}

/* The situations that are this process's own. */
static pl_set found(const struct pl_state *r) {
	pl_set s = r->sockets;
	if (pledge__exec_narrows(r)) s |= PL_S_EXEC_REFUSED;
	if (r->net_admin) s |= PL_S_NET_ADMIN;
	if (r->veil_asked && pledge__create_only()) s |= PL_S_CREATE_ONLY;
	return s;
}

static int random_key(uint64_t key[3]) {
	if (key[0] | key[1] | key[2]) return 0;
	return syscall(SYS_getrandom, key, 24, 0) == 24 ? 0 : EIO;
}

/* Opens what rulesets are made of. A process that will hold no rpath opens now what
 * later ones can need. */
static int look(struct pl_state *r) {
	pl_set words = r->promises;
	int e, keep = !(words & PL(RPATH));
	if (pledge__now.pinned) return 0;
	if ((e = pledge__look_known(words, keep)) != 0 || !keep) return e;
	r->pinned = 1;
	if (words & PL(EXEC) && (e = pledge__look_loading(1)) != 0) return e;
	if (words & PL(CPATH) && !r->inherited_filter) {
		int fd = pl_open("/", O_PATH | O_CLOEXEC);
		int high = fd < 0 ? -1 : pl_fcntl(fd, F_DUPFD_CLOEXEC, 200);
		if (high >= 0) {
			pl_close(fd);
			fd = high;
		}
		if (pledge__keep(&pledge__root, fd) != 0) return EMFILE;
	}
	if (r->veil_asked && !r->blocked && words & PL(UNVEIL)) {
		e = pledge__pin_veil();
		if (e == E2BIG) r->veil_asked = TOO_MANY;
		else if (e != 0) return e;
	}
	return 0;
}

/* Closes what was opened, but for pins of a pledge that succeeded. */
static void close_looked(int kept) {
	if (kept || pledge__now.pinned) return;
	pledge__unpin(&pledge__known);
	pledge__unpin(&pledge__loading);
	if (pledge__root.fd >= 0) pl_close(pledge__root.fd);
	pledge__root.fd = -1;
}

/* Makes the veil fall with a plan: 1, or 2 if it is too much to be pinned. */
static int fall(struct pl_state *r, struct pl_plan *p) {
	int e;
	r->blocked = 1;
	if (!r->veil_asked) return 0;
	p->falling = 1;
	if (pledge__now.pinned && pledge__veil.n == 0 && r->veil_asked == TOO_MANY) return EOPNOTSUPP;
	if (pledge__now.pinned || pledge__veil.n > 0) return 0;
	if ((e = pledge__pin_veil()) == E2BIG) {
		r->veil_asked = TOO_MANY;
		p->falling = 2;
		return 0;
	}
	return e;
}

/* Looks at what cannot be looked at once there is a filter. */
static int first_look(struct pl_state *r) {
	if (!pledge__now.pledged && r->held.domains == 0) {
		r->inherited_filter = pledge__now.inherited_filter = pledge__under_filter();
		if (pledge__rings()) return EBUSY;
	}
	if (pledge__now.pledged) return 0;
	r->net_admin = pledge__net_admin();
	r->ptrace_free = pledge__now.ptrace_free = pledge__abi() == 0 && (r->inherited_filter || pledge__ptrace_free());
	return 0;
}

/* Under a veil that lets something be executed the loader's files are looked up, too. */
static int look_executed(const struct pl_state *r, pl_set words) {
	if (!(words & PL(EXEC)) || pledge__loading.n > 0 || r->inherited_filter) return 0;
	return pledge__look_loading(0);
}

static int change(struct pl_state *r) {
	static struct pl_plan p;
	const uint64_t *key = NULL;
	int e;
	memset(&p, 0, sizeof p);
	r->sockets |= pledge__sockets(r->promises);
	if ((e = look(r)) != 0) return e;
	if (!(r->promises & PL(UNVEIL)) && !r->blocked && (e = fall(r, &p)) != 0) return e;
	if (p.falling && (e = look_executed(r, r->promises)) != 0) return e;
	if (pledge__exec_narrows(r)) {
		if ((e = random_key(r->key)) != 0) return e;
		key = r->key;
	}
	if ((e = pledge__plan(&p, r->promises, found(r), LIBRARY)) != 0) return e;
	if ((e = enforce(&p, key, NULL, 1)) != 0) return e;
	r->held = p.held;
	r->filters++;
	return 0;
}

static int same(const struct pl_state *a, const struct pl_state *b) {
	return a->pledged == b->pledged && a->promises == b->promises && a->exec == b->exec && a->exec_set == b->exec_set;
}

static int pledge_locked(const char *words, const char *execwords) {
	struct pl_state r;
	int e, veil = pledge__veil.n;
	if (!words && !execwords) return 0;
	r = pledge__now;
	if ((e = request(&r, words, execwords)) != 0) return e;
	if (same(&r, &pledge__now)) return 0;
	if ((e = first_look(&r)) != 0) return e;
	e = change(&r);
	close_looked(e == 0 && r.pinned);
	if (e == 0)
		pledge__now = r;
	else if (pledge__veil.n > veil)
		pledge__unpin(&pledge__veil);
	return e;
}

static int leave(int e, uint64_t mask, int before) {
	pledge__leave(mask);
	errno = e ? e : before;
	return e ? -1 : 0;
}

EXPORT int pledge(const char *promises, const char *execpromises) {
	uint64_t mask;
	int before = errno, e = pledge__enter(&mask);
	if (e != 0) {
		errno = e;
		return -1;
	}
	e = pledge__is_shared() ? EOPNOTSUPP : pledge_locked(promises, execpromises);
	return leave(e, mask, before);
}

/* Makes a call that nothing admits: unveiling without the word is a violation. */
int pledge__violate(void) {
	syscall(SYS_kcmp, 0, 0, 0, 0, 0);
	return errno;
}

/* Enforces the veil as it is. Nothing can be unveiled from then on. */
static int block(void) {
	static struct pl_plan p;
	struct pl_state r = pledge__now;
	int e;
	if (r.blocked) return 0;
	memset(&p, 0, sizeof p);
	if (!r.veil_asked) {
		pledge__now.blocked = 1;
		return 0;
	}
	if ((e = first_look(&r)) != 0) return e;
	if (r.pledged && !r.pinned && (e = pledge__look_known(r.promises, 0)) != 0) return e;
	if ((e = fall(&r, &p)) == 0) e = look_executed(&r, r.pledged ? r.promises : PL_EVERYTHING);
	if (e == 0) e = pledge__plan(&p, r.pledged ? r.promises : PL_EVERYTHING, 0, LIBRARY);
	if (e == 0) e = enforce(&p, NULL, NULL, 0);
	close_looked(0);
	if (e != 0) return e;
	r.held = p.held;
	pledge__now = r;
	return 0;
}

static int permissions(const char *from, unsigned *perms) {
	char text[6];
	const char *s;
	int e = copy(from, text, 5);
	if (e != 0) return e;
	for (*perms = 0, s = text; *s; s++) {
		const char *at = strchr("rwxc", *s);
		if (!at) return EINVAL;
		*perms |= 1u << (at - "rwxc");
	}
	return 0;
}

static int unveil_locked(const char *path, const char *perms) {
	static char name[MOST_PATH];
	unsigned p;
	int e;
	if (pledge__now.pledged && !(pledge__now.promises & PL(UNVEIL))) return pledge__violate();
	if (!path && !perms) return block();
	if (!path || !perms) return EFAULT;
	if (pledge__now.blocked) return EPERM;
	if ((e = copy(path, name, sizeof name)) != 0 || (e = permissions(perms, &p)) != 0) return e;
	/* From here on something is hidden, even if this path is not shown: whoever overlooks
	 * the error sees less, and not all. */
	if (!pledge__now.veil_asked) pledge__now.veil_asked = 1;
	if (!name[0]) return EINVAL;
	if (pledge__abi() == 0) return EOPNOTSUPP;
	if (pledge__now.pledged && !(pledge__now.promises & PL(RPATH))) return EPERM;
	return pledge__collect(name, p);
}

EXPORT int unveil(const char *path, const char *permissions) {
	uint64_t mask;
	int before = errno, e = pledge__enter(&mask);
	if (e != 0) {
		errno = e;
		return -1;
	}
	e = pledge__is_shared() ? EOPNOTSUPP : unveil_locked(path, permissions);
	return leave(e, mask, before);
}

/* Holds this thread to what the program that it is about to execute may, and returns the
 * key under which it is executed. */
int pledge__before_exec(const char *program, uint64_t key[3]) {
	static struct pl_plan p;
	const struct pl_state *s = &pledge__now;
	uint64_t mask;
	int e = pledge__enter(&mask);
	if (e != 0) return e;
	memset(&p, 0, sizeof p);
	if (s->veil_asked && !s->blocked) p.falling = 2;
	if (!s->pinned) {
		e = pledge__look_known(s->promises & s->exec, 0);
		if (e == 0 && !(s->exec & PL(RPATH))) e = pledge__look_loading(0);
	}
	if (e == 0) e = pledge__plan(&p, (s->promises & s->exec) | (s->exec & PL(ERROR)), found(s) & ~PL_S_EXEC_REFUSED, IN_PLACE);
	if (e == 0) e = enforce(&p, s->key, program, 1);
	memcpy(key, s->key, 24);
	close_looked(0);
	pledge__leave(mask);
	return e;
}
