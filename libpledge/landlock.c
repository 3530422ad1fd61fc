/* Rulesets of Landlock, and the files that they are made of. */
#include "internal.h"
#include "tables_data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#endif
enum { ABI_VERSION = 1, PATH_BENEATH = 1, NET_PORT = 2, PROC_MAGIC = 0x9fa0 };

struct pl_pins pledge__known, pledge__loading, pledge__veil;
struct pl_pin pledge__root = {-1, 0, 0, 0, 0};

int pledge__abi(void) {
	static int known = -1;
	int e = errno;
	long v;
	if (known >= 0) return known;
	v = syscall(SYS_landlock_create_ruleset, NULL, 0, ABI_VERSION);
	known = v < 0 ? 0 : (int)v;
	errno = e;
	return known;
}

const struct pl_version *pledge__version(void) {
	int abi = pledge__abi();
	return &pl_versions[abi < PL_NEWEST_ABI ? abi : PL_NEWEST_ABI];
}

/* Moves a descriptor that is to stay out of the way of those that a program counts. */
static int out_of_the_way(int fd) {
	int high = pl_fcntl(fd, F_DUPFD_CLOEXEC, 200);
	if (high < 0) high = pl_fcntl(fd, F_DUPFD_CLOEXEC, 3);
	pl_close(fd);
	return high;
}

/* Notes a descriptor, and which file it is. */
int pledge__keep(struct pl_pin *p, int fd) {
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0) return -1;
	p->fd = fd;
	p->dev = st.st_dev;
	p->ino = st.st_ino;
	return 0;
}

/* The rights that an opened file can have: nothing on procfs is changed, and those of
 * directories are for directories. */
static int judge(int fd, uint64_t *access) {
	struct stat st;
	struct statfs fs;
	if (*access & LL_CHANGING && !pledge__now.inherited_filter) { /* which may refuse the call, and lets none be written */
		if (fstatfs(fd, &fs) != 0) return errno;
		if (fs.f_type == PROC_MAGIC) *access &= ~LL_CHANGING;
	}
	if (*access & ~LL_FOR_FILES) {
		if (fstat(fd, &st) != 0) return errno;
		if (!S_ISDIR(st.st_mode)) *access &= LL_FOR_FILES;
	}
	return 0;
}

/* Allows what was judged, as far as it is handled. */
static int allow(int ruleset, int fd, uint64_t access, uint64_t handled) {
	struct { uint64_t access; int32_t fd; } __attribute__((packed)) rule;
	rule.access = access & handled;
	rule.fd = fd;
	if (rule.access == 0) return 0;
	if (syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &rule, 0) != 0) return errno == EBADFD ? 0 : errno;
	return 0;
}

int pledge__add_rule(int ruleset, int fd, uint64_t access, uint64_t handled) {
	int e;
	access &= handled;
	return (e = judge(fd, &access)) != 0 ? e : allow(ruleset, fd, access, handled);
}

/* Adds a descriptor, which the list owns from now on; those that stay are moved above the rest. */
int pledge__pin(struct pl_pins *list, int fd, uint64_t access, pl_set needs, int stays) {
	struct pl_pin p;
	int e;
	if (list->n == MOST_VEIL_PINS) {
		pl_close(fd);
		return E2BIG;
	}
	if (stays) fd = out_of_the_way(fd);
	if (pledge__keep(&p, fd) != 0) return EMFILE;
	p.access = access;
	p.needs = needs;
	if ((e = judge(fd, &p.access)) != 0) {
		pl_close(fd);
		return e;
	}
	list->list[list->n++] = p;
	return 0;
}

/* The program may have closed a pin, and opened something else under its number. */
static int intact(const struct pl_pin *p) {
	struct stat st;
	return p->fd >= 0 && fstat(p->fd, &st) == 0 && st.st_dev == p->dev && st.st_ino == p->ino;
}

void pledge__unpin(struct pl_pins *list) {
	int i, e = errno;
	for (i = 0; i < list->n; i++)
		if (intact(&list->list[i])) pl_close(list->list[i].fd);
	list->n = 0;
	errno = e;
}

