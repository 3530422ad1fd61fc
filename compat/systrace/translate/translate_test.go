package translate

import (
	"encoding/binary"
	"errors"
	"fmt"
	pathpkg "path"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
)

// memory is a caller whose memory is given piece by piece.
type memory map[uint64][]byte

var errFault = errors.New("bad address")

func (m memory) Bytes(addr uint64, n int) ([]byte, error) {
	for at, b := range m {
		if at <= addr && addr-at+uint64(n) <= uint64(len(b)) {
			return b[addr-at:][:n], nil
		}
	}
	return nil, errFault
}

func (m memory) String(addr uint64) (string, error) {
	for at, b := range m {
		if at <= addr && addr < at+uint64(len(b)) {
			s, _, ended := strings.Cut(string(b[addr-at:]), "\x00")
			if ended {
				return s, nil
			}
		}
	}
	return "", errFault
}

// Path: /link is a symbolic link to /target; /absent does not exist.
func (m memory) Path(dir int32, name string, links Links) (string, error) {
	if name == "" {
		return "", nil
	}
	if !pathpkg.IsAbs(name) {
		name = fmt.Sprintf("%s/%s", map[int32]string{atFdcwd: "/cwd", 5: "/dir5"}[dir], name)
	}
	name = pathpkg.Clean(name)
	if links != Lexical && strings.HasPrefix(name, "/absent") {
		return NonExistent(name), nil
	}
	if name == "/link" && links == AllLinks {
		return "/target", nil
	}
	return name, nil
}

func (m memory) Program(pid int32) (string, bool) {
	return "/bin/sleep", pid == 77
}

func (m memory) UserName(uid uint32) (string, bool) { return "root", uid == 0 }

