package main

import (
	"strings"
	"testing"
)

// A line counts if the kernel has written it, in any of the shapes that logs give
// it; others can write lines into a log as well, and very long ones.
func TestAuditLines(t *testing.T) {
	const killed = `type=1326 audit(1700000000.123:45): auid=1 uid=0 gid=0 ses=1 pid=12 comm="a" exe="/x" sig=31 arch=c000003e syscall=83 compat=0 ip=0x0 code=0x0`
	for _, before := range []string{"", "audit: ", "[   12.345678] audit: ", "[Thu Nov 26 02:57:32 2026] audit: ", "kern  :notice: [   12.3] audit: ",
		"Oct  1 12:00:00 host kernel: audit: ", "Oct 11 12:00:00.123456 host kernel: [ 1.5] audit: ", "2026-11-26T02:57:32+00:00 host kernel: audit: "} {
		if got, ok := auditLine(before + killed); !ok || !strings.HasPrefix(got, "a[12]: syscall 83 (mkdir") {
			t.Errorf("%q: %q, %v", before, got, ok)
		}
	}
	if _, ok := auditLine(strings.Replace("type=SECCOMP msg="+killed, "type=1326 ", "", 1)); !ok {
		t.Error("auditd's line is passed over")
	}
	for _, line := range []string{
		`Oct  1 12:00:00 host evil[7]: ` + killed, `Oct  1 12:00:00 host evil: kernel: audit: ` + killed, "x " + killed,
		`Oct  1 12:00:00 host evil[7]: type=1326 pid=1 comm="sshd" arch=c000003e syscall=59`, `type=1326 pid=1 comm="sshd" arch=c000003e syscall=59`,
	} {
		if got, ok := auditLine(line); ok {
			t.Errorf("%q is taken for the kernel's: %q", line, got)
		}
	}
	long := strings.Repeat("x", 1<<17) + killed + "\n"
	var out strings.Builder
	if err := explainAudit(&out, strings.NewReader(long+killed+"\n"+long+killed), nil); err != nil || strings.Count(out.String(), "a[12]: ") != 2 {
		t.Errorf("after a long line: %v\n%s", err, out.String())
	}
	if err := explainAudit(&out, strings.NewReader(long), nil); err == nil {
		t.Error("what is behind 64 KiB counts")
	}
}
