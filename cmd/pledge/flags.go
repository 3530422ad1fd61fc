package main

import (
	"strings"

	"github.com/spf13/pflag"
)

// options are those of the launching command line.
type options struct {
	unveil, optional []string
	create           bool
	exec, kill       bool
	bestEffort       bool
	require          []string
	chdir            string
	env              []string
	clearEnv         bool
	limits           []string
	user, group      string
	keepCaps         bool
	keepFDs          []int
	connect, bind    []int
	profile          string
	quiet            bool
	report           string
	reportFormat     string
	strictUnveil     bool
	reportUnveil     bool
	syslog, journal  bool
	dryRun           bool
	dumpFilter       string
	version, help    bool
	promises         string
	havePromises     bool
	command          []string
}

func newFlags(o *options) *pflag.FlagSet {
	f := pflag.NewFlagSet("pledge", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	f.StringArrayVarP(&o.unveil, "unveil", "u", nil, "unveil `PERMS:PATH` (r, w, x, c); hides every other path; repeatable")
	f.StringArrayVar(&o.optional, "unveil-optional", nil, "as --unveil, skipped if `PERMS:PATH` does not exist")
	f.BoolVar(&o.create, "unveil-create", false, "create an unveiled file that does not exist, if c is among its permissions")
	f.StringVarP(&o.profile, "profile", "P", "", "take promises, paths and options from the profile `NAME` or file")
	f.BoolVar(&o.kill, "kill", false, "kill the program at the first violation, status 134, instead of refusing the call")
	f.BoolVar(&o.exec, "exec", false, "become the program: same process, no supervisor, no report")
	f.BoolVar(&o.bestEffort, "best-effort", false, "run even if the kernel cannot enforce something; say what")
	f.StringSliceVar(&o.require, "require", nil, "refuse to run without `FEATURE`[,...], such as landlock=4, kernel=6.2, supervisor")
	f.StringVarP(&o.chdir, "chdir", "C", "", "run in `DIR`")
	f.StringArrayVarP(&o.env, "env", "e", nil, "set `NAME=VALUE`, or keep NAME under --clear-env; repeatable")
	f.BoolVar(&o.clearEnv, "clear-env", false, "start with an empty environment but for PATH, HOME, TERM, LANG, USER and --env")
	f.StringSliceVar(&o.limits, "limit", nil, "resource limits `NAME=VALUE`[,...]: as, core, cpu, data, fsize, memlock, nofile, nproc, stack")
	f.StringVar(&o.user, "user", "", "run as `USER` (root only)")
	f.StringVar(&o.group, "group", "", "run as `GROUP` (root only)")
	f.BoolVar(&o.keepCaps, "keep-caps", false, "keep root's capabilities that no promise stands for")
	f.IntSliceVar(&o.keepFDs, "keep-fd", nil, "keep inherited descriptor `N`; others above 2 are closed")
	f.IntSliceVar(&o.connect, "tcp-connect", nil, "limit TCP connects to `PORT`[,...]")
	f.IntSliceVar(&o.bind, "tcp-bind", nil, "limit TCP listeners to `PORT`[,...]")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "do not report refusals on standard error")
	f.StringVar(&o.report, "report", "", "write the report to `FILE`")
	f.StringVar(&o.reportFormat, "report-format", "text", "`FORMAT` of --report: text or json (an object a line)")
	f.BoolVar(&o.reportUnveil, "report-unveil", false, "report opens that unveil refuses too; every open takes longer")
	f.BoolVar(&o.strictUnveil, "strict-unveil", false, "answer stat, access and readlink by unveil as well; such calls and every open take longer")
	f.BoolVar(&o.syslog, "syslog", false, "report to the system log")
	f.BoolVar(&o.journal, "journal", false, "report to systemd's journal")
	f.BoolVar(&o.dryRun, "dry-run", false, "say what would be enforced and run nothing")
	f.StringVar(&o.dumpFilter, "dump-filter", "", "print the seccomp filter as `FORMAT` bpf or pfc and run nothing")
	f.Lookup("dump-filter").NoOptDefVal = "bpf"
	f.BoolVar(&o.version, "version", false, "print the version")
	f.BoolVarP(&o.help, "help", "h", false, "print this help")
	return f
}

// parseArgs reads a command line. With a -- options may stand anywhere before
// it; without one the first word that is no option ends them.
func parseArgs(args []string) (*options, *pflag.FlagSet, error) {
	o := &options{}
	f := newFlags(o)
	before, command, split := cut(args)
	f.SetInterspersed(split)
	if err := f.Parse(before); err != nil {
		return o, f, err
	}
	rest := f.Args()
	o.command = command
	if len(rest) > 0 && (split || o.profile == "") {
		o.promises, o.havePromises = rest[0], true
		rest = rest[1:]
	}
	if !split {
		o.command = rest
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