func le(words ...uint64) []byte {
	var b []byte
	for _, w := range words {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

func le32(words ...uint32) []byte {
	var b []byte
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

var testMemory = memory{
	0x1000: []byte("/etc/hosts\x00"),
	0x1100: []byte("/link\x00"),
	0x1200: []byte("rel/../x\x00"),
	0x1300: []byte("\x00"),
	0x1400: []byte("/absent/f\x00"),
	0x1500: []byte("-l\x00"),
	0x2000: append([]byte{2, 0, 0, 80, 127, 0, 0, 1}, make([]byte, 8)...),
	0x2100: append([]byte{10, 0, 0, 53, 0, 0, 0, 0, 0xfe, 0x80}, append(make([]byte, 13), 1, 3, 0, 0, 0)...),
	0x2200: []byte("\x01\x00/dev/log\x00"),
	0x2300: []byte("\x01\x00\x00abstract"),
	0x2400: append(le32(16<<16), make([]byte, 12)...), // family 0
	0x3000: le(0x1000, 0x1500, 0),                     // argv
	0x3100: le(0x40|1, 0, 0),                          // open_how: O_WRONLY|O_CREAT
	0x4000: le(0x2000, 16, 0, 0, 0, 0, 0),             // msghdr
	0x4100: le(0, 0, 0, 0, 0, 0, 0),
	0x5000: append(le(0x2000, 16, 0, 0, 0, 0, 0, 0), le(0x2200, 11, 0, 0, 0, 0, 0, 0)...), // mmsghdr[2]
	0x6000: le32(3, 0x2000, 16),                                                           // socketcall's connect
	0x6100: le32(0, 4096, 5, 0x22, 0xffffffff, 0),                                         // old mmap
}

func texts(args []policy.Arg) string {
	var list []string
	for _, a := range args {
		list = append(list, a.Name+"="+a.Text)
	}
	return strings.Join(list, " ")
}

// TestTexts: every argument's text, for calls of then and of now.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		emulation, call string
		args            [6]uint64
		alias, want     string
	}{
		{"native", "open", [6]uint64{0x1000, 0}, "fsread", "filename=/etc/hosts oflags=ro"},
		{"native", "open", [6]uint64{0x1000, 0xe41}, "fswrite", "filename=/etc/hosts oflags=wonact"},
		{"linux64", "open", [6]uint64{0x1000, 0xe41}, "fswrite", "filename=/etc/hosts oflags=woact"},
		{"native", "open", [6]uint64{0x1100, 2}, "fswrite", "filename=/target oflags=rw"},
		{"linux64", "open", [6]uint64{0x1100, 3}, "fswrite", "filename=/link oflags=--"},
		{"native", "open", [6]uint64{0x1100, oNofollow}, "fsread", "filename=/link oflags=ro"},
		{"native", "openat", [6]uint64{5, 0x1200, 0}, "fsread", "filename=/dir5/x oflags=ro"},
		{"native", "openat", [6]uint64{0xffffff9c, 0x1200, 0x42}, "fswrite", "filename=/cwd/x oflags=rwc"},
		{"native", "openat2", [6]uint64{5, 0x1200, 0x3100, 24}, "fswrite", "filename=/dir5/x oflags=woc"},
		{"native", "creat", [6]uint64{0x1000, 0o644}, "fswrite", "filename=/etc/hosts oflags=woct"},
		{"native", "open", [6]uint64{0x1300, 0}, "fsread", "filename= oflags=ro"},
		{"native", "open", [6]uint64{0x1400, 0}, "fsread", "filename=/<non-existent filename>: /absent/f oflags=ro"},
		{"linux64", "open", [6]uint64{0x1400, 0}, "fsread", "filename=/absent/f oflags=ro"},
		{"native", "stat", [6]uint64{0x1100}, "fsread", "filename=/target"},
		{"native", "lstat", [6]uint64{0x1100}, "fsread", "filename=/link"},
		{"native", "newfstatat", [6]uint64{5, 0x1200, 0, 0}, "fsread", "filename=/dir5/x"},
		{"native", "newfstatat", [6]uint64{5, 0x1100, 0, atSymlinkNofollow}, "fsread", "filename=/link"},
		{"native", "newfstatat", [6]uint64{5, 0x1300, 0, atEmptyPath}, "", ""},
		{"native", "statx", [6]uint64{5, 0x1100, atSymlinkNofollow}, "fsread", "filename=/link"},
		{"native", "faccessat2", [6]uint64{5, 0x1000}, "fsread", "filename=/etc/hosts"},
		{"native", "readlinkat", [6]uint64{5, 0x1100}, "fsread", "filename=/link"},
		{"native", "execve", [6]uint64{0x1000, 0x3000}, "", "filename=/etc/hosts argv=/etc/hosts -l"},
		{"linux64", "execve", [6]uint64{0x1000, 0x3000}, "", "filename=/etc/hosts"},
		{"native", "unlinkat", [6]uint64{5, 0x1100, 0}, "fswrite", "filename=/link"},
		{"native", "unlinkat", [6]uint64{5, 0x1100, atRemovedir}, "fswrite", "filename=/target"},
		{"native", "mkdirat", [6]uint64{5, 0x1200}, "fswrite", "filename=/dir5/x"},
		{"native", "truncate", [6]uint64{0x1000}, "fswrite", "filename=/etc/hosts"},
		{"linux64", "truncate", [6]uint64{0x1000}, "", ""},
		{"native", "mknod", [6]uint64{0x1000, sIFIFO | 0o644}, "fswrite", "filename=/etc/hosts mode=644"},
		{"linux64", "mknodat", [6]uint64{5, 0x1000, sIFIFO | 0o644}, "", "filename=/etc/hosts mode=644"},
		{"native", "chmod", [6]uint64{0x1000, 0o104755}, "", "filename=/etc/hosts mode=4755"},
		{"native", "chmod", [6]uint64{0x1000, 0}, "", "filename=/etc/hosts mode=0"},
		{"native", "fchmodat2", [6]uint64{5, 0x1000, 0o644}, "", "filename=/etc/hosts mode=644"},
		{"native", "fchmod", [6]uint64{3, 0o644}, "", "fd=3 mode=644"},
		{"native", "chown", [6]uint64{0x1000, 0, 0xffffffff}, "", "filename=/etc/hosts uid=0 gid=-1"},
		{"native", "fchownat", [6]uint64{5, 0x1100, 1, 2, atSymlinkNofollow}, "", "filename=/link uid=1 gid=2"},
		{"native", "rename", [6]uint64{0x1000, 0x1100}, "", "filename=/etc/hosts filename=/link"},
		{"native", "renameat2", [6]uint64{5, 0x1200, 5, 0x1000}, "", "filename=/dir5/x filename=/etc/hosts"},
		{"native", "symlinkat", [6]uint64{0x1000, 5, 0x1200}, "", "string=/etc/hosts filename=/dir5/x"},
		{"native", "setuid", [6]uint64{0}, "", "uid=0 uname=root"},
		{"native", "setuid", [6]uint64{12}, "", "uid=12 uname=<unknown>"},
		{"native", "setresuid", [6]uint64{0xffffffff, 0, 0xffffffff}, "", "uid=0 uname=root"},
		{"native", "setresuid", [6]uint64{0, 0, 0}, "", ""},
		{"native", "socket", [6]uint64{2, 1 | 0x80000}, "", "sockdom=AF_INET socktype=SOCK_STREAM"},
		{"native", "socket", [6]uint64{16, 9}, "", "sockdom=AF_UNKNOWN(16) socktype=SOCK_UNKNOWN(9)"},
		{"native", "connect", [6]uint64{3, 0x2000, 16}, "", "sockaddr=inet-[127.0.0.1]:80"},
		{"native", "connect", [6]uint64{3, 0x2100, 28}, "", "sockaddr=inet-[fe80::1%3]:53"},
		{"native", "bind", [6]uint64{3, 0x2200, 11}, "", "sockaddr=/dev/log"},
		{"native", "bind", [6]uint64{3, 0x2300, 11}, "", "sockaddr="},
		{"native", "bind", [6]uint64{3, 0x2200, 2}, "", "sockaddr=error"},
		{"native", "connect", [6]uint64{3, 0x2400, 16}, "", "sockaddr=family(0)"},
		{"native", "connect", [6]uint64{3, 0, 16}, "", ""},
		{"native", "connect", [6]uint64{3, 0x2000, 129}, "", ""},
		{"native", "sendto", [6]uint64{3, 0, 0, 0, 0, 0}, "", ""},
		{"native", "sendmsg", [6]uint64{3, 0x4000}, "", "sockaddr=inet-[127.0.0.1]:80"},
		{"native", "sendmsg", [6]uint64{3, 0x4100}, "", "sockaddr=<unknown>"},
		{"native", "sendmsg", [6]uint64{3, 0x9000}, "", ""},
		{"native", "kill", [6]uint64{77, 15}, "", "pidname=/bin/sleep signame=SIGTERM"},
		{"native", "kill", [6]uint64{0xffffffff, 5}, "", "pidname=<every process: -1> signame=<unknown>: 5"},
		{"native", "kill", [6]uint64{0, 2}, "", "pidname=<own process group> signame=SIGINT"},
		{"native", "kill", [6]uint64{0xffffffb3, 2}, "", "pidname=pg:/bin/sleep signame=SIGINT"},
		{"native", "tgkill", [6]uint64{77, 78, 6}, "", "pidname=/bin/sleep signame=SIGABRT"},
		{"native", "fcntl", [6]uint64{3, 2}, "", "cmd=F_SETFD"},
		{"native", "fcntl", [6]uint64{3, 1030}, "", "cmd=<unknown>: 1030"},
		{"linux64", "ioctl", [6]uint64{0, 0x5401}, "", "cmd=TCGETS"},
		{"linux64", "ioctl", [6]uint64{0, 0xdead00005412}, "", "cmd=TIOCSTI"},
		{"native", "ioctl", [6]uint64{0, 0xffffffffc0de}, "", "cmd=<unknown>: 0xffffc0de"},
		{"native", "mmap", [6]uint64{0, 0, 5}, "", "prot=PROT_READ|PROT_EXEC"},
		{"native", "mprotect", [6]uint64{0, 0, 0}, "", "prot=PROT_NONE"},
		{"native", "mprotect", [6]uint64{0, 0, 0x01000013}, "", "prot=PROT_READ|PROT_WRITE|PROT_GROWSDOWN|<unknown:0x10>"},
		{"native", "read", [6]uint64{0, 0, 0}, "", ""},
	} {
		t.Run(fmt.Sprintf("%s %s %x", c.emulation, c.call, c.args), func(t *testing.T) {
			qs, err := Questions(c.emulation, &Call{abi.AMD64.Name, c.call, c.args}, testMemory)
			if err != nil || len(qs) != 1 {
				t.Fatalf("%v, %v", qs, err)
			}
			if got := texts(qs[0].Args); got != c.want || qs[0].Alias != c.alias {
				t.Errorf("%q alias %q, want %q alias %q", got, qs[0].Alias, c.want, c.alias)
			}
			if c.alias != "" && (len(qs[0].AliasArgs) != 1 || qs[0].AliasArgs[0].Name != "filename") {
				t.Errorf("the alias sees %q", qs[0].AliasArgs)
			}
		})
	}
}

func TestSeveral(t *testing.T) {
	qs, err := Questions("native", &Call{abi.AMD64.Name, "sendmmsg", [6]uint64{3, 0x5000, 2}}, testMemory)
	if err != nil || len(qs) != 2 || texts(qs[0].Args) != "sockaddr=inet-[127.0.0.1]:80" || texts(qs[1].Args) != "sockaddr=/dev/log" {
		t.Errorf("sendmmsg: %v, %v", qs, err)
	}
	qs, err = Questions("native", &Call{abi.AMD64.Name, "renameat2", [6]uint64{5, 0x1200, 5, 0x1000, renameExchange}}, testMemory)
	if err != nil || len(qs) != 2 || texts(qs[1].Args) != "filename=/etc/hosts filename=/dir5/x" {
		t.Errorf("an exchange: %v, %v", qs, err)
	}
	qs, err = Questions("linux", &Call{abi.I386.Name, "socketcall", [6]uint64{3, 0x6000}}, testMemory)
	if err != nil || len(qs) != 1 || qs[0].Names[0] != "connect" || texts(qs[0].Args) != "sockaddr=inet-[127.0.0.1]:80" {
		t.Errorf("socketcall: %v, %v", qs, err)
	}
	qs, err = Questions("linux", &Call{abi.I386.Name, "mmap", [6]uint64{0x6100}}, testMemory)
	if err != nil || texts(qs[0].Args) != "prot=PROT_READ|PROT_EXEC" {
		t.Errorf("old mmap: %v, %v", qs, err)
	}
}

// TestUnreadable: a file name that cannot be read denies the call.
func TestUnreadable(t *testing.T) {
	for _, call := range []string{"open", "rename", "execve", "truncate"} {
		if _, err := Questions("native", &Call{abi.AMD64.Name, call, [6]uint64{0x9999, 0x9999}}, testMemory); !errors.Is(err, ErrPath) {
			t.Errorf("%s with a bad address: %v", call, err)
		}
	}
}

// TestNames: which rules are about a call. A rule on open covers all that
// opens; nothing that opens goes by a harmless name.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		emulation, call string
		args            [6]uint64
		want            string
	}{
		{"native", "openat2", [6]uint64{}, "openat open"},
		{"native", "creat", [6]uint64{}, "compat_43_ocreat open"},
		{"linux64", "openat2", [6]uint64{}, "openat2 openat open"},
		{"linux", "creat", [6]uint64{}, "creat open"},
		{"native", "rt_sigaction", [6]uint64{}, "compat_43_osigvec sigaction"},
		{"native", "exit_group", [6]uint64{}, "exit"},
		{"netbsd", "stat", [6]uint64{}, "stat __stat13 __stat30 __stat50 compat_12_stat12 compat_30___stat13 compat_35_stat compat_43_ostat"},
		{"native", "newfstatat", [6]uint64{0, 0, 0, atEmptyPath}, "fstat compat_35_fstat compat_43_ofstat"},
		{"linux", "stat", [6]uint64{}, "stat newstat ostat stat64"},
		{"linux", "fcntl", [6]uint64{}, "fcntl fcntl64"},
		{"native", "clone", [6]uint64{0x3d0f00}, "__tfork _lwp_create rfork __clone"},
		{"native", "clone", [6]uint64{17}, "fork vfork __vfork14 rfork __clone"},
		{"linux64", "clone", [6]uint64{0x4111}, "clone vfork __vfork14 fork rfork __clone"},
		{"native", "setresuid", [6]uint64{0xffffffff, 1, 0xffffffff}, "setresuid seteuid"},
		{"native", "uname", [6]uint64{}, "compat_09_ogetdomainname compat_09_ouname compat_43_ogethostname __sysctl sysctl"},
		{"linux64", "mmap", [6]uint64{}, "mmap mmap2 old_mmap"},
		{"native", "mmap", [6]uint64{}, "mmap compat_43_ommap mmap2 old_mmap"},
		{"native", "io_uring_setup", [6]uint64{}, "io_uring_setup"},
		{"native", "open_by_handle_at", [6]uint64{}, "fhopen"},
	} {
		got := Names(c.emulation, &Call{abi.AMD64.Name, c.call, c.args})
		want := strings.Fields(c.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("Names(%s, %s %x) = %q, want %q", c.emulation, c.call, c.args, got, want)
		}
	}
}

