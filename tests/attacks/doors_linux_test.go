package attacks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// What a stranger leaves where root, or another user, will come by: files that
// are taken for commands, profiles or policies, and links and pipes in the way
// of what is written. Each is shown to lie there for the taking.

const stranger = testbed.Ordinary

// victim is who comes by: root, and a user who is not the stranger.
func victims(t *testing.T, f func(t *testing.T, uid int)) {
	if os.Getuid() != 0 {
		t.Skip("missing: root, to be two users")
	}
	for name, uid := range map[string]int{"root": 0, "user": 61001} {
		t.Run(name, func(t *testing.T) { f(t, uid) })
	}
}

// public makes a directory that everybody can write, as /tmp.
func public(t *testing.T) string {
	dir := testbed.Dir(t, 0)
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plant runs shell commands as the stranger, in dir.
func plant(t *testing.T, dir, script string) {
	t.Helper()
	if r := testbed.Run(t, stranger, dir, nil, "", "sh", "-ec", script); r.Status != 0 {
		t.Fatalf("%s: status %d: %s", script, r.Status, r.Stderr)
	}
}

// place copies the commands, with more bits of their mode.
func place(t *testing.T, dir string, uid int, mode os.FileMode, names ...string) {
	t.Helper()
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(testbed.Pledge(t)), name))
		if err != nil {
			t.Fatal(err)
		}
		testbed.Write(t, uid, filepath.Join(dir, name), string(data), 0o755)
		if err := os.Chmod(filepath.Join(dir, name), 0o755|mode); err != nil {
			t.Fatal(err)
		}
	}
}

func refused(t *testing.T, what string, r testbed.Result, want string) {
	t.Helper()
	if r.Status != 125 || !strings.Contains(r.Stderr, want) || strings.Contains(r.Stdout+r.Stderr, "PLANTED") {
		t.Errorf("%s: status %d, %q, %q; want 125 and %q", what, r.Status, r.Stdout, r.Stderr, want)
	}
}

// A stranger's pledge-tools, beside a copy of pledge or in libexec, by its own
// file, by a link, or by root's file that does what it wants, is not executed.
func TestPlantedTools(t *testing.T) {
	victims(t, func(t *testing.T, uid int) {
		const script = "printf '#!/bin/sh\\necho PLANTED\\n' >explain; chmod 755 explain; mkdir -p libexec/pledge; "
		for name, row := range map[string]struct{ plant, tools, want string }{
			"file":         {"cp explain libexec/pledge/pledge-tools", "libexec/pledge/pledge-tools", "libexec: it is owned by another user"},
			"link to bash": {"ln -s /bin/bash libexec/pledge/pledge-tools", "libexec/pledge/pledge-tools", "libexec: it is owned by another user"},
			"beside":       {"cp explain pledge-tools", "pledge-tools", "pledge-tools: it is owned by another user"},
			"beside, link": {"ln -s /bin/bash pledge-tools", "pledge-tools", "pledge-tools: it is owned by another user"},
			"a folder":     {"rm -r libexec; mkdir -p own/pledge; cp explain own/pledge/pledge-tools; ln -s own libexec", "libexec/pledge/pledge-tools", "libexec: it is owned by another user"},
		} {
			dir := public(t)
			plant(t, dir, script+row.plant)
			if r := testbed.Run(t, uid, dir, nil, "", filepath.Join(dir, row.tools), "explain", "rpath"); !strings.Contains(r.Stdout, "PLANTED") {
				t.Errorf("%s: what was planted does nothing: %+v", name, r)
			}
			at := filepath.Join(dir, "bin")
			if strings.HasPrefix(row.tools, "pledge-tools") {
				at = dir
			}
			place(t, at, 0, 0, "pledge")
			if at == dir {
				os.Chmod(dir, 0o777|os.ModeSticky)
				os.Chown(dir, 0, 0)
			}
			refused(t, name, testbed.Run(t, uid, dir, nil, "", filepath.Join(at, "pledge"), "explain", "rpath"), row.want)
		}
		// A file of root's is nobody's choice but the stranger's there.
		dir := public(t)
		plant(t, dir, script+"mkdir out")
		testbed.Write(t, 0, filepath.Join(dir, "out/chosen"), "#!/bin/sh\necho PLANTED\n", 0o755)
		os.Chown(filepath.Join(dir, "out"), stranger, stranger)
		place(t, dir, 0, 0, "pledge")
		os.Chmod(dir, 0o777|os.ModeSticky)
		plant(t, dir, "mv -f out/chosen pledge-tools")
		refused(t, "root's file", testbed.Run(t, uid, dir, nil, "", filepath.Join(dir, "pledge"), "explain", "rpath"), "others can put files into")
	})
}