static int add_pins(int ruleset, const struct pl_pins *list, pl_set words, uint64_t handled) {
	int i, e;
	for (i = 0; i < list->n; i++)
		if ((list->list[i].needs & ~words) == 0 && intact(&list->list[i]) &&
			(e = allow(ruleset, list->list[i].fd, list->list[i].access, handled)) != 0)
			return e;
	return 0;
}

/* The rules of a veil that was pinned. */
static int add_veil(int ruleset, const struct pl_plan *p) {
	int i, e;
	for (i = 0; i < pledge__veil.n; i++) {
		const struct pl_pin *pin = &pledge__veil.list[i];
		if (intact(pin) && (e = allow(ruleset, pin->fd, pledge__without(pin->access, p), p->fs)) != 0) return e;
	}
	return 0;
}

static int add_path(int ruleset, const char *path, uint64_t access, uint64_t handled) {
	int e, fd = pl_open(path, O_PATH | O_CLOEXEC);
	if (fd < 0) return errno;
	e = pledge__add_rule(ruleset, fd, access, handled);
	pl_close(fd);
	return e;
}

static int add_ports(int ruleset, const struct pl_plan *p) {
	struct { uint64_t access, port; } rule;
	rule.access = (LL_CONNECT_TCP | LL_CONNECT_UDP) & p->net;
	rule.port = 53;
	if (!p->connect_names || rule.access == 0) return 0;
	return syscall(SYS_landlock_add_rule, ruleset, NET_PORT, &rule, 0) == 0 ? 0 : errno;
}

/* Under a veil, for programs that it lets be executed: libraries are read, and the loaders
 * executed, which the kernel does to start a program. */
