package systrace

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/bypath"
)

// behaviours are words of testdata/behave.c.
var behaviours = []string{"locks", "masks", "sharedmasks", "sockets", "creds", "many", "big", "interrupts", "values", "programs", "late", "tty"}

// lines are what shells do with paths, in a directory with a few files.
var lines = []string{
	"rm -rf */; find . | sort", "for x in */; do echo $x; done", "rm -f file/ dir/file/; echo $?; find . | sort", "mv file nowhere/; echo $?; find . | sort",
	"ls linked/; find linked/ -type f; cp -a linked/ copy; ls -l copy | wc -l", "cat linked/../file", "echo new > dangling; cat not-yet", "readlink -f linked dangling",
	"cat nonexistent/../file; cat file/../file", "tar cf t.tar file linked dangling dir && mkdir x && tar xf t.tar -C x && find x | sort && ls -l x | grep -c -- '->'",
	"env -i /proc/self/exe --version | head -1 | cut -c1-3", "cat /proc/self/comm; readlink /proc/self/exe", "cat < /dev/stdin < file; cat /dev/fd/0 < file", "ln -s a b; chmod 600 linked; ls -ld dir | cut -c1-10",
	"mkdir -m 711 s && mkdir s/in && chmod 111 s && cd s && pwd | sed s,.*/,, && cd in && pwd | sed s,.*/,,; chmod 700 ../../s", "mkdir d1/; rmdir d1/.; echo $?; rmdir d1; echo $?", "touch x/; echo $?", "cat <(echo substituted)", "umask 077; echo > private; stat -c %a private", "ls -ld /proc/self/fd/0 > /dev/null; echo $?",
}

// TestFaithful compares programs under a policy that permits everything by path
// with the same ones without.
func TestFaithful(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc", "bash", "tar")
	supervisor, behave := testbed.Systrace(t), compiled(t, "behave")
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	if bash, err = filepath.EvalSymlinks(bash); err != nil {
		t.Fatal(err)
	}
	var commands [][]string
	for _, word := range behaviours {
		commands = append(commands, []string{behave, word})
	}
	for _, line := range lines {
		commands = append(commands, []string{bash, "-c", line})
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, emulation := range []string{"linux64", "native"} {
			owners := []int{uid}
			if uid == 0 {
				owners = append(owners, testbed.Ordinary)
			}
			for _, owner := range owners {
				for _, argv := range commands {
					if emulation == "native" && argv[0] == behave {
						continue // they are not about paths
					}
					t.Run(emulation+" "+strconv.Itoa(owner)+" "+argv[len(argv)-1], func(t *testing.T) {
						policies := testbed.Dir(t, 0)
						os.Chmod(policies, 0o755)
						testbed.Write(t, 0, policies+"/p", bypath.Policy(argv[0], emulation, nil), 0o644)
						confined := append([]string{supervisor, "-a", "-e", "-U", "-f", policies + "/p"}, argv...)
						if owner != uid {
							confined = append([]string{supervisor, "-c", "nobody:nogroup"}, confined[1:]...)
						}
						want := inScene(t, owner, owner, argv)
						got := inScene(t, uid, owner, confined)
						if got != want {
							t.Errorf("status %d, want %d\n%s%s\nwant\n%s%s", got.Status, want.Status, got.Stdout, got.Stderr, want.Stdout, want.Stderr)
						}
					})
				}
			}
		}
	})
}

// inScene runs a command in a directory of its own.
func inScene(t *testing.T, uid, owner int, argv []string) testbed.Result {
	dir := scene(t, owner)
	r := testbed.Run(t, uid, dir, nil, "", argv...)
	r.Stdout = strings.ReplaceAll(r.Stdout, dir, "DIR")
	return r
}

// scene is a directory with a few files.
func scene(t *testing.T, uid int) string {
	dir := testbed.Dir(t, uid)
	for _, name := range []string{"file", "dir/file", "other/sub/x"} {
		testbed.Write(t, uid, filepath.Join(dir, name), name+"\n", 0o644)
	}
	os.Chown(filepath.Join(dir, "other"), uid, -1)
	testbed.Write(t, uid, filepath.Join(dir, "other/file"), "right\n", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "script.sh"), "#!/bin/sh\necho script\n", 0o755)
	for link, to := range map[string]string{"linked": "other/sub", "dangling": "not-yet"} {
		os.Symlink(to, filepath.Join(dir, link))
		os.Lchown(filepath.Join(dir, link), uid, -1)
	}
	return dir
}

// TestInterrupted: calls that do not wait end with EINTR under no supervisor,
// whatever handlers there are; and who is looked after because of them can be
// stopped and goes on.
func TestInterrupted(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	supervisor, program := testbed.Systrace(t), compiled(t, "eintr")
	testbed.Users(t, func(t *testing.T, uid int) {
		policies := testbed.Dir(t, 0)
		os.Chmod(policies, 0o755)
		testbed.Write(t, 0, policies+"/p", bypath.Policy(program, "linux64", nil), 0o644)
		want := testbed.Run(t, uid, testbed.Dir(t, uid), nil, "", program)
		got := testbed.Run(t, uid, testbed.Dir(t, uid), nil, "", supervisor, "-a", "-e", "-U", "-f", policies+"/p", program)
		if got != want {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	})
}

// TestUndumpable: a program that nobody may look at is learned as far as can be,
// and what cannot be is said.
func TestUndumpable(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	supervisor := testbed.Systrace(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		program := compiled(t, "undump")
		want := testbed.Run(t, uid, dir, nil, "", program)
		got := testbed.Run(t, uid, dir, nil, "", supervisor, "-A", "-e", "-d", filepath.Join(dir, "policies"), program)
		if got.Status != want.Status || got.Stdout != want.Stdout {
			t.Errorf("learned: %+v\nwant %+v", got, want)
		}
		if uid != 0 && !strings.Contains(got.Stderr, "cannot be read by whoever runs systrace") {
			t.Errorf("what is not learned is not said:\n%s", got.Stderr)
		}
		if bytes.Contains([]byte(got.Stderr), []byte("deny")) {
			t.Errorf("refused while learning:\n%s", got.Stderr)
		}
	})
}
