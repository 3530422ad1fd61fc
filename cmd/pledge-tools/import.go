//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
)

// importer is pledge import.
type importer struct {
	as      string
	asJSON  bool
	every   bool
	strict  bool
	failOn  string
	fine    string
	set     []string
	user    string
	options convert.Options
}

func importCommand(stdout io.Writer) *cobra.Command {
	im := &importer{}
	c := &cobra.Command{
		Use: "import FILE...", Short: "turn policies of systrace into promises and unveiled paths", Args: cobra.MinimumNArgs(1),
		Long: "Reads policies of systrace, or directories of them, and prints promises and\nunveiled paths that do the same, with what becomes of each rule.",
		RunE: func(c *cobra.Command, args []string) error { return im.run(stdout, c.ErrOrStderr(), args) },
	}
	f := c.Flags()
	f.StringVar(&im.as, "as", "command", "print a `FORM`: command, toml or go")
	f.BoolVar(&im.asJSON, "json", false, "print JSON, an object a policy")
	f.BoolVarP(&im.every, "verbose", "v", false, "report rules that mean the same, too")
	f.BoolVar(&im.strict, "strict", false, "accept only what systrace 1.6g accepted")
	f.StringVar(&im.failOn, "fail-on", "", "exit 1 if a rule is of this `CLASS` or worse: no-counterpart, narrower, wider")
	f.StringVar(&im.fine, "keep-fine", "", "write to `FILE` the policy that is needed besides to be as narrow as the original")
	f.StringArrayVar(&im.set, "set", nil, "value of a placeholder, `NAME=VALUE` for ${NAME}; repeatable")
	f.StringVar(&im.user, "user", "", "convert for `USER`, who decides \"if user\" and $USER; default: who runs this")
	f.StringVar(&im.options.Root, "root", "", "the program's root will be `DIR`: its paths are below")
	f.BoolVarP(&im.options.Inherit, "inherit", "i", false, "the policy was used with systrace -i")
	f.BoolVar(&im.options.Widen, "widen", false, "unveil a directory where a rule has a pattern of names in it")
	return c
}

func (im *importer) run(stdout, stderr io.Writer, args []string) error {
	if !slices.Contains([]string{"command", "toml", "go"}, im.as) {
		return errorf("--as %s: command, toml or go", im.as)
	}
	var limit convert.Class
	if im.failOn != "" {
		var err error
		if limit, err = convert.ParseClass(im.failOn); err != nil {
			return errorf("--fail-on: %v", err)
		}
	}
	if err := im.prepare(); err != nil {
		return err
	}
	results, failed := im.read(stderr, args)
	var out bytes.Buffer
	if err := im.print(&out, results); err != nil {
		return err
	}
	if err := im.writeFine(results); err != nil {
		return err
	}
	if _, err := stdout.Write(out.Bytes()); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return im.judge(results, limit)
}

