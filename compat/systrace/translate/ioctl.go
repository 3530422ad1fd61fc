package translate

import "fmt"

// request is one of ioctl.
type request struct {
	number uint32
	name   string
	named  bool // no rule permits it but one that names it
}

// requests are those of ioctl that have a name in rules. Those that type into
// the input of a terminal, or change what its keys type, act as the user that
// reads from it next; a line discipline and the console's output take it over.
// A program that may use its terminal is not meant to have them.
var requests = []request{
	{0x5412, "TIOCSTI", true}, {0x541c, "TIOCLINUX", true}, {0x541d, "TIOCCONS", true}, {0x5423, "TIOCSETD", true},
	{0x4b47, "KDSKBENT", true}, {0x4b49, "KDSKBSENT", true}, {0x4b4b, "KDSKBDIACR", true}, {0x4b4d, "KDSETKEYCODE", true}, {0x4bfb, "KDSKBDIACRUC", true},

	{0x5401, "TCGETS", false}, {0x5402, "TCSETS", false}, {0x5403, "TCSETSW", false}, {0x5404, "TCSETSF", false},
	{0x802c542a, "TCGETS2", false}, {0x402c542b, "TCSETS2", false}, {0x402c542c, "TCSETSW2", false}, {0x402c542d, "TCSETSF2", false},
	{0x5409, "TCSBRK", false}, {0x5425, "TCSBRKP", false}, {0x540a, "TCXONC", false}, {0x540b, "TCFLSH", false},
	{0x540c, "TIOCEXCL", false}, {0x540d, "TIOCNXCL", false}, {0x540e, "TIOCSCTTY", false}, {0x5422, "TIOCNOTTY", false},
	{0x540f, "TIOCGPGRP", false}, {0x5410, "TIOCSPGRP", false}, {0x5429, "TIOCGSID", false}, {0x5411, "TIOCOUTQ", false},
	{0x5413, "TIOCGWINSZ", false}, {0x5414, "TIOCSWINSZ", false}, {0x5424, "TIOCGETD", false},
	{0x80045430, "TIOCGPTN", false}, {0x40045431, "TIOCSPTLCK", false}, {0x5441, "TIOCGPTPEER", false},
	{0x541b, "FIONREAD", false}, {0x5421, "FIONBIO", false}, {0x5450, "FIONCLEX", false}, {0x5451, "FIOCLEX", false}, {0x5452, "FIOASYNC", false},
	{0x8901, "FIOSETOWN", false}, {0x8902, "SIOCSPGRP", false}, {0x8905, "SIOCATMARK", false},
	{0x8910, "SIOCGIFNAME", false}, {0x8912, "SIOCGIFCONF", false}, {0x8913, "SIOCGIFFLAGS", false}, {0x8915, "SIOCGIFADDR", false}, {0x8933, "SIOCGIFINDEX", false},
	{0x40049409, "FICLONE", false}, {0x80086601, "FS_IOC_GETFLAGS", false}, {0x40086602, "FS_IOC_SETFLAGS", false},
}

// Requests returns the numbers of the requests of ioctl that rules can name:
// all, or those that only a rule that names them permits.
func Requests(namedOnly bool) (list []uint64) {
	for _, r := range requests {
		if r.named || !namedOnly {
			list = append(list, uint64(r.number))
		}
	}
	return list
}

// RequestNumber is the number of a request of ioctl by its name in rules.
func RequestNumber(name string) (number uint64, ok bool) {
	for _, r := range requests {
		if r.name == name {
			return uint64(r.number), true
		}
	}
	return 0, false
}

// Request is the text of a request of ioctl. The kernel takes 32 bits of it.
func Request(number uint32) string {
	if r := requestOf(number); r != nil {
		return r.name
	}
	return fmt.Sprintf("<unknown>: %#x", number)
}

func requestOf(number uint32) *request {
	for i := range requests {
		if requests[i].number == number {
			return &requests[i]
		}
	}
	return nil
}

// explicit is the text of an argument that a rule has to name to permit the
// call; "" for most.
func explicit(c *Call) string {
	if c.Name != "ioctl" {
		return ""
	}
	if r := requestOf(uint32(c.Args[1])); r != nil && r.named {
		return r.name
	}
	return ""
}
