//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/quote"
)

// Plan says which calls the filter decides under a program's policy, and which
// rules reach the supervisor.
func Plan(w io.Writer, o Options) error {
	path, err := exec.LookPath(o.Argv[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		path = o.Argv[0] // a policy can be looked at where its program is not
	}
	e := &engine{o: o, arch: abi.ByName(runtime.GOARCH), uid: uint32(os.Getuid()), gid: uint32(os.Getgid()), policies: map[string]*live{}, asRoot: os.Getuid() == 0}
	first, err := e.policyOf(path)
	if err != nil {
		return err
	}
	if first.loaded == nil {
		return fmt.Errorf("there is no policy for %s", quote.Word(path))
	}
	list, err := e.fast(first)
	if err != nil {
		return err
	}
	decided := map[string]bool{}
	fmt.Fprintf(w, "%s: the filter decides\n", quote.Word(path))
	for _, f := range list[0].List {
		decided[f.Call] = f.Mask == 0
		values := ""
		if f.Mask != 0 {
			values = fmt.Sprintf(" where argument %d under %#x is one of %#x", f.Arg, f.Mask, f.Values)
		}
		fmt.Fprintf(w, "  %-20s %s%s: %s\n", f.Call, f.Verdict, values, f.Why)
	}
	fmt.Fprintf(w, "the supervisor decides\n")
	for _, r := range first.section.Rules {
		if r.Simple && !policy.IsAlias(r.Call) && decided[r.Call] {
			continue
		}
		fmt.Fprintf(w, "  %s: %s-%s: %s: %s\n", r.Pos, r.Emulation, r.Call, quote.Text(r.Text()), whySupervised(r))
	}
	return nil
}

// whySupervised says what of a rule a filter cannot decide.
func whySupervised(r *syntax.Rule) string {
	switch {
	case r.As != nil:
		return "made with other credentials"
	case r.Log:
		return "logged"
	case r.Action == syntax.Ask:
		return "asked"
	case r.Simple || r.Expr == nil:
		return "begins a process or a program, or changes what the supervisor goes by"
	}
	why := "for all calls that it is about"
	syntax.Walk(r.Expr, func(x syntax.Expr) {
		if c, ok := x.(*syntax.Cond); ok {
			why = "looks at " + c.Name
		}
	})
	return why
}
