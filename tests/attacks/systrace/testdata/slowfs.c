/* slowfs MOUNTPOINT: a file system with one file, "page", all zeros, that takes
 * its time. Made anew by each open, so that every mapping has to ask again. */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse3/fuse.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int getattr_(const char *path, struct stat *st, struct fuse_file_info *fi) {
	(void)fi;
	memset(st, 0, sizeof *st);
	st->st_nlink = 1;
	if (!strcmp(path, "/")) { st->st_mode = S_IFDIR | 0755; return 0; }
	if (strcmp(path, "/page")) return -ENOENT;
	st->st_mode = S_IFREG | 0644;
	st->st_size = 4096;
	return 0;
}

static int open_(const char *path, struct fuse_file_info *fi) {
	fi->keep_cache = 0;
	return strcmp(path, "/page") ? -ENOENT : 0;
}

static int read_(const char *path, char *buf, size_t size, off_t at, struct fuse_file_info *fi) {
	(void)path; (void)fi;
	usleep(getenv("SLOW") ? atoi(getenv("SLOW")) : 20000);
	if (at >= 4096) return 0;
	if (size > 4096 - (size_t)at) size = 4096 - at;
	memset(buf, 0, size);
	return size;
}

static const struct fuse_operations ops = {.getattr = getattr_, .open = open_, .read = read_};

int main(int argc, char **argv) { return fuse_main(argc, argv, &ops, 0); }
