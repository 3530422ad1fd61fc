//go:build amd64 || arm64

package launcher

import "testing"

func TestParsePlace(t *testing.T) {
	for text, want := range map[string][2]uint64{
		"41 0x1 0x80801 0x0 0x20 0xffffffff 0x0 0x7ffd23876048 0x7fd3fe18c2ad\n": {0x7ffd23876048, 0x7fd3fe18c2ad},
		"-1 0x7ffd23876048 0x7fd3fe18c2ad\n":                                     {},
		"running\n":                                                              {},
		"":                                                                       {},
		"41 1 2 3 4 5 6 x 0x7fd3fe18c2ad\n":                                      {},
	} {
		sp, pc, ok := parsePlace(text)
		if ok != (want[0] != 0) || ok && (sp != want[0] || pc != want[1]) {
			t.Errorf("parsePlace(%q) = %#x %#x %t", text, sp, pc, ok)
		}
	}
}

func TestCodeAt(t *testing.T) {
	const maps = `1000-2000 r-xp 00000000 fe:00 10 /usr/bin/a
2000-3000 rw-p 00000000 fe:00 10 /usr/bin/a
3000-4000 r-xp 00000000 00:00 0
4000-5000 r-xp 00000000 fe:00 11 /usr/lib/libc.so.6
`
	for addr, want := range map[uint64]string{0xfff: "", 0x1000: "/usr/bin/a", 0x2000: "", 0x3000: "", 0x4fff: "/usr/lib/libc.so.6", 0x5000: ""} {
		if got := codeAt(maps, addr); got != want {
			t.Errorf("codeAt(%#x) = %q, want %q", addr, got, want)
		}
	}
}

func TestIsLibc(t *testing.T) {
	for file, want := range map[string]bool{
		"/usr/lib/x86_64-linux-gnu/libc.so.6": true,
		"/lib/libc-2.28.so":                   true,
		"/lib/libc.so":                        false, // musl's has no such cache by default
		"/usr/bin/node":                       false,
		"":                                    false,
	} {
		if isLibc(file) != want {
			t.Errorf("isLibc(%q) = %t", file, !want)
		}
	}
}
