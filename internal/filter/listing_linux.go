package filter

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/rules"
)

// Listing writes the program as numbered BPF instructions.
func (p *Program) Listing(w io.Writer) error {
	for i, c := range p.Code {
		if _, err := fmt.Fprintf(w, "%4d: %s\n", i, instruction(i, c)); err != nil {
			return err
		}
	}
	return nil
}

func instruction(i int, c unix.SockFilter) string {
	jump := func(op string) string {
		return fmt.Sprintf("if (A %s %#x) goto %d else goto %d", op, c.K, i+1+int(c.Jt), i+1+int(c.Jf))
	}
	switch c.Code {
	case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
		return "A = " + field(c.K)
	case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
		return fmt.Sprintf("A &= %#x", c.K)
	case unix.BPF_JMP | unix.BPF_JA:
		return fmt.Sprintf("goto %d", i+1+int(c.K))
	case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
		return jump("==")
	case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
		return jump(">=")
	case unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K:
		return jump(">")
	case unix.BPF_RET | unix.BPF_K:
		return "return " + Verdict(c.K).String()
	}
	return fmt.Sprintf("%#x %d %d %#x", c.Code, c.Jt, c.Jf, c.K)
}

func field(off uint32) string {
	switch {
	case off == offNr:
		return "nr"
	case off == offArch:
		return "arch"
	case off >= offArgs && off%8 == 4:
		return fmt.Sprintf("args[%d] >> 32", (off-offArgs)/8)
	case off >= offArgs:
		return fmt.Sprintf("args[%d] & 0xffffffff", (off-offArgs)/8)
	}
	return fmt.Sprintf("data[%d]", off)
}

// PFC writes the rules as pseudo filter code, the form of libseccomp's
// seccomp_export_pfc(3).
func (o *Options) PFC(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "#\n# pseudo filter code start\n#\n# filter for arch %s (%#x)\nif ($arch == %#x)\n", o.Arch.Name, o.Arch.Audit, o.Arch.Audit)
	rules.All(func(call string, list []rules.Rule) bool {
		nr, ok := o.Arch.Number(call)
		if !ok {
			return true
		}
		verdict, use := o.taking(list)
		fmt.Fprintf(&b, "  # filter for syscall %q (%d)\n  if ($syscall == %d)\n", call, nr, nr)
		if use == nil {
			fmt.Fprintf(&b, "    action %s;\n", verdict)
			return true
		}
		for _, r := range use {
			o.pfcRule(&b, r)
		}
		fmt.Fprintf(&b, "    action %s;\n", o.Violation)
		return true
	})
	fmt.Fprintf(&b, "  # numbers that no table knows\n  action %s;\n# any other architecture\naction %s;\n#\n# pseudo filter code end\n#\n", NoSys, KillProcess)
	_, err := io.WriteString(w, b.String())
	return err
}

// taking selects the rules of a call that take part: what assembler.applying
// does with generated tables. Rules behind one without conditions never decide.
func (o *Options) taking(list []rules.Rule) (Verdict, []*rules.Rule) {
	var use []*rules.Rule
	for i := range list {
		r := &list[i]
		if !r.Applies(o.Set) {
			continue
		}
		if len(r.When) == 0 {
			if use == nil {
				return o.verdict(r.Action), nil
			}
			return 0, append(use, r)
		}
		use = append(use, r)
	}
	return o.Violation, use
}

func (o *Options) pfcRule(b *strings.Builder, r *rules.Rule) {
	var conds []string
	for i := range r.When {
		c := &r.When[i]
		var alts []string
		for _, v := range c.Resolve(o.Self) {
			alts = append(alts, fmt.Sprintf("$a%d & %#x == %#x", c.Arg, c.Mask, v&c.Mask))
		}
		text := strings.Join(alts, " || ")
		if c.Op == rules.NotIn {
			text = "!(" + text + ")"
		} else if len(alts) > 1 && len(r.When) > 1 {
			text = "(" + text + ")"
		}
		conds = append(conds, text)
	}
	verdict := o.verdict(r.Action)
	if len(conds) == 0 {
		fmt.Fprintf(b, "    action %s; # %s\n", verdict, r.Why)
		return
	}
	fmt.Fprintf(b, "    if (%s)\n      action %s; # %s\n", strings.Join(conds, " && "), verdict, r.Why)
}
