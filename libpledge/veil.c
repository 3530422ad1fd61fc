/* Unveiled paths, and their translation into rules (internal/unveiled): OpenBSD lets
 * the most specific entry decide alone; Landlock adds up everything on the way to a
 * file. So the names beside a path that allows less than its parent are allowed one by one. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { R = 1, W = 2, X = 4, C = 8 };
enum { PATH_SIZE = 4096, MOST_LINKS = 40, MOST_NAMES = 10000, MOST_ENTRIES = MOST_UNVEILED + 32, POOL = 1 << 18, PROC_MAGIC = 0x9fa0 };

struct entry {
	const char *path;
	unsigned perms;
	const char *links; /* directories of the links that it was reached through, one after the other */
	int nlinks;
};

static struct entry entries[MOST_ENTRIES];
static int count;
static char pool[POOL];
static size_t used;

int pledge__have_veil(void) { return pledge__now.veil_asked; }

int pledge__create_only(void) {
	int i;
	for (i = 0; i < count; i++)
		if ((entries[i].perms & (C | W)) == C) return 1;
	return 0;
}

/* Reports whether something may be executed. */
int pledge__executes(void) {
	int i;
	for (i = 0; i < count; i++)
		if (entries[i].perms & X) return 1;
	return 0;
}

static char *keep(const char *s) {
	size_t n = strlen(s) + 1;
	char *at = pool + used;
	if (n > POOL - used) return NULL;
	memcpy(at, s, n);
	used += n;
	return at;
}

/* Replaces the last component by nothing. */
static void up(char *path) {
	char *slash = strrchr(path, '/');
	if (slash) slash[slash == path ? 1 : 0] = 0;
}

/* The kernel does not follow links of strangers in directories that everybody can
 * write (protected_symlinks), and neither is done here. */
static int strange(const char *dir, const struct stat *link) {
	struct stat in;
	if (lstat(dir, &in) != 0) return errno;
	return (in.st_mode & (S_ISVTX | 2)) == (S_ISVTX | 2) && link->st_uid != geteuid() && link->st_uid != in.st_uid ? EACCES : 0;
}

/* A path on its way to the end: what was reached, and what is left. */
static char at[PATH_SIZE], rest[2 * PATH_SIZE], target[2 * PATH_SIZE];

static int step(int *links, int noted) {
	struct stat st;
	char *name = rest + strspn(rest, "/"), *end = name + strcspn(name, "/"), held;
	size_t had = strlen(at), n = (size_t)(end - name);
	ssize_t got;
	int e;
	if (n == 0) {
		rest[0] = 0;
		return 0;
	}
	if (n == 1 && name[0] == '.') goto next;
	if (n == 2 && name[0] == '.' && name[1] == '.') {
		up(at);
		goto next;
	}
	if (had + n + 2 > PATH_SIZE) return ENAMETOOLONG;
	if (had > 1) at[had++] = '/';
	memcpy(at + had, name, n);
	at[had + n] = 0;
	if (lstat(at, &st) != 0) return errno;
	if (!S_ISLNK(st.st_mode)) {
		if (!S_ISDIR(st.st_mode) && end[strspn(end, "/")]) return ENOTDIR;
		goto next;
	}
	if (++*links > MOST_LINKS) return ELOOP;
	got = readlink(at, target, PATH_SIZE);
	if (got <= 0 || got == PATH_SIZE) return got < 0 ? errno : got ? ENAMETOOLONG : ENOENT;
	up(at);
	if ((e = strange(at, &st)) != 0) return e;
	if (noted && !keep(at)) return E2BIG;
	if ((size_t)got + strlen(end) + 2 > PATH_SIZE) return ENAMETOOLONG;
	if (target[0] == '/') strcpy(at, "/");
	target[got] = '/';
	strcpy(target + got + 1, end);
	strcpy(rest, target);
	return 0;
next:
	held = *end;
	memmove(rest, end, strlen(end) + 1);
	(void)held;
	return 0;
}

