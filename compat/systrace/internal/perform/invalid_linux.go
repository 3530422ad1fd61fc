package perform

import "golang.org/x/sys/unix"

const (
	// syncType are the flags of statx for file systems on other machines.
	syncType  = 0x6000
	statFlags = unix.AT_SYMLINK_NOFOLLOW | unix.AT_NO_AUTOMOUNT | unix.AT_EMPTY_PATH | syncType
)

// Invalid is the error of arguments that are wrong whatever the paths are: the
// kernel looks at those first. It is 0 if there is none.
func Invalid(name string, a [6]uint64) unix.Errno {
	switch name {
	case "open":
		how := howOf(a[1], a[2])
		return howInvalid(&how)
	case "openat":
		how := howOf(a[2], a[3])
		return howInvalid(&how)
	case "newfstatat":
		return unknown(a[3], statFlags)
	case "statx":
		const reserved = 0x80000000 // STATX__RESERVED
		if a[3]&reserved != 0 || a[2]&syncType == syncType {
			return unix.EINVAL
		}
		return unknown(a[2], statFlags)
	case "access":
		return unknown(a[1], 7)
	case "faccessat":
		return unknown(a[2], 7)
	case "faccessat2":
		return max(unknown(a[2], 7), unknown(a[3], unix.AT_SYMLINK_NOFOLLOW|unix.AT_EACCESS|unix.AT_EMPTY_PATH))
	case "readlink":
		return positive(a[2])
	case "readlinkat":
		return positive(a[3])
	case "truncate":
		if int64(a[1]) < 0 {
			return unix.EINVAL
		}
	case "fchmodat2":
		return unknown(a[3], unix.AT_SYMLINK_NOFOLLOW|unix.AT_EMPTY_PATH)
	case "fchownat":
		return unknown(a[4], unix.AT_SYMLINK_NOFOLLOW|unix.AT_EMPTY_PATH)
	case "unlinkat":
		return unknown(a[2], unix.AT_REMOVEDIR)
	case "linkat":
		return unknown(a[4], unix.AT_SYMLINK_FOLLOW|unix.AT_EMPTY_PATH)
	case "mknod":
		return nodeType(a[1])
	case "mknodat":
		return nodeType(a[2])
	case "openat2":
		return howSize(a[3])
	case "renameat2":
		return renameFlags(a[4])
	}
	return 0
}

// unknown is EINVAL if other flags than those are set.
func unknown(flags uint64, known uint32) unix.Errno {
	if uint32(flags)&^known != 0 {
		return unix.EINVAL
	}
	return 0
}

func positive(size uint64) unix.Errno {
	if int32(size) <= 0 {
		return unix.EINVAL
	}
	return 0
}

func howSize(size uint64) unix.Errno {
	const least, most = 24, 4096 // sizeof(struct open_how), a page
	switch {
	case size < least:
		return unix.EINVAL
	case size > most:
		return unix.E2BIG
	}
	return 0
}

// nodeType is what mknod(2) says of a mode.
func nodeType(mode uint64) unix.Errno {
	switch mode & unix.S_IFMT {
	case 0, unix.S_IFREG, unix.S_IFCHR, unix.S_IFBLK, unix.S_IFIFO, unix.S_IFSOCK:
		return 0
	case unix.S_IFDIR:
		return unix.EPERM
	}
	return unix.EINVAL
}

// InvalidHow is what openat2(2) says of its structure before it looks at the
// path.
func InvalidHow(b []byte) unix.Errno {
	const size = 24 // of struct open_how
	if len(b) < size {
		return 0
	}
	for _, c := range b[size:] {
		if c != 0 {
			return unix.E2BIG
		}
	}
	return howInvalid(&unix.OpenHow{Flags: word(b), Mode: word(b[8:]), Resolve: word(b[16:])})
}

// howInvalid is what openat2(2) says of its structure.
func howInvalid(how *unix.OpenHow) unix.Errno {
	flags, creates := how.Flags, how.Flags&(unix.O_CREAT|tmpfile) != 0
	switch {
	case flags&^uint64(valid) != 0, creates && how.Mode&^0o7777 != 0, !creates && how.Mode != 0,
		flags&unix.O_DIRECTORY != 0 && flags&unix.O_CREAT != 0,
		flags&tmpfile != 0 && (flags&unix.O_DIRECTORY == 0 || flags&unix.O_ACCMODE == unix.O_RDONLY),
		flags&unix.O_PATH != 0 && flags&^uint64(withPath) != 0:
		return unix.EINVAL
	}
	return 0
}

func renameFlags(flags uint64) unix.Errno {
	const exchange, noreplace, whiteout = unix.RENAME_EXCHANGE, unix.RENAME_NOREPLACE, unix.RENAME_WHITEOUT
	if flags&exchange != 0 && flags&(noreplace|whiteout) != 0 {
		return unix.EINVAL
	}
	return unknown(flags, exchange|noreplace|whiteout)
}
