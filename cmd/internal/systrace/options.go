//go:build unix

// Package systrace is the command line of systrace(1).
package systrace

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/agent"
	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/trust"
)

const usage = `usage: systrace [-AaCeitUuV] [-c user:group] [-d policydir] [-E logfile] [-f file]
                [-g gui] [-p pid] command ...
       systrace --plan [-iuU] [-d policydir] [-f file] command
`

// What the original said.
const (
	needRoot = "Need to be root to change credentials."
	noHome   = "no HOME environment set"
)

// errUsage is told with the usage.
var errUsage = errors.New("usage")

// options are those of systrace 1.6g.
type options struct {
	learn, automatic, text, inherit, noAlias, noUser, stderr, version, plan bool

	journal, general, cradle bool

	dir, logfile, gui, json string
	deadline                agent.Deadline
	pid                     int
	files                   []string
	as                      *enforce.Identity
	argv                    []string
}

// parse reads a command line: options stop at the first word that is none, and
// one "--" before the program is dropped.
func parse(args []string) (*options, error) {
	o := &options{gui: "/usr/X11R6/bin/xsystrace", deadline: agent.Deadline{Answer: "deny-now"}}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		word := args[0][1:]
		args = args[1:]
		if word == "-" {
			break
		}
		if word[0] == '-' {
			rest, err := o.long(word[1:], args)
			if err != nil {
				return nil, err
			}
			args = rest
			continue
		}
		for word != "" {
			letter := word[0]
			word = word[1:]
			if strings.IndexByte("cdEfgp", letter) < 0 {
				if err := o.flag(letter); err != nil {
					return nil, err
				}
				continue
			}
			value := word
			if value == "" {
				if len(args) == 0 {
					return nil, fmt.Errorf("%w: option -%c needs an argument", errUsage, letter)
				}
				value, args = args[0], args[1:]
			}
			if err := o.value(letter, value); err != nil {
				return nil, err
			}
			word = ""
		}
	}
	if len(args) == 0 && !o.version {
		return nil, errUsage
	}
	switch {
	case o.pid != 0 && o.as != nil:
		return nil, fmt.Errorf("%w: -p and -c exclude each other", errUsage)
	case o.pid != 0 && !filepath.IsAbs(args[0]):
		return nil, fmt.Errorf("%w: -p takes the absolute path of the process's program as command", errUsage)
	}
	o.argv = args
	return o, nil
}

// long takes an option that the original did not have, and returns the words
// that are left.
func (o *options) long(name string, args []string) ([]string, error) {
	switch name {
	case "plan":
		o.plan = true
		return args, nil
	case "journal":
		o.journal = true
		return args, nil
	case "generalize":
		o.general = true
		return args, nil
	}
	name, value, has := strings.Cut(name, "=")
	if !has && len(args) > 0 {
		value, args, has = args[0], args[1:], true
	}
	if !has || value == "" {
		return nil, fmt.Errorf("%w: option --%s needs an argument", errUsage, name)
	}
	switch name {
	case "json":
		o.json = value
	case "timeout":
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("%w: --timeout takes a time such as 30s", errUsage)
		}
		o.deadline.After = d
	case "default":
		if !isDefault(value) {
			return nil, fmt.Errorf("%w: --default takes deny-now, deny-now[error], permit-now or kill", errUsage)
		}
		o.deadline.Answer = value
	default:
		return nil, fmt.Errorf("%w: invalid option --%s", errUsage, name)
	}
	return args, nil
}

// isDefault tells whether an answer may stand for one that nobody gave.
func isDefault(answer string) bool {
	if answer == "kill" {
		return true
	}
	r, err := syntax.ParseRule(answer)
	return err == nil && r.Simple && r.Now
}

func (o *options) flag(letter byte) error {
	switch letter {
	case 'A':
		o.learn = true
	case 'a':
		o.automatic = true
	case 'e':
		o.stderr, o.logfile = true, ""
	case 'i':
		o.inherit = true
	case 't':
		o.text = true
	case 'U':
		o.noUser = true
	case 'u':
		o.noAlias = true
	case 'V':
		o.version = true
	case 'C':
		o.cradle = true
	default:
		return fmt.Errorf("%w: invalid option -%c", errUsage, letter)
	}
	if o.learn && o.automatic {
		return fmt.Errorf("%w: -A and -a exclude each other", errUsage)
	}
	return nil
}

func (o *options) value(letter byte, value string) (err error) {
	if value == "" {
		return fmt.Errorf("%w: option -%c needs an argument", errUsage, letter)
	}
	switch letter {
	case 'c':
		if os.Geteuid() != 0 {
			return fmt.Errorf("%w: %s", errUsage, needRoot)
		}
		o.as, err = identity(value)
		return err
	case 'd':
		o.dir = value
	case 'E':
		o.logfile, o.stderr = value, false
	case 'f':
		o.files = append(o.files, value)
	case 'g':
		o.gui = value
	case 'p':
		if o.pid, err = strconv.Atoi(value); err != nil || o.pid <= 0 {
			return fmt.Errorf("%w: bad pid", errUsage)
		}
	}
	return nil
}

// identity reads user[:group].
func identity(s string) (*enforce.Identity, error) {
	name, group, hasGroup := strings.Cut(s, ":")
	id := &enforce.Identity{}
	u, err := user.Lookup(name)
	switch n, e := strconv.ParseUint(name, 10, 32); {
	case err == nil:
		id.UID, id.GID = number(u.Uid), number(u.Gid)
	case e == nil && hasGroup:
		id.UID = uint32(n)
	case e == nil:
		return nil, fmt.Errorf("%w: a number needs a group, -c uid:gid", errUsage)
	default:
		return nil, fmt.Errorf("no such user '%s'", name)
	}
	if !hasGroup {
		return id, nil
	}
	g, err := user.LookupGroup(group)
	if err == nil {
		id.GID = number(g.Gid)
		return id, nil
	}
	n, e := strconv.ParseUint(group, 10, 32)
	if e != nil {
		return nil, fmt.Errorf("no such group '%s'", group)
	}
	id.GID = uint32(n)
	return id, nil
}

func number(s string) uint32 {
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// userDir is the directory of the user's policies, made if it is missing; ""
// with -U. Policies are found and written in it by name, so nobody else may be
// able to.
func (o *options) userDir() (string, error) {
	if o.noUser {
		return "", nil
	}
	dir := o.dir
	if dir == "" {
		home := os.Getenv("HOME")
		if home == "" {
			return "", errors.New(noHome)
		}
		dir = filepath.Join(home, ".systrace")
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return "", fmt.Errorf("not a directory: %q", dir)
	}
	return dir, trust.Dir(dir)
}
