//go:build unix

package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pledge-linux/pledge/cmd/internal/options"
)

// A commandLine is what a full command line asks for.
type commandLine struct {
	options.Options
	Require         []string
	Profile         string
	Report          string
	ReportFormat    string
	Syslog, Journal bool
	DryRun          bool
	DumpFilter      string
	Version, Help   bool
}

func newFlags(o *commandLine) *pflag.FlagSet {
	f := pflag.NewFlagSet("pledge", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	f.StringArrayVarP(&o.Unveil, "unveil", "u", nil, "unveil `PERMS:PATH` (r, w, x, c); hides every other path; repeatable")
	f.StringArrayVar(&o.Optional, "unveil-optional", nil, "as --unveil, skipped if `PERMS:PATH` does not exist")
	f.BoolVar(&o.Create, "unveil-create", false, "create an unveiled file that does not exist, if c is among its permissions")
	f.StringVarP(&o.Profile, "profile", "P", "", "take promises, paths and options from the profile `NAME` or file")
	f.BoolVar(&o.Kill, "kill", false, "kill the program at the first violation, status 134, instead of refusing the call")
	f.BoolVar(&o.Exec, "exec", false, "become the program: same process, no supervisor, no report")
	f.BoolVar(&o.BestEffort, "best-effort", false, "run even if the kernel cannot enforce something; say what")
	f.StringSliceVar(&o.Require, "require", nil, "refuse to run without `FEATURE`[,...], such as landlock=4, kernel=6.2, supervisor")
	f.StringVarP(&o.Chdir, "chdir", "C", "", "run in `DIR`")
	f.StringArrayVarP(&o.Env, "env", "e", nil, "set `NAME=VALUE`, or keep NAME under --clear-env; repeatable")
	f.BoolVar(&o.ClearEnv, "clear-env", false, "start with an empty environment but for PATH, HOME, TERM, LANG, USER and --env")
	f.StringSliceVar(&o.Limits, "limit", nil, "resource limits `NAME=VALUE`[,...]: as, core, cpu, data, fsize, memlock, nofile, nproc, stack")
	f.StringVar(&o.User, "user", "", "run as `USER` (root only)")
	f.StringVar(&o.Group, "group", "", "run as `GROUP` (root only)")
	f.BoolVar(&o.KeepCaps, "keep-caps", false, "keep root's capabilities that no promise stands for")
	f.Var(numbers{&o.KeepFDs}, "keep-fd", "keep inherited descriptor `N`; others above 2 are closed")
	f.Var(numbers{&o.Connect}, "tcp-connect", "limit TCP connects to `PORT`[,...]")
	f.Var(numbers{&o.Bind}, "tcp-bind", "limit TCP listeners to `PORT`[,...]")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "do not report refusals on standard error")
	f.StringVar(&o.Report, "report", "", "write the report to `FILE`")
	f.StringVar(&o.ReportFormat, "report-format", "text", "`FORMAT` of --report: text or json (an object a line)")
	f.BoolVar(&o.ReportUnveil, "report-unveil", false, "report opens that unveil refuses too; every open takes longer")
	f.BoolVar(&o.StrictUnveil, "strict-unveil", false, "answer stat, access and readlink by unveil as well; such calls and every open take longer")
	f.BoolVar(&o.Syslog, "syslog", false, "report to the system log")
	f.BoolVar(&o.Journal, "journal", false, "report to systemd's journal")
	f.BoolVar(&o.DryRun, "dry-run", false, "say what would be enforced and run nothing")
	f.StringVar(&o.DumpFilter, "dump-filter", "", "print the seccomp filter as `FORMAT` bpf or pfc and run nothing")
	f.Lookup("dump-filter").NoOptDefVal = "bpf"
	f.BoolVar(&o.Version, "version", false, "print the version")
	f.BoolVarP(&o.Help, "help", "h", false, "print this help")
	return f
}

// numbers is a flag that takes a list of numbers, and may be repeated.
type numbers struct{ to *[]int }

func (n numbers) Set(list string) error {
	for text := range strings.SplitSeq(list, ",") {
		v, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return errors.New("want a number, or several with commas between them, not a name")
		}
		*n.to = append(*n.to, v)
	}
	return nil
}

func (n numbers) Type() string { return "ints" }

func (n numbers) String() string {
	var list []string
	for _, v := range *n.to {
		list = append(list, strconv.Itoa(v))
	}
	return strings.Join(list, ",")
}

// parseArgs reads a command line. With a -- options may stand anywhere before
// it; without one the first word that is no option ends them.
func parseArgs(args []string) (*commandLine, *pflag.FlagSet, error) {
	o := &commandLine{}
	f := newFlags(o)
	before, command, split := cut(args)
	f.SetInterspersed(split)
	if err := f.Parse(before); err != nil {
		return o, f, err
	}
	if err := refuseEmpty(f); err != nil {
		return o, f, err
	}
	rest := f.Args()
	o.Command = command
	if len(rest) > 0 && (split || o.Profile == "") {
		o.Promises, o.HavePromises = rest[0], true
		rest = rest[1:]
	}
	if !split {
		o.Command = rest
		return o, f, nil
	}
	return o, f, extra(rest)
}

func extra(rest []string) error {
	if len(rest) == 0 {
		return nil
	}
	return errorf("%q is neither an option nor part of the promises: write all promises as one argument, pledge \"stdio rpath\" -- command", strings.Join(rest, " "))
}

func cut(args []string) (before, after []string, found bool) {
	for i, a := range args {
		if a == "--" {
			return args[:i], args[i+1:], true
		}
	}
	return args, nil, false
}

// emptyMeans are the options whose empty value says something: no promises.
var emptyMeans = []string{"within", "systrace"}

// refuseEmpty refuses options that are given without a value, as by a script
// whose variable is not set. They would be as if they were not given, and most
// of them take something away.
func refuseEmpty(f *pflag.FlagSet) (err error) {
	f.Visit(func(flag *pflag.Flag) {
		if slices.Contains(emptyMeans, flag.Name) {
			return
		}
		empty := flag.Value.String() == ""
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			values := list.GetSlice()
			empty = len(values) == 0 || slices.Contains(values, "")
		}
		if empty && err == nil {
			err = errorf("--%s is given without a value: leave it out, or say what it shall be", flag.Name)
		}
	})
	return err
}
