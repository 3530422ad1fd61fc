/* What the parts of the library share. Everything is under one lock, in static
 * memory: nothing is allocated, so a child of fork(2) and a signal handler may call. */
#ifndef PLEDGE_INTERNAL_H
#define PLEDGE_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "filter.h"
#include "tables_types.h"
#include "words.h"

/* The C library's functions are points of cancellation, at which a thread would end with
 * the lock. */
#define pl_openat(dir, path, flags) ((int)syscall(SYS_openat, dir, path, flags, 0))
#define pl_open(path, flags) pl_openat(-100, path, flags)
#define pl_close(fd) ((void)syscall(SYS_close, fd))
#define pl_read(fd, to, n) ((ssize_t)syscall(SYS_read, fd, to, n))
#define pl_fcntl(fd, cmd, arg) ((int)syscall(SYS_fcntl, fd, cmd, arg))

/* Rights of Landlock. */
#define LL_EXECUTE (UINT64_C(1) << 0)
#define LL_WRITE_FILE (UINT64_C(1) << 1)
#define LL_READ_FILE (UINT64_C(1) << 2)
#define LL_READ_DIR (UINT64_C(1) << 3)
#define LL_REMOVE_DIR (UINT64_C(1) << 4)
#define LL_REMOVE_FILE (UINT64_C(1) << 5)
#define LL_MAKE_CHAR (UINT64_C(1) << 6)
#define LL_MAKE_DIR (UINT64_C(1) << 7)
#define LL_MAKE_REG (UINT64_C(1) << 8)
#define LL_MAKE_SOCK (UINT64_C(1) << 9)
#define LL_MAKE_FIFO (UINT64_C(1) << 10)
#define LL_MAKE_BLOCK (UINT64_C(1) << 11)
#define LL_MAKE_SYM (UINT64_C(1) << 12)
#define LL_REFER (UINT64_C(1) << 13)
#define LL_TRUNCATE (UINT64_C(1) << 14)
#define LL_IOCTL_DEV (UINT64_C(1) << 15)
#define LL_RESOLVE_UNIX (UINT64_C(1) << 16)
#define LL_READING (LL_READ_FILE | LL_READ_DIR)
#define LL_WRITING LL_WRITE_FILE
#define LL_FOR_FILES (LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL_DEV | LL_RESOLVE_UNIX)
#define LL_CHANGING (LL_WRITE_FILE | LL_TRUNCATE | LL_REMOVE_DIR | LL_REMOVE_FILE | LL_MAKE_CHAR | LL_MAKE_DIR | \
	LL_MAKE_REG | LL_MAKE_SOCK | LL_MAKE_FIFO | LL_MAKE_BLOCK | LL_MAKE_SYM)
#define LL_BIND_TCP UINT64_C(1)
#define LL_CONNECT_TCP UINT64_C(2)
#define LL_CONNECT_UDP UINT64_C(8)
#define LL_SCOPE_ABSTRACT UINT64_C(1)
#define LL_SCOPE_SIGNAL UINT64_C(2)

#define PL(word) (UINT64_C(1) << PL_##word##_BIT)
#define PL_EVERYTHING ((UINT64_C(1) << 36) - 1 - PL(ERROR))

enum { ALL_PORTS, NAME_PORTS, NO_PORTS };

/* What Landlock enforces already. */
struct pl_held {
	int domains, veiled, listing, loaded, tcp;
	uint64_t scoped, listed;
	pl_set listed_for;
};

/* A file that was opened for rulesets to come, and which one it was: somebody may
 * have closed the descriptor and opened another file under its number. */
struct pl_pin {
	int fd;
	uint64_t access;
	pl_set needs;
	dev_t dev;
	ino_t ino;
};

enum { MOST_KNOWN = 96, MOST_LOADING = 48, MOST_VEIL_PINS = 256, MOST_UNVEILED = 128 };

struct pl_pins {
	struct pl_pin list[MOST_VEIL_PINS];
	int n;
};

enum pl_mode { LIBRARY, IN_PLACE };

/* What is to be put in force. */
struct pl_plan {
	enum pl_mode mode;
	pl_set words, set;
	uint64_t fs, net, scoped, lost;
	int connect_names, falling, fallen, listed, loading, refer, closed, no_files;
	struct pl_held held;
};

/* What is in force. */
struct pl_state {
	int pledged, exec_set, blocked, veil_asked, filters;
	pl_set promises, exec;
	struct pl_held held;
	int ptrace_free, net_admin, pinned, inherited_filter;
	pl_set sockets;
	uint64_t key[3];
};

extern struct pl_state pledge__now;
extern struct pl_pins pledge__known, pledge__loading, pledge__veil;
extern struct pl_pin pledge__root;

/* lock.c */
int pledge__enter(uint64_t *mask);
void pledge__leave(uint64_t mask);
int pledge__is_shared(void);

/* landlock.c */
int pledge__abi(void);
const struct pl_version *pledge__version(void);
int pledge__pin(struct pl_pins *, int fd, uint64_t access, pl_set needs, int above);
int pledge__keep(struct pl_pin *, int fd);
void pledge__unpin(struct pl_pins *);
int pledge__add_rule(int ruleset, int fd, uint64_t access, uint64_t handled);
int pledge__ruleset(const struct pl_plan *, const char *program);
int pledge__look_known(pl_set words, int keep);
int pledge__look_loading(int keep);

/* veil.c */
int pledge__collect(const char *path, unsigned perms);
int pledge__have_veil(void);
int pledge__create_only(void);
int pledge__executes(void);
int pledge__pin_veil(void);
int pledge__add_veil(int ruleset, const struct pl_plan *);
int pledge__real(const char *path, char *out, size_t size);
uint64_t pledge__without(uint64_t access, const struct pl_plan *);

/* plan.c */
int pledge__plan(struct pl_plan *, pl_set words, pl_set found, enum pl_mode mode);

/* threads.c */
int pledge__alone(void);
int pledge__can_restrict(void);
int pledge__restrict(int ruleset, int all);

/* look.c */
int pledge__rings(void);
pl_set pledge__sockets(pl_set words);
int pledge__net_admin(void);
int pledge__ptrace_free(void);
int pledge__under_filter(void);

/* pledge.c */
int pledge__load(const struct pl_plan *, pl_set words, int all);
int pledge__violate(void);
int pledge__exec_narrows(const struct pl_state *);

#endif
