package promises

// descriptorTable: input and output on descriptors that exist already.
var descriptorTable = []Rule{
	{"read", stdio, 0, nil, Allow, "reads a descriptor"},
	{"readv", stdio, 0, nil, Allow, "reads a descriptor"},
	{"pread64", stdio, 0, nil, Allow, "reads a descriptor"},
	{"preadv", stdio, 0, nil, Allow, "reads a descriptor"},
	{"preadv2", stdio, 0, nil, Allow, "reads a descriptor"},
	{"write", stdio, 0, nil, Allow, "writes a descriptor"},
	{"writev", stdio, 0, nil, Allow, "writes a descriptor"},
	{"pwrite64", stdio, 0, nil, Allow, "writes a descriptor"},
	{"pwritev", stdio, 0, nil, Allow, "writes a descriptor"},
	{"pwritev2", stdio, 0, nil, Allow, "writes a descriptor"},
	{"lseek", stdio, 0, nil, Allow, "moves a descriptor's offset"},
	{"_llseek", stdio, 0, nil, Allow, "moves a descriptor's offset (i386)"},
	{"close", stdio, 0, nil, Allow, "closes a descriptor"},
	{"close_range", stdio, 0, when{{2, in, 2, zero}}, Allow, "closes descriptors; not CLOSE_RANGE_UNSHARE"},
	{"dup", stdio, 0, nil, Allow, "copies a descriptor"},
	{"dup2", stdio, 0, nil, Allow, "copies a descriptor"},
	{"dup3", stdio, 0, nil, Allow, "copies a descriptor"},
	{"pipe", stdio, 0, nil, Allow, "makes a pipe"},
	{"pipe2", stdio, 0, nil, Allow, "makes a pipe"},
	{"fsync", stdio, 0, nil, Allow, "flushes a descriptor"},
	{"fdatasync", stdio, 0, nil, Allow, "flushes a descriptor"},
	{"sync_file_range", stdio, 0, nil, Allow, "flushes a descriptor"},
	{"ftruncate", stdio, 0, nil, Allow, "a descriptor open for writing"},
	{"ftruncate64", stdio, 0, nil, Allow, "a descriptor open for writing (i386)"},
	{"fallocate", stdio, 0, nil, Allow, "a descriptor open for writing"},
	{"fadvise64", stdio, 0, nil, Allow, "advice on a descriptor"},
	{"fadvise64_64", stdio, 0, nil, Allow, "advice on a descriptor (i386)"},
	{"readahead", stdio, 0, nil, Allow, "advice on a descriptor"},
	{"cachestat", stdio, 0, nil, Allow, "page cache of a descriptor"},
	{"sendfile", stdio, 0, nil, Allow, "copies between descriptors"},
	{"sendfile64", stdio, 0, nil, Allow, "copies between descriptors (i386)"},
	{"splice", stdio, 0, nil, Allow, "copies between descriptors"},
	{"tee", stdio, 0, nil, Allow, "copies between descriptors"},
	{"copy_file_range", stdio, 0, nil, Allow, "copies between descriptors"},
	{"fstat", stdio, 0, nil, Allow, "status of a descriptor"},
	{"fstat64", stdio, 0, nil, Allow, "status of a descriptor (i386)"},
	{"oldfstat", stdio, 0, nil, Allow, "status of a descriptor (i386)"},
	{"newfstatat", StrictUnveil, Unsupervised, when{{3, in, 0x1000, zero}}, Notify, "hidden paths do not exist"},
	{"newfstatat", rpath, 0, nil, Allow, "status of a path"},
	{"newfstatat", stdio, 0, when{{3, in, 0x1000, v{0x1000}}}, Allow, "glibc's fstat: AT_EMPTY_PATH"},
	{"newfstatat", Library | dns, 0, nil, eACCES, "resolvers look at their files before they read them"},
	{"newfstatat", Library | getpw, 0, nil, eACCES, "name services look at their files before they read them"},
	{"newfstatat", 0, Unsupervised, nil, Notify, "status of a whitelisted path"},
	{"fstatat64", rpath, 0, nil, Allow, "status of a path (i386)"},
	{"fstatat64", stdio, 0, when{{3, in, 0x1000, v{0x1000}}}, Allow, "glibc's fstat: AT_EMPTY_PATH (i386)"},
	{"fstatat64", 0, Unsupervised, nil, Notify, "status of a whitelisted path (i386)"},
	{"statx", StrictUnveil, Unsupervised, when{{2, in, 0x1000, zero}}, Notify, "hidden paths do not exist"},
	{"statx", rpath, 0, nil, Allow, "status of a path"},
	{"statx", stdio, 0, when{{2, in, 0x1000, v{0x1000}}}, Allow, "fstat: AT_EMPTY_PATH"},
	{"statx", 0, Unsupervised, nil, Notify, "status of a whitelisted path"},
	{"fchdir", stdio, 0, nil, Allow, "the directory of a descriptor"},
	{"flock", flock, 0, nil, Allow, "locks a descriptor"},
}

// fcntlTable: i386 programs call fcntl64.
var fcntlTable = []Rule{
	{"fcntl", stdio, 0, when{{1, in, m32, fcntlStdio}}, Allow, "flags, duplicates, pipe size, seals"},
	{"fcntl", stdio, 0, when{{1, in, m32, v{4}}, {2, in, 0x2000, zero}}, Allow, "F_SETFL without O_ASYNC"},
	{"fcntl", stdio | proc, 0, when{{1, in, m32, v{4, 8, 10, 15}}}, Allow, "F_SETFL with O_ASYNC, F_SETOWN, F_SETSIG, F_SETOWN_EX: signals to others"},
	{"fcntl", flock, 0, when{{1, in, m32, v{5, 6, 7, 36, 37, 38}}}, Allow, "record locks, owned by process or description"},
	{"fcntl64", stdio, 0, when{{1, in, m32, fcntlStdio}}, Allow, "flags, duplicates, pipe size, seals"},
	{"fcntl64", stdio, 0, when{{1, in, m32, v{4}}, {2, in, 0x2000, zero}}, Allow, "F_SETFL without O_ASYNC"},
	{"fcntl64", stdio | proc, 0, when{{1, in, m32, v{4, 8, 10, 15}}}, Allow, "F_SETFL with O_ASYNC, F_SETOWN, F_SETSIG, F_SETOWN_EX: signals to others"},
	{"fcntl64", flock, 0, when{{1, in, m32, v{5, 6, 7, 12, 13, 14, 36, 37, 38}}}, Allow, "record locks, owned by process or description"},
}

// F_DUPFD F_GETFD F_SETFD F_GETFL F_GETOWN F_GETSIG F_GETOWN_EX F_DUPFD_QUERY
// F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS and the
// reads of F_GET_RW_HINT F_GET_FILE_RW_HINT, F_GETLEASE.
var fcntlStdio = v{0, 1, 2, 3, 9, 11, 16, 1025, 1027, 1030, 1031, 1032, 1033, 1034, 1035, 1037}
