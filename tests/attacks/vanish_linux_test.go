package attacks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// opens prints which of its arguments, r:PATH and w:PATH, can be opened.
func opens(args []string) {
	for _, a := range args {
		flags, path, _ := strings.Cut(a, ":")
		mode := map[string]int{"r": unix.O_RDONLY, "w": unix.O_WRONLY}[flags]
		if fd, err := unix.Open(path, mode|unix.O_CLOEXEC, 0); err == nil {
			unix.Close(fd)
			fmt.Println(a)
		}
	}
	os.Exit(0)
}

// vanish unveils a tree, makes a Command for the words that opens its arguments,
// removes what vanishes and starts it with a standard input.
func vanish(words, vanishes, stdin string, args []string) {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	for _, u := range [][2]string{{filepath.Dir(self), "rx"}, {"sh", "rw"}, {"sh/keep", ""}} {
		if err := unveil.Unveil(u[0], u[1]); err != nil {
			panic(err)
		}
	}
	os.Setenv("REACH", "opens")
	cmd := pledge.Command(words, self, args...)
	if vanishes != "" {
		if err := os.Remove(vanishes); err != nil {
			panic(err)
		}
	}
	if cmd.Stdin, err = os.Open(stdin); err != nil {
		panic(err)
	}
	finish(cmd)
}

// A file that had a rule and is gone when the program starts leaves nothing
// behind: no rule goes to what was opened by somebody else.
func TestRuleOfWhatVanished(t *testing.T) {
	if v := landlock.At(landlock.ABI()); v.Files&landlock.Truncate == 0 {
		testbed.Skip(t, "Landlock ABI 3")
	}
	self := testbedSelf(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		stage := func() string {
			dir := testbed.Dir(t, uid)
			for _, f := range []string{"victim", "sh/file", "sh/keep/file", "sh/stays"} {
				testbed.Write(t, uid, filepath.Join(dir, f), "content", 0o644)
			}
			for _, d := range []string{"sh/dir", "path"} {
				os.Mkdir(filepath.Join(dir, d), 0o755)
				os.Chown(filepath.Join(dir, d), uid, -1)
			}
			return dir
		}
		tried := []string{"r:victim", "w:victim", "r:/proc/self/fd/0", "w:/proc/self/fd/0", "r:sh/keep/file", "r:sh/stays", "w:sh/stays", "r:/etc/passwd", "r:sh/dir", "r:sh/file"}
		r := testbed.Run(t, uid, stage(), []string{"REACH=opens"}, "", append([]string{self}, tried...)...)
		if got := strings.Fields(r.Stdout); len(got) < len(tried)-2 { // the pipe may be root's
			t.Fatalf("unconfined only %q can be opened: %+v", got, r)
		}
		for _, words := range []string{"stdio rpath wpath", "stdio rpath wpath exec"} {
			for _, stdin := range []string{"victim", "/"} {
				var all []string
				for _, vanishes := range []string{"", "sh/file", "sh/dir", "path"} {
					dir := stage()
					env := []string{"REACH=vanish", "PATH=" + filepath.Join(dir, "path")}
					r := testbed.Run(t, uid, dir, env, "", append([]string{self, words, vanishes, stdin}, tried...)...)
					got := strings.Fields(r.Stdout)
					if !slices.Contains(got, "w:sh/stays") || strings.Contains(r.Stdout, "victim") || strings.Contains(r.Stdout, "keep") {
						t.Fatalf("%q, %q vanishes, standard input %s: %+v", words, vanishes, stdin, r)
					}
					if vanishes == "" {
						all = got
					}
					for _, opened := range got {
						if !slices.Contains(all, opened) {
							t.Errorf("%q, standard input %s: %s can be opened once %s is gone", words, stdin, opened, vanishes)
						}
					}
				}
			}
		}
	})
}
