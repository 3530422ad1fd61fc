package rules

// ioctlTable: an allow list by request number. TIOCSTI 0x5412, TIOCLINUX
// 0x541c, TIOCCONS 0x541d, TIOCSETD 0x5423 and the console's KD* and VT*
// requests are in no promise. A descriptor may be of any device, and devices of
// other subsystems take requests of the same letter (USB and the making of input
// devices U, MTD and MTRR M): a class is a list of whole numbers, or of a range
// that no other subsystem has. Where i386 has another size, both are listed.
var ioctlTable = []Rule{
	{"ioctl", stdio, 0, when{{1, in, m32, v{0x541b, 0x5421, 0x5451, 0x5450}}}, Allow, "FIONREAD FIONBIO FIOCLEX FIONCLEX"},
	{"ioctl", stdio, 0, when{{1, in, m32, v{0x5401, 0x802c542a, 0x5413}}}, Allow, "TCGETS TCGETS2 TIOCGWINSZ: isatty()"},
	{"ioctl", inet, 0, when{{1, in, m32, v{0x8905, 0x8910, 0x8933}}}, Allow, "SIOCATMARK SIOCGIFNAME SIOCGIFINDEX"},
	{"ioctl", tty, 0, when{{1, in, m32, ttyRequests}}, Allow, "terminal state"},
	{"ioctl", tty | proc, 0, when{{1, in, m32, v{0x5410}}}, Allow, "TIOCSPGRP"},
	{"ioctl", tty | rpath | wpath, 0, when{{1, in, m32, v{0x40045431, 0x5441}}}, Allow, "TIOCSPTLCK TIOCGPTPEER: makes a pseudo-terminal"},
	{"ioctl", proc, 0, when{{1, in, m32, v{0x8901, 0x8902, 0x5452, 0x8903, 0x8904}}}, Allow, "FIOSETOWN SIOCSPGRP FIOASYNC: signals to others"},
	{"ioctl", fattr, 0, when{{1, in, m32, v{0x40086602, 0x401c5820, 0x40046602}}}, Allow, "FS_IOC_SETFLAGS FS_IOC_FSSETXATTR: chflags"},
	{"ioctl", fattr, 0, when{{1, in, m32, v{0x80086601, 0x801c581f, 0x80046601}}}, Allow, "FS_IOC_GETFLAGS FS_IOC_FSGETXATTR: chflags"},
	{"ioctl", tape, 0, when{{1, in, m32, v{0x40086d01, 0x80306d02, 0x80086d03, 0x801c6d02, 0x80046d03}}}, Allow, "MTIOCTOP MTIOCGET MTIOCPOS"},
	{"ioctl", route, 0, when{{1, in, m32, routeRequests}}, Allow, "reads interfaces"},
	{"ioctl", wroute, 0, when{{1, in, m32, routeRequests}}, Allow, "reads interfaces"},
	{"ioctl", wroute, 0, when{{1, in, m32, v{0x8916, 0x8936, 0x8922}}}, Allow, "SIOCSIFADDR SIOCDIFADDR SIOCSIFMTU"},
	{"ioctl", audio, 0, when{{1, in, m32, audioRequests}}, Allow, "ALSA and OSS: streams and mixers"},
	{"ioctl", video, 0, when{{1, in, m32, videoRequests}}, Allow, "V4L2"},
	{"ioctl", drm, 0, when{{1, in, m32, drmRequests}}, Allow, "DRM"},
	{"ioctl", drm, 0, when{{1, in, 0xffc0, v{0x6440}}}, Allow, "DRM's drivers, 0x40 to 0x7f"},
	{"ioctl", drm, 0, when{{1, in, 0xffe0, v{0x6480}}}, Allow, "DRM's drivers, 0x80 to 0x9f"},
	{"ioctl", vmm, 0, when{{1, in, 0xffe0, v{0xae00}}}, Allow, "KVM; 0x20 to 0x24 are Nitro enclaves"},
	{"ioctl", vmm, 0, when{{1, in, 0xffc0, v{0xae40}}}, Allow, "KVM, 0x40 to 0x7f"},
	{"ioctl", vmm, 0, when{{1, in, 0xff80, v{0xae80}}}, Allow, "KVM, 0x80 to 0xff"},
	{"ioctl", disklabel, 0, when{{1, in, m32, v{0x80081272, 0x80041272, 0x1268, 0x127b, 0x125f, 0x1269, 0x301, 0x1260}}}, Allow, "block device size and partitions"},
	{"ioctl", stdio, 0, when{{1, in, m32, v{0x40049409, 0x4020940d, 0xc0189436, 0xc020660b}}}, eOPNOTSUPP, "FICLONE FICLONERANGE FIDEDUPERANGE FIEMAP: callers copy instead"},
	{"ioctl", stdio, 0, when{{1, in, m32, v{0x80086601, 0x801c581f, 0x80046601}}}, eNOTTY, "FS_IOC_GETFLAGS: callers go on without"},
}

// TCSETS TCSETSW TCSETSF and their 2 forms, TCGETA TCSETA*, TCSBRK TCSBRKP
// TCXONC TCFLSH TIOCEXCL TIOCNXCL TIOCSCTTY TIOCGPGRP TIOCOUTQ TIOCSWINSZ
// TIOCMGET/BIS/BIC/SET TIOCNOTTY TIOCGSID TIOCSBRK TIOCCBRK TIOCGPTN TIOCPKT
// TIOCGEXCL TIOCGPTLCK.
var ttyRequests = v{
	0x5402, 0x5403, 0x5404, 0x5405, 0x5406, 0x5407, 0x5408, 0x5409, 0x540a, 0x540b,
	0x540c, 0x540d, 0x540e, 0x540f, 0x5411, 0x5414, 0x5415, 0x5416, 0x5417, 0x5418,
	0x5420, 0x5422, 0x5425, 0x5427, 0x5428, 0x5429, 0x402c542b, 0x402c542c, 0x402c542d, 0x80045430,
	0x80045439, 0x80045440,
}

// SIOCGIFCONF GIFFLAGS GIFADDR GIFDSTADDR GIFBRDADDR GIFNETMASK GIFMETRIC
// GIFMTU GIFHWADDR GIFINDEX GIFNAME GIFTXQLEN GIFMAP.
var routeRequests = v{0x8912, 0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x8921, 0x8927, 0x8933,
	0x8910, 0x8942, 0x8970}
