//go:build unix

package main

import (
	"bytes"
	"strings"
	"testing"
)

// Lines of the kernel's are decoded, whoever wrote them down, and no others.
func TestAuditLines(t *testing.T) {
	const fields = `auid=1 uid=0 gid=0 ses=1 pid=12 comm="prog" exe="/x" sig=31 arch=c000003e syscall=83 compat=0 ip=0x0 code=0x0`
	const record = "type=1326 audit(1795661608.486:7227): " + fields
	for line, want := range map[string]bool{
		record: true, "audit: " + record: true, "[ 8282.924236] audit: " + record: true, "[Thu Nov 26 02:31:04 2026] audit: " + record: true,
		"kern  :notice: [ 8282.924236] audit: " + record:               true,
		"<5>[ 8282.924236] audit: " + record:                           true,
		"Nov 26 02:31:04 host kernel: [ 8282.924236] audit: " + record: true, "Nov  6 02:31:04 host kernel: audit: " + record: true,
		"2026-11-26T02:31:04.123456+00:00 host kernel: audit: " + record:                    true,
		"type=SECCOMP msg=audit(1795661608.486:7227): " + fields:                            true,
		"node=host type=SECCOMP msg=audit(1795661608.486:7227): " + fields:                  true,
		"Oct 1 host evil[7]: type=1326 pid=1 comm=\"sshd\" arch=c000003e syscall=59":        false,
		"Oct  1 02:31:04 host evil[7]: audit: " + record:                                    false,
		"Oct  1 02:31:04 host evil: kernel: audit: " + record:                               false,
		"Oct  1 02:31:04 host evil: [ 8282.924236] audit: " + record:                        false,
		"Oct  1 02:31:04 host evil: type=SECCOMP msg=audit(1795661608.486:7227): " + fields: false,
		" " + record: false, "type=1326 " + fields: false, "type=1400 audit(1.2:3): " + fields: false,
		`type=1300 audit(1.2:3): comm="type=1326 audit(1.2:3):" ` + fields: false,
	} {
		text, ok := auditLine(line)
		if ok != want || ok && !strings.HasPrefix(text, "prog[12]: syscall 83 (mkdir") {
			t.Errorf("%s: %q, %v", line, text, ok)
		}
	}
}

// A line may be as long as it likes: it is passed over, and the ones around it are
// not.
func TestAuditLongLines(t *testing.T) {
	const record = `type=1326 audit(1.2:3): pid=12 comm="prog" arch=c000003e syscall=83`
	for _, n := range []int{100, maxAuditLine - 1, maxAuditLine, maxAuditLine + 1, 1 << 20} {
		// What follows in a long line begins no other.
		long := strings.Repeat("x", n) + record
		for _, end := range []string{"\n", "\r\n", ""} {
			var out bytes.Buffer
			err := explainAudit(&out, strings.NewReader(record+"\n"+long+"\n"+record+end), nil)
			if got := strings.Count(out.String(), "mkdir,"); err != nil || got != 2 {
				t.Errorf("%d, %q: %v, %d calls", n, end, err, got)
			}
		}
	}
}