/* Follows a path to its end, which is left in at. */
static int follow(const char *path, int *links, int noted) {
	int e = 0;
	*links = 0;
	strcpy(at, "/");
	rest[0] = 0;
	if (path[0] != '/') {
		long n = syscall(SYS_getcwd, rest, PATH_SIZE);
		if (n < 0) return errno;
		if (rest[0] != '/') return ENOENT; /* it is not below the root */
		strcat(rest, "/");
	}
	if (strlen(rest) + strlen(path) >= PATH_SIZE) return ENAMETOOLONG;
	strcat(rest, path);
	while (e == 0 && rest[0]) e = step(links, noted);
	return e;
}

int pledge__real(const char *path, char *out, size_t size) {
	int links, e = follow(path, &links, 0);
	if (e != 0 || strlen(at) >= size) return -1;
	strcpy(out, at);
	return 0;
}

static struct entry *find(const char *path) {
	int i;
	for (i = 0; i < count; i++)
		if (strcmp(entries[i].path, path) == 0) return &entries[i];
	return NULL;
}

/* Takes note of a path, or replaces what was said of it before. */
int pledge__collect(const char *path, unsigned perms) {
	size_t had = used;
	int links, e = follow(path, &links, 1);
	struct entry *old;
	struct entry n;
	if (e != 0) {
		used = had;
		return e;
	}
	n.links = pool + had;
	n.nlinks = links;
	n.perms = perms;
	if ((old = find(at)) != NULL) {
		n.path = old->path;
		if (links == 0) used = had;
		*old = n;
		return 0;
	}
	n.path = keep(at);
	if (!n.path || count >= MOST_UNVEILED) {
		used = had;
		return E2BIG;
	}
	entries[count++] = n;
	return 0;
}

/* The permissions that decide for a real path; direct ones alone, if asked. */
static unsigned lookup(const char *path, int direct) {
	static char p[PATH_SIZE];
	strcpy(p, path);
	for (;;) {
		struct entry *e = find(p);
		if (e && (!direct || e->nlinks == 0)) return e->perms;
		if (p[1] == 0) return 0;
		up(p);
	}
}

/* A path that led through a link which the program under this veil may have put there
 * is refused: it would choose what it is shown. */
static int checked(void) {
	int i, j;
	for (i = 0; i < count; i++) {
		const char *l = entries[i].links;
		if ((entries[i].perms & ~lookup(entries[i].path, 1)) == 0) continue;
		for (j = 0; j < entries[i].nlinks; j++, l += strlen(l) + 1)
			if (lookup(l, 0) & C) return EACCES;
	}
	return 0;
}

static int is_proc(const char *path) {
	struct statfs fs;
	return statfs(path, &fs) == 0 && fs.f_type == PROC_MAGIC;
}

static int guard(const char *mount) {
	unsigned perms = lookup(mount, 0);
	if (find(mount) || !(perms & (W | C)) || !is_proc(mount)) return 0;
	if (count == MOST_ENTRIES || !(entries[count].path = keep(mount))) return E2BIG;
	entries[count].perms = perms & ~(unsigned)(W | C);
	entries[count].nlinks = 0;
	entries[count].links = entries[count].path;
	count++;
	return 0;
}

/* Undoes the octal escapes of mountinfo. */
static void unescape(char *s) {
	char *to = s;
	for (; *s; s++, to++) {
		*to = *s;
		if (s[0] == '\\' && s[1] && s[2] && s[3]) {
			*to = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		}
	}
	*to = 0;
}

/* One line of mountinfo: the mount point is the fifth field. */
static int guard_line(char *line) {
	char *kind = strstr(line, " - "), *point = line, *end;
	int i;
	if (!kind || strncmp(kind + 3, "proc ", 5) != 0) return 0;
	for (i = 0; i < 4 && point; i++)
		if ((point = strchr(point, ' ')) != NULL) point++;
	if (!point || !(end = strchr(point, ' '))) return 0;
	*end = 0;
	if (strlen(point) >= PATH_SIZE) return E2BIG;
	unescape(point);
	return guard(point);
}