// TestNotEscaped: under a policy that lets /etc be read and nothing else be
// opened, no call opens anything else.
func TestNotEscaped(t *testing.T) {
	for _, text := range []string{
		"Policy: /bin/x, Emulation: %s\n\t%[1]s-open: filename match \"/etc\" and oflags eq \"ro\" then permit\n",
		"Policy: /bin/x, Emulation: %s\n\t%[1]s-fsread: filename match \"/etc\" then permit\n",
	} {
		for _, emulation := range []string{"native", "netbsd", "linux", "linux64", "freebsd"} {
			f, err := syntax.Parse("x", fmt.Appendf(nil, text, emulation), syntax.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Compile(f.Sections[0], &policy.Env{})
			if err != nil {
				t.Fatal(err)
			}
			for _, arch := range abi.All {
				for _, call := range arch.Calls() {
					notEscaped(t, arch, call.Name, emulation, p, f)
				}
			}
		}
	}
}

// reads are the calls that read or look at a path.
var reads = []string{"stat", "lstat", "access", "readlink", "newfstatat", "statx", "faccessat", "faccessat2", "readlinkat", "open", "openat",
	"stat64", "lstat64", "fstatat64", "oldstat", "oldlstat"}

// notEscaped makes a call with a path that the policy lets be read, and with
// another one.
func notEscaped(t *testing.T, arch *abi.Arch, call, emulation string, p *policy.Policy, f *syntax.File) {
	for _, path := range []uint64{0x1000, 0x1200} {
		for _, at := range []int{0, 1} {
			c := &Call{Arch: arch.Name, Name: call}
			for i := range c.Args {
				c.Args[i] = 0x3100 // readable; as flags, O_RDONLY
			}
			c.Args[at] = path
			qs, err := Questions(emulation, c, testMemory)
			if err != nil {
				continue
			}
			permitted := true
			for i := range qs {
				v := p.Decide(&qs[i])
				permitted = permitted && v.Covered && v.Action == syntax.Permit
			}
			if permitted && !(slices.Contains(reads, call) && path == 0x1000) {
				t.Errorf("%s, %s: %s of %#x is permitted by\n%s", arch.Name, emulation, call, path, syntax.Print(f))
			}
		}
	}
}