static int add_loader(int ruleset, const struct pl_plan *p) {
	static const char *const loaders[] = {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"};
	size_t i;
	int e;
	if (!pledge__executes()) return 0;
	for (i = 0; i < sizeof loaders / sizeof loaders[0]; i++)
		if (!pledge__now.inherited_filter && (e = add_path(ruleset, loaders[i], LL_EXECUTE | LL_READ_FILE, p->fs)) != 0 && e != ENOENT) return e;
	return add_pins(ruleset, &pledge__loading, 0, p->fs);
}

/* The rules of a plan, one kind after the other. */
static int add_rules(int ruleset, const struct pl_plan *p, const char *program) {
	int e = 0, fd;
	if (p->falling || p->fallen) e = p->falling > 1 ? pledge__add_veil(ruleset, p) : add_veil(ruleset, p);
	if (e == 0 && (p->falling || p->fallen || p->listed)) e = add_pins(ruleset, &pledge__known, p->words, p->fs);
	if (e == 0 && p->loading) e = add_pins(ruleset, &pledge__loading, ~UINT64_C(0), p->fs);
	if (e == 0 && p->falling && p->words & PL(EXEC)) e = add_loader(ruleset, p);
	if (e == 0 && p->refer) {
		if (pledge__root.fd >= 0)
			e = intact(&pledge__root) ? allow(ruleset, pledge__root.fd, LL_REFER, p->fs) : 0;
		else if (!pledge__now.inherited_filter || p->words & PL(RPATH))
			e = add_path(ruleset, "/", LL_REFER, p->fs);
	}
	if (e == 0 && program && p->fs & LL_READING && pledge__now.promises & PL(RPATH)) {
		fd = pl_open(program, O_PATH | O_CLOEXEC);
		if (fd >= 0) {
			e = pledge__add_rule(ruleset, fd, LL_READ_FILE | LL_EXECUTE, p->fs);
			pl_close(fd);
		}
	}
	/* A later ruleset is for all threads, which are listed. */
	if (e == 0 && p->mode == LIBRARY && p->fs & LL_READ_DIR && !pledge__version()->all_threads && p->words & PL(RPATH)) {
		e = add_path(ruleset, "/proc/self/task", LL_READ_DIR, p->fs);
		if (e == ENOENT || e == EACCES || e == EPERM) e = 0;
	}
	return e == 0 ? add_ports(ruleset, p) : e;
}

/* Returns a ruleset's descriptor, or -1 and errno. */
int pledge__ruleset(const struct pl_plan *p, const char *program) {
	uint64_t attr[3];
	int fd, e;
	attr[0] = p->fs;
	attr[1] = p->net;
	attr[2] = p->scoped;
	fd = (int)syscall(SYS_landlock_create_ruleset, attr, p->scoped ? 24 : p->net ? 16 : 8, 0);
	if (fd < 0) return -1;
	if ((e = add_rules(fd, p, program)) == 0) return fd;
	pl_close(fd);
	errno = e;
	return -1;
}

/* Where a whitelisted name may lead: nowhere else, or into directories that are meant. */
static int meant(const char *name, const char *real) {
	static const char *const dirs[] = {"/usr/share/zoneinfo/", "/run/", "/etc/", "/usr/etc/", "/usr/lib/", "/nix/store/"};
	size_t i;
	if (strcmp(name, real) == 0) return 1;
	for (i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (strncmp(real, dirs[i], strlen(dirs[i])) == 0) return 1;
	return 0;
}

static void decimal(char *out, int n) {
	char digits[12];
	int i = 0;
	do digits[i++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (i > 0) *out++ = digits[--i];
	*out = 0;
}

/* Says where an opened path leads. */
static int leads(const char *path, int fd, char *out, size_t size) {
	char link[32] = "/proc/self/fd/";
	ssize_t n;
	decimal(link + strlen(link), fd);
	n = readlink(link, out, size - 1);
	if (n > 0 && (size_t)n < size - 1 && out[0] == '/') {
		out[n] = 0;
		return 0;
	}
	return pledge__real(path, out, size);
}

/* Opens a whitelisted file as it lies on this machine. Under a filter from before nothing
 * is known of what may be looked at, and no more than such a file is opened. */
static int open_known(const struct pl_file *f) {
	static char real[4096];
	struct stat st;
	int fd;
	if (pledge__now.inherited_filter) return pl_open(f->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if ((fd = pl_open(f->path, O_PATH | O_CLOEXEC)) < 0) return -1;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) == f->below && leads(f->path, fd, real, sizeof real) == 0 && meant(f->path, real)) return fd;
	pl_close(fd);
	return -1;
}

/* Opens the whitelisted files of the promises. */
int pledge__look_known(pl_set words, int keep) {
	size_t i;
	int e, fd;
	if (pledge__abi() == 0) return 0;
	for (i = 0; i < sizeof pl_files / sizeof pl_files[0]; i++) {
		const struct pl_file *f = &pl_files[i];
		if (f->needs & ~words || (fd = open_known(f)) < 0) continue;
		e = pledge__pin(&pledge__known, fd, LL_READ_FILE | (f->write ? LL_WRITE_FILE | LL_IOCTL_DEV : 0), f->needs, keep);
		if (e != 0 && e != E2BIG) return e;
	}
	return 0;
}

/* A directory of $PATH and not of the loader, in place of the words that a pin needs. */
#define SEARCHED (UINT64_C(1) << 63)

static int look_loaded(const char *path, int directory, int searched, int keep) {
	struct stat st;
	int fd = pl_open(path, (pledge__now.inherited_filter ? O_RDONLY : O_PATH) | O_CLOEXEC);
	if (fd < 0) return 0;
	if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode) != directory) {
		pl_close(fd);
		return 0;
	}
	return pledge__pin(&pledge__loading, fd, LL_READ_FILE, searched ? SEARCHED : 0, keep);
}

/* Opens what a dynamic loader needs, and the directories of the search path. */
int pledge__look_loading(int keep) {
	static char dir[4096];
	const char *path = getenv("PATH"), *end;
	size_t i;
	int e;
	if (pledge__abi() == 0) return 0;
	e = look_loaded("/etc/ld.so.cache", 0, 0, keep);
	for (i = 0; e == 0 && i < sizeof pl_library_dirs / sizeof pl_library_dirs[0]; i++)
		e = look_loaded(pl_library_dirs[i], 1, 0, keep);
	for (; e == 0 && path && *path; path = *end ? end + 1 : end) {
		end = path + strcspn(path, ":");
		if (*path != '/' || (size_t)(end - path) >= sizeof dir) continue;
		memcpy(dir, path, (size_t)(end - path));
		dir[end - path] = 0;
		e = look_loaded(dir, 1, 1, keep);
	}
	return e;
}