static int guard_mounts(void) {
	static char buf[4 * PATH_SIZE];
	size_t have = 0;
	ssize_t n;
	int e = 0, fd = pl_open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return 0;
	while (e == 0 && (n = pl_read(fd, buf + have, sizeof buf - 1 - have)) > 0) {
		char *line = buf, *end;
		have += (size_t)n;
		buf[have] = 0;
		while (e == 0 && (end = memchr(line, '\n', (size_t)(buf + have - line))) != NULL) {
			*end = 0;
			e = guard_line(line);
			line = end + 1;
		}
		have -= (size_t)(line - buf);
		memmove(buf, line, have);
		if (have == sizeof buf - 1) e = E2BIG;
	}
	pl_close(fd);
	return e;
}

/* Takes /proc, wherever it is mounted, out of what may be written: /proc/self/mem
 * rewrites code. It is an error to ask for it by name. */
static int guard_proc(void) {
	int i, e, writable = 0;
	for (i = 0; i < count; i++) {
		if (!(entries[i].perms & (W | C))) continue;
		writable = 1;
		if (is_proc(entries[i].path)) return EINVAL;
	}
	if (!writable) return 0;
	e = guard("/proc");
	return e ? e : guard_mounts();
}

/* x gives reading too: Landlock's EXECUTE alone does not execute. */
static uint64_t rights(unsigned p) {
	uint64_t a = 0;
	if (p & R) a |= LL_READ_FILE | LL_READ_DIR | LL_IOCTL_DEV;
	if (p & W) a |= LL_WRITE_FILE | LL_TRUNCATE | LL_IOCTL_DEV;
	if (p & X) a |= LL_EXECUTE | LL_READ_FILE;
	if (p & C) a |= LL_MAKE_REG | LL_MAKE_DIR | LL_MAKE_SYM | LL_MAKE_SOCK | LL_MAKE_FIFO | LL_REMOVE_DIR | LL_REMOVE_FILE | LL_REFER;
	return a;
}

/* Takes out what the rights allow and was not promised. What may be executed can be
 * read under exec: the kernel reads it with the rights of who executes. */
uint64_t pledge__without(uint64_t access, const struct pl_plan *p) {
	uint64_t lost = p->lost;
	if (p->words & PL(EXEC) && access & LL_EXECUTE) lost &= ~LL_READ_FILE;
	access &= ~lost;
	if (p->falling && access & LL_WRITE_FILE) access |= LL_RESOLVE_UNIX & p->fs;
	return access;
}

/* Where the rules go: into pins, or, where they are very many, into a ruleset at once. */
static struct {
	int ruleset, pinning;
	const struct pl_plan *plan;
	char path[PATH_SIZE];
} x;

static int sink(int fd, uint64_t access) {
	int e;
	if (x.pinning) return pledge__pin(&pledge__veil, fd, access, 0, 1);
	e = pledge__add_rule(x.ruleset, fd, pledge__without(access, x.plan), x.plan->fs);
	pl_close(fd);
	return e;
}

/* Opens an absolute path of which no component may be a link now. */
static int open_real(const char *path, int flags) {
	char name[256];
	struct stat st;
	const char *s = path, *end;
	int next, fd = pl_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0) {
		s += strspn(s, "/");
		if (!*s && path[strspn(path, "/")]) break;
		end = s + strcspn(s, "/");
		if (end - s > 255) {
			pl_close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, s, (size_t)(end - s));
		name[end - s] = 0;
		next = pl_openat(fd, *name ? name : ".", O_NOFOLLOW | O_CLOEXEC | (*end && end[strspn(end, "/")] ? O_PATH | O_DIRECTORY : flags));
		pl_close(fd);
		fd = next;
		s = end;
		if (!*s) break;
	}
	if (fd >= 0 && (fstat(fd, &st) != 0 || S_ISLNK(st.st_mode))) {
		pl_close(fd);
		errno = ELOOP;
		return -1;
	}
	return fd;
}