func (im *importer) prepare() error {
	im.options.Vars = map[string]string{}
	for _, s := range im.set {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return errorf("--set %s: NAME=VALUE", s)
		}
		im.options.Vars[name] = value
	}
	u, err := user.Current()
	if im.user != "" {
		u, err = user.Lookup(im.user)
	}
	if err != nil {
		return errorf("--user: %v", err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	im.options.UID, im.options.GID, im.options.User = uint32(uid), uint32(gid), u.Username
	return nil
}

// errQuiet is an error that has been told already.
var errQuiet = errors.New("")

// read converts every section of every file. Errors are told one by one.
func (im *importer) read(stderr io.Writer, args []string) (results []*convert.Result, failed error) {
	tell := func(err error) {
		failed = errQuiet
		for _, line := range quote.Errors(err) {
			fmt.Fprintf(stderr, "pledge: %s\n", line)
		}
	}
	for _, arg := range args {
		files, err := policyFiles(arg)
		if err != nil {
			tell(err)
		}
		for _, file := range files {
			sections, err := readPolicy(stderr, file, im.strict)
			if err != nil {
				tell(err)
				continue
			}
			for _, s := range sections {
				results = append(results, convert.Section(s, im.options))
			}
		}
	}
	return results, failed
}

// policyFiles are the regular files of a directory, or the file.
func policyFiles(arg string) (files []string, err error) {
	if st, err := os.Stat(arg); err != nil || !st.IsDir() {
		return []string{arg}, nil
	}
	err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// maxPolicy is the largest file that is read as a policy.
const maxPolicy = 16 << 20

func readFile(file string) ([]byte, error) {
	f := os.Stdin
	if file != "-" {
		var err error
		if f, err = os.Open(file); err != nil {
			return nil, err
		}
		defer f.Close()
	}
	src, err := io.ReadAll(io.LimitReader(f, maxPolicy+1))
	if err == nil && len(src) > maxPolicy {
		err = errorf("%s: larger than 16 MiB: this is no policy", file)
	}
	return src, err
}

// readPolicy parses a file and tells its warnings.
func readPolicy(stderr io.Writer, file string, strict bool) ([]*syntax.Section, error) {
	src, err := readFile(file)
	if err != nil {
		return nil, err
	}
	f, err := syntax.Parse(file, src, syntax.Options{Strict: strict, Fragment: filepath.Base(file)})
	if err != nil {
		return nil, err
	}
	for _, s := range f.Sections {
		if err := policy.CheckEmulation(s); err != nil {
			return nil, err
		}
	}
	for _, w := range f.Warnings {
		fmt.Fprintf(stderr, "pledge: %s\n", quote.Text(w.String()))
	}
	if len(f.Sections) == 0 {
		fmt.Fprintf(stderr, "pledge: %s: no rules in it\n", quote.Word(file))
	}
	return f.Sections, nil
}

func (im *importer) print(w io.Writer, results []*convert.Result) error {
	switch {
	case im.asJSON:
		return printJSON(w, results)
	case im.as == "go":
		text, err := convert.GoFile(results, im.every)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(w)
		}
		r.Report(w, "# ", im.every)
		if im.as == "command" {
			fmt.Fprintln(w, r.Command())
			continue
		}
		text, err := r.Profile()
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}

// jsonResult is a converted policy for tools.
type jsonResult struct {
	Program    string     `json:"program,omitempty"`
	Emulation  string     `json:"emulation"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Promises   string     `json:"promises"`
	Unveil     []string   `json:"unveil"`
	Optional   []string   `json:"unveil_optional"`
	TCPConnect []int      `json:"tcp_connect,omitempty"`
	TCPBind    []int      `json:"tcp_bind,omitempty"`
	Command    string     `json:"command"`
	Rules      []jsonRule `json:"rules"`
}

type jsonRule struct {
	Line    int              `json:"line"`
	Rule    string           `json:"rule"`
	Class   convert.Class    `json:"class"`
	Reasons []convert.Reason `json:"reasons"`
}

func printJSON(w io.Writer, results []*convert.Result) error {
	for _, r := range results {
		j := jsonResult{Program: r.Program, Emulation: r.Emulation, File: r.Pos.File, Line: r.Pos.Line, Promises: r.Promises.String(),
			Unveil: []string{}, Optional: []string{}, TCPConnect: r.TCPConnect, TCPBind: r.TCPBind, Command: r.Command()}
		for _, u := range r.Unveils {
			if u.Missing {
				j.Optional = append(j.Optional, u.String())
				continue
			}
			j.Unveil = append(j.Unveil, u.String())
		}
		for _, l := range r.Losses {
			j.Rules = append(j.Rules, jsonRule{l.Rule.Pos.Line, l.Rule.Emulation + "-" + l.Rule.Call + ": " + l.Rule.Text(), l.Class, append([]convert.Reason{}, l.Reasons...)})
		}
		if err := writeJSON(w, j); err != nil {
			return err
		}
	}
	return nil
}

// writeFine writes the policy of --keep-fine, whole or not at all.
func (im *importer) writeFine(results []*convert.Result) error {
	if im.fine == "" {
		return nil
	}
	text := ""
	for _, r := range results {
		if r.Fine.Kind == syntax.Fragment && len(r.Fine.Rules) == 0 {
			continue
		}
		t, err := syntax.Text(r.Fine)
		if err != nil {
			return errorf("--keep-fine: %w", err)
		}
		text += t
	}
	if err := trust.Replace(im.fine, []byte(text), 0o644); err != nil {
		return errorf("--keep-fine: %w", err)
	}
	return nil
}

// judge is --fail-on.
func (im *importer) judge(results []*convert.Result, limit convert.Class) error {
	if im.failOn == "" {
		return nil
	}
	for _, r := range results {
		for _, l := range r.Losses {
			if l.Class >= limit {
				return exitError(1)
			}
		}
	}
	return nil
}

// exitError ends the command with a status and no message.
type exitError int

func (exitError) Error() string { return "" }

// failStatus is the status for an error of a subcommand, which is told unless
// it was.
func failStatus(stderr io.Writer, err error) int {
	var exit exitError
	switch {
	case errors.As(err, &exit):
		return int(exit)
	case errors.Is(err, errQuiet):
		return options.StatusUsage
	}
	return options.Fail(stderr, err)
}