// A command with set-user-ID, set-group-ID or file capabilities refuses to run.
func TestElevated(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("missing: root, to install commands with rights")
	}
	dir := testbed.Dir(t, 0)
	os.Chmod(dir, 0o755)
	for name, raise := range map[string]func(path string) error{
		"set-user-ID":  func(p string) error { return os.Chmod(p, 0o755|os.ModeSetuid) },
		"set-group-ID": func(p string) error { return os.Chmod(p, 0o755|os.ModeSetgid) },
		// Effective, permitted: CAP_DAC_OVERRIDE.
		"file capabilities": func(p string) error {
			return unix.Setxattr(p, "security.capability", []byte("\x01\x00\x00\x02\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			// What everybody else's program would have been given.
			probe := filepath.Join(dir, "probe")
			data, err := os.ReadFile("/bin/cat")
			if err == nil {
				err = os.WriteFile(probe, data, 0o755)
			}
			if err == nil {
				err = raise(probe)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer os.Remove(probe)
			r := testbed.Run(t, stranger, dir, nil, "", probe, "/proc/self/status")
			if strings.Contains(r.Stdout, fmt.Sprintf("Uid:\t%d\t%[1]d", stranger)) && strings.Contains(r.Stdout, fmt.Sprintf("Gid:\t%d\t%[1]d", stranger)) && strings.Contains(r.Stdout, "CapEff:\t0000000000000000") {
				testbed.Skip(t, name+" in "+dir)
			}
			at := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			place(t, at, 0, 0, "pledge", "pledge-tools", "systrace")
			for _, argv := range [][]string{{"pledge", "stdio", "--", "true"}, {"pledge", "explain"}, {"pledge-tools", "stdio", "--", "true"}, {"systrace", "-V"}} {
				path := filepath.Join(at, argv[0])
				if r := testbed.Run(t, stranger, dir, nil, "", append([]string{path}, argv[1:]...)...); r.Status != 0 {
					t.Errorf("%q without: %+v", argv, r)
				}
				if err := raise(path); err != nil {
					t.Fatal(err)
				}
				r := testbed.Run(t, stranger, dir, nil, "", append([]string{path}, argv[1:]...)...)
				refused(t, strings.Join(argv, " "), r, "it is installed set-user-ID or set-group-ID, or has file capabilities")
				if strings.Count(r.Stderr, "\n") != 1 || r.Stdout != "" {
					t.Errorf("%q: %q", argv, r.Stderr)
				}
				// Who has those rights loses nothing by it.
				if r := testbed.Run(t, 0, dir, nil, "", append([]string{path}, argv[1:]...)...); name != "file capabilities" && r.Status != 0 {
					t.Errorf("%q as root: %+v", argv, r)
				}
				os.Remove(path)
				place(t, at, 0, 0, argv[0])
			}
		})
	}
}

// A profile of a stranger's, whatever HOME says, gives nobody's program anything.
func TestPlantedProfiles(t *testing.T) {
	victims(t, func(t *testing.T, uid int) {
		pledge := testbed.Pledge(t)
		home := testbed.Dir(t, stranger)
		os.Chmod(home, 0o755)
		plant(t, home, "mkdir -p .config/pledge; cd .config/pledge; printf 'promises = \"stdio rpath\"\\nenv = [\"X=PLANTED\"]\\n' >cat.toml; cp cat.toml own.toml; chmod 666 *.toml")
		env := []string{"HOME=" + home}
		if r := testbed.Run(t, stranger, home, env, "", pledge, "--profile", "cat", "--", "cat", ".config/pledge/cat.toml"); r.Status == 0 || !strings.Contains(r.Stderr, "everybody can write it") {
			t.Errorf("the stranger's own, which everybody can write: %+v", r)
		}
		plant(t, home, "chmod 644 .config/pledge/*")
		if r := testbed.Run(t, stranger, home, env, "", pledge, "--profile", "cat", "--", "env"); !strings.Contains(r.Stdout, "PLANTED") {
			t.Errorf("as the stranger it does nothing: %+v", r)
		}
		for _, name := range []string{"cat", "own", ".config/pledge/cat.toml", home + "/.config/pledge/own.toml"} {
			r := testbed.Run(t, uid, home, env, "", pledge, "--profile", name, "--", "env")
			refused(t, name, r, "it is owned by another user")
		}
		// Of a name that the stranger has not taken there is the built-in one.
		if r := testbed.Run(t, uid, "/", env, "", pledge, "--profile", "gzip", "--", "true"); r.Status != 0 {
			t.Errorf("gzip: %+v", r)
		}
		// The user's own file where others can put some, too.
		dir := public(t)
		plant(t, dir, "mkdir out")
		testbed.Write(t, uid, filepath.Join(dir, "out/p.toml"), "promises = 'stdio rpath'\nenv = ['X=PLANTED']\n", 0o644)
		os.Chown(filepath.Join(dir, "out"), stranger, stranger)
		plant(t, dir, "mv -f out/p.toml p.toml")
		refused(t, "moved", testbed.Run(t, uid, dir, nil, "", pledge, "--profile", "./p.toml", "--", "env"), "others can put files into")
	})
}

// Reports and results do not go where a stranger's links lead, nor wait for one.
func TestPlantedOutputs(t *testing.T) {
	victims(t, func(t *testing.T, uid int) {
		pledge := testbed.Pledge(t)
		mine := testbed.Dir(t, uid)
		for i, argv := range [][]string{
			{"-q", "--report", "OUT", "stdio", "--", "cat", "/etc/passwd"},
			{"-q", "--report", "OUT", "--report-format", "json", "stdio", "--", "cat", "/etc/passwd"},
			{"learn", "-o", "OUT", "--", "true"}, {"learn", "-o", "-", "--html", "OUT", "--", "true"},
			{"import", "--keep-fine", "OUT", "POLICY"},
			{"systrace", "-a", "-U", "-E", "OUT", "-f", "POLICY", "/bin/true"}, {"systrace", "-a", "-U", "--json", "OUT", "-f", "POLICY", "/bin/true"},
		} {
			for kind, make := range map[string]string{
				"link": "ln -s TARGET OUT", "link to a new file": "ln -s MINE/new OUT", "link on the way": "mkdir dir; ln -s MINE OUT", "FIFO": "mkfifo -m 666 OUT", "file": ": >OUT; chmod 666 OUT",
			} {
				dir, target := public(t), filepath.Join(mine, "target")
				testbed.Write(t, uid, target, "kept", 0o644)
				testbed.Write(t, uid, filepath.Join(mine, "policy"), "Policy: /bin/true, Emulation: linux64\n\tlinux64-exit: permit\n", 0o644)
				out := filepath.Join(dir, "out")
				plant(t, dir, strings.NewReplacer("TARGET", target, "MINE", mine, "OUT", out).Replace(make))
				given := out
				if kind == "link on the way" {
					given = out + "/new"
				}
				full := []string{pledge}
				for _, a := range argv {
					full = append(full, strings.NewReplacer("OUT", given, "POLICY", filepath.Join(mine, "policy")).Replace(a))
				}
				r := testbed.Run(t, uid, mine, nil, "", full...)
				if text, err := os.ReadFile(target); string(text) != "kept" {
					t.Errorf("%d, %s: %q: %v", i, kind, text, err)
				}
				if _, err := os.Stat(filepath.Join(mine, "new")); err == nil {
					t.Errorf("%d, %s: made where the stranger wanted", i, kind)
					os.Remove(filepath.Join(mine, "new"))
				}
				if kind == "file" && strings.Contains(r.Stderr, "owned by another user") == (argv[0] == "learn" || argv[0] == "import") {
					t.Errorf("%d, %s: %+v", i, kind, r)
				}
				if kind == "FIFO" && r.Status == 0 {
					t.Errorf("%d: a FIFO that nobody reads: %+v", i, r)
				}
			}
		}
		// A second name of the user's own file.
		dir := public(t)
		testbed.Write(t, uid, filepath.Join(mine, "target"), "kept", 0o666)
		if os.Link(filepath.Join(mine, "target"), filepath.Join(dir, "out")) == nil {
			refused(t, "hard link", testbed.Run(t, uid, mine, nil, "", pledge, "-q", "--report", filepath.Join(dir, "out"), "stdio", "--", "true"), "it has another name")
		}
	})
}

// The pipe that nobody reads any more does not stop the launcher.
func TestReportPipe(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		fifo := filepath.Join(dir, "fifo")
		if err := unix.Mkfifo(fifo, 0o600); err != nil {
			t.Fatal(err)
		}
		os.Chown(fifo, uid, uid)
		reader, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		r := testbed.Run(t, uid, dir, nil, "", testbed.Pledge(t), "-q", "--report", fifo, "stdio rpath proc exec", "--",
			"sh", "-c", "i=0; while [ $i -lt 900 ]; do echo > /nonexistent-directory-with-a-long-name/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/$i; i=$((i+1)); done 2>/dev/null; echo done")
		if r.Status != 0 || r.Stdout != "done\n" {
			t.Errorf("%d %q %.300s", r.Status, r.Stdout, r.Stderr)
		}
		b := make([]byte, 1<<17)
		if n, err := reader.Read(b); err != nil || !strings.Contains(string(b[:n]), `needs promises "wpath cpath"`) {
			t.Errorf("the reader got %q, %v", b[:n], err)
		}
	})
}

// An empty ceiling, and one without stdio, are enforced while learning.
func TestCeilings(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, within := range []string{"", "rpath"} {
			dir := testbed.Dir(t, uid)
			attack := []string{"sh", "-c", "echo here; echo x >w"}
			if r := testbed.Run(t, uid, dir, nil, "", attack...); r.Stdout == "" {
				t.Fatalf("unconfined: %+v", r)
			}
			os.Remove(filepath.Join(dir, "w"))
			r := testbed.Run(t, uid, dir, nil, "", append([]string{testbed.Pledge(t), "learn", "--within", within, "-o", "/dev/null", "--"}, attack...)...)
			if _, err := os.Stat(filepath.Join(dir, "w")); err == nil || r.Stdout != "" || r.Status == 0 {
				t.Errorf("within %q: %+v", within, r)
			}
		}
	})
}
