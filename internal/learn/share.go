//go:build unix

package learn

import (
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Fewest adds to a set one alternative of each list, so that all of it admits
// least. Whoever asks about one call at a time gives one list.
func Fewest(set promises.Set, lists ...[]promises.Set) promises.Set { return choose(set, lists) }

// Stable is the path that stands for one whose name the next run will not ask
// for: a process's directory in /proc, a terminal, a file that is called by what
// it contains. Others are themselves.
func Stable(path string) string {
	return storeOf(process(strings.TrimSuffix(path, " (deleted)")))
}

// Whole is the directory that comes with the system as a whole and that a path
// is in; "" if it is in none.
func Whole(path string) string {
	for _, dir := range whole {
		if strings.HasPrefix(path, dir+"/") {
			return dir
		}
	}
	return ""
}

// MayShow tells whether a directory may be shown as a whole though only some
// files of it were asked for. Homes, and directories that hold secrets, may not.
func MayShow(home, dir string) bool {
	t := &table{home: home}
	return t.mayShow(dir, unveil.Read)
}

// Interpreters are what executing a file executes as well: a script's program,
// the dynamic loader.
func Interpreters(path string) (list []string) {
	const most = 8
	for len(list) < most {
		next := program.Interpreter(path)
		if next == "" {
			return list
		}
		real, err := filepath.EvalSymlinks(next)
		if err != nil {
			return list
		}
		list, path = append(list, real), real
	}
	return list
}