static int is_below(const char *path, const char *dir) {
	size_t n = strlen(dir);
	if (n == 1) return path[1] != 0;
	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

/* Rules for what was listed in a directory: the name is opened in it, and must be what it was. */
static int rule_at(int dir, const char *name, mode_t kind, unsigned perms) {
	struct stat st;
	uint64_t access = rights(perms);
	int fd;
	if (access == 0) return 0;
	fd = dir < 0 ? open_real(x.path, O_PATH) : pl_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) return dir >= 0 && errno == ENOENT ? 0 : errno;
	if (fstat(fd, &st) != 0 || (dir >= 0 && (st.st_mode & S_IFMT) != kind)) {
		pl_close(fd);
		return 0;
	}
	return sink(fd, access);
}

static int grant(int dir, const char *name, mode_t kind, unsigned perms);

/* Gives perms to what was listed beside a path that allows less. Links are not followed. */
static int sibling(int dir, const char *name, unsigned perms) {
	size_t had = strlen(x.path), n = strlen(name);
	struct stat st;
	int i, e = 0, inside = 0;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISLNK(st.st_mode)) return 0;
	if (had + n + 2 > PATH_SIZE) return ENAMETOOLONG;
	if (had > 1) strcat(x.path, "/");
	strcat(x.path, name);
	if (!find(x.path)) {
		for (i = 0; i < count; i++) inside |= is_below(entries[i].path, x.path);
		e = inside ? grant(dir, name, st.st_mode & S_IFMT, perms) : rule_at(dir, name, st.st_mode & S_IFMT, perms);
	}
	x.path[had] = 0;
	return e;
}

static int siblings(int fd, unsigned perms) {
	char buf[2048];
	int names = 0, e;
	long n, i;
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof buf)) > 0) {
		for (i = 0; i < n;) {
			unsigned short length;
			const char *name = buf + i + 19;
			memcpy(&length, buf + i + 16, sizeof length);
			i += length;
			if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
			if (++names > MOST_NAMES) return E2BIG;
			if ((e = sibling(fd, name, perms)) != 0) return e;
		}
	}
	return n < 0 ? errno : 0;
}

/* Gives perms to x.path and to all below it, except where a more specific entry allows less. */
static int grant(int dir, const char *name, mode_t kind, unsigned perms) {
	unsigned lacking = 0;
	int i, e, fd;
	for (i = 0; i < count; i++)
		if (is_below(entries[i].path, x.path)) lacking |= perms & ~entries[i].perms;
	if ((e = rule_at(dir, name, kind, perms & ~lacking)) != 0 || lacking == 0) return e;
	fd = dir < 0 ? open_real(x.path, O_RDONLY | O_DIRECTORY) : pl_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) return dir >= 0 && errno == ENOENT ? 0 : errno;
	e = siblings(fd, lacking);
	pl_close(fd);
	return e;
}

static int expand(void) {
	int i, e = checked();
	if (e == 0) e = guard_proc();
	for (i = 0; e == 0 && i < count; i++) {
		strcpy(x.path, entries[i].path);
		e = grant(-1, NULL, 0, entries[i].perms);
	}
	return e;
}

/* Opens all that the veil is made of, for this ruleset and those to come. E2BIG if it is very much. */
int pledge__pin_veil(void) {
	int e;
	x.pinning = 1;
	e = expand();
	if (e != 0) pledge__unpin(&pledge__veil);
	return e;
}

/* Adds the rules of a veil that is too much to be pinned. */
int pledge__add_veil(int ruleset, const struct pl_plan *p) {
	x.pinning = 0;
	x.ruleset = ruleset;
	x.plan = p;
	return expand();
}
