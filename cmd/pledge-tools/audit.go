//go:build unix

package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/rules"
)

// explainAudit decodes lines of the kernel's audit log about calls that a filter
// killed (type=1326, AUDIT_SECCOMP): what was called, and the words that would
// admit it. Lines are args, or are read from r; others than such are passed over.
func explainAudit(w io.Writer, r io.Reader, args []string) error {
	if len(args) > 0 {
		r = strings.NewReader(strings.Join(args, "\n"))
	}
	found := false
	lines := bufio.NewReaderSize(r, maxAuditLine)
	for {
		line, err := auditText(lines)
		if text, ok := auditLine(line); ok {
			found = true
			fmt.Fprintln(w, text)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return errorf("no line of the audit log about a killed call (type=1326 … syscall=N): take them from dmesg or ausearch -m SECCOMP")
	}
	return nil
}

// maxAuditLine is longer than any line of the kernel's. Others may be longer.
const maxAuditLine = 16 << 10

// auditText reads a line, and of one that is too long its beginning.
func auditText(r *bufio.Reader) (string, error) {
	line, more, err := r.ReadLine()
	text := string(line)
	for more && err == nil {
		_, more, err = r.ReadLine()
	}
	return text, err
}

// auditShape is how a record begins: the kernel's, behind what dmesg, syslog and the
// journal write before its lines, or auditd's. Who else writes to a log has another
// name there.
var auditShape = regexp.MustCompile(`^(?:` +
	`(?:<\d+>|\w+ *:\w+ *: *)?(?:\[[^\]]{1,40}\] *)?(?:audit: )?type=1326 audit\([\d.:]+\): ?|` +
	`(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\d[T ]\S+) \S+ kernel: (?:\[ *[\d.]+\] *)?(?:audit: )?type=1326 audit\([\d.:]+\): ?|` +
	`(?:node=\S+ )?type=(?:SECCOMP|1326) msg=audit\([^)]{1,60}\) ?: ?)`)

// auditField is any field: what looks like one inside of quotes is none.
var auditField = regexp.MustCompile(`\b([a-z]+)=("[^"]*"|\S+)`)

func auditLine(line string) (string, bool) {
	start := auditShape.FindStringIndex(line)
	if start == nil {
		return "", false
	}
	field := map[string]string{}
	for _, m := range auditField.FindAllStringSubmatch(line[start[1]:], -1) {
		if _, given := field[m[1]]; !given {
			field[m[1]] = m[2]
		}
	}
	audit, err1 := strconv.ParseUint(field["arch"], 16, 32)
	nr, err2 := strconv.ParseUint(field["syscall"], 10, 32)
	if err1 != nil || err2 != nil {
		return "", false
	}
	pid, err := strconv.ParseUint(field["pid"], 10, 32)
	if err != nil {
		return "", false
	}
	who := fmt.Sprintf("%s[%d]: ", quote.Word(untrusted(field["comm"])), pid)
	arch := abi.ByAudit(uint32(audit))
	if arch == nil {
		return who + fmt.Sprintf("a call of architecture %#x, which is never admitted", audit), true
	}
	name := arch.CallName(uint32(nr))
	if name == "" {
		return who + fmt.Sprintf("syscall %d of %s, which no table knows", nr, arch.Name), true
	}
	return who + fmt.Sprintf("syscall %d (%s, %s): %s", nr, name, arch.Name, admitting(name)), true
}

// untrusted reads a name as the kernel writes it: in quotes, or in hexadecimal if
// there is a blank, a quote or anything unprintable in it.
func untrusted(s string) string {
	if name, ok := strings.CutPrefix(s, `"`); ok {
		return strings.TrimSuffix(name, `"`)
	}
	if raw, err := hex.DecodeString(s); err == nil {
		return strings.TrimRight(string(raw), "\x00")
	}
	return s
}

// admitting names the words that admit a call, in part or whole.
func admitting(call string) string {
	var words []string
	for _, set := range rules.Admitting(call) {
		words = append(words, strconv.Quote(set.String()))
	}
	if len(words) == 0 {
		return "in no promise"
	}
	return "needs one of " + strings.Join(words, ", ") + ", by its arguments: pledge explain " + call
}
