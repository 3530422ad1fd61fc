//go:build amd64 || arm64

package pledge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/unveil"
)

func prepareMust(words, name string) *Program {
	p, err := Prepare(words, name)
	must(err)
	return p
}

// unveilMust unveils a directory and what programs need.
func unveilMust(dir string) {
	for _, name := range []string{dir, "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"} {
		if _, err := os.Stat(name); err == nil {
			must(unveil.Unveil(name, "rx"))
		}
	}
}

func init() {
	for name, f := range map[string]func(){
		"serve": serve, "prepared": everyField, "prepared, no exec": noExec, "prepared, other user": otherUser, "many files": manyFiles,
		"prepared behind a veil": func() {
			unveilMust(os.Args[1])
			p := prepareMust("stdio rpath", "cat")
			must(Promises("stdio rpath proc exec"))
			for _, name := range []string{os.Args[1] + "/f", "/etc/hosts"} {
				out, err := p.Command(name).CombinedOutput()
				fmt.Printf("%s %v\n", out, err)
			}
		},
		"prepared, then a link": func() {
			dir := os.Args[1] + "/unveiled"
			must(os.MkdirAll(dir+"/sub", 0o777))
			unveilMust(dir + "/sub")
			p := prepareMust("stdio rpath", "cat")
			must(os.Rename(dir, dir+".old"))
			must(os.MkdirAll(os.Args[1]+"/other/sub", 0o777))
			must(os.WriteFile(os.Args[1]+"/other/sub/f", []byte("secret"), 0o666))
			must(os.Symlink(os.Args[1]+"/other", dir))
			out, err := p.Command(os.Args[1] + "/other/sub/f").CombinedOutput()
			fmt.Printf("%s%v\n", out, err)
		},
		"prepared late": func() {
			must(Promises("stdio rpath proc exec", Deny))
			_, err := Prepare("stdio", "cat")
			fmt.Println(err)
		},
	} {
		children[name] = f
	}
}

// serve answers each request by a program of its own, through pipes.
func serve() {
	p := prepareMust("stdio", "cat")
	OnViolation(nil)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cmd := p.CommandContext(r.Context())
		in, err := cmd.StdinPipe()
		must(err)
		out, err := cmd.StdoutPipe()
		must(err)
		must(cmd.Start())
		io.Copy(in, r.Body)
		in.Close()
		io.Copy(w, out)
		must(cmd.Wait())
		runtime.GC() // no descriptor is closed that others still need
	}))
	must(Promises("stdio rpath inet proc exec"))
	var wrong, answers atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 10 {
				sent := strings.Repeat(fmt.Sprintf("%d %d\n", i, j), 1000)
				resp, err := http.Post(srv.URL, "text/plain", strings.NewReader(sent))
				must(err)
				got, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				answers.Add(1)
				if string(got) != sent {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(answers.Load(), "answers,", wrong.Load(), "wrong")
}

// everyField starts one program with what a Cmd has, and lets it violate.
func everyField() {
	sh, self := prepareMust("stdio rpath proc exec", "sh"), prepareMust("stdio rpath", os.Args[2])
	must(Promises("stdio rpath proc exec inet"))
	cmd := sh.Command("-c", `[ "$(pwd)" = "$WANT" ] && echo "$0" true`, "there")
	cmd.Dir, cmd.Env = os.Args[1], []string{"WANT=" + os.Args[1], "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	must(err)
	fmt.Print(string(out))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println(sh.Command("-c", "exit 7").Run(), sh.CommandContext(ctx, "-c", "kill -STOP $$").Run(), ctx.Err())
	var exit *exec.ExitError
	errors.As(self.Command().Run(), &exit) // which dials
	fmt.Println(exit.Sys().(syscall.WaitStatus).Signal())
}

func noExec() {
	p := prepareMust("stdio", "cat")
	must(Promises("stdio rpath proc", Deny))
	fmt.Println(p.Command().Run())
}

func otherUser() {
	if os.Getuid() != 0 {
		fmt.Println(65534) // only root can change it
		return
	}
	p := prepareMust("stdio rpath", "id")
	must(Promises("stdio rpath proc exec id"))
	cmd := p.Command("-u")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	must(err)
	fmt.Print(string(out))
}

// manyFiles passes so many files on that their numbers reach those that descriptors
// of this process usually have.
func manyFiles() {
	cmd := Command("stdio rpath", "cat", os.Args[1]+"/f")
	wrong, err := exec.LookPath("false")
	must(err)
	f, err := os.Open(wrong)
	must(err)
	for range 1500 {
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	run(cmd)
}

// No descriptor is left of programs that nobody can reach, and one is kept for as
// long as a command is.
func TestProgramIsClosed(t *testing.T) {
	p, err := Prepare("stdio", "true")
	if err != nil {
		t.Fatal(err)
	}
	path, cmd := p.path(), p.Command()
	p = nil
	closed := func() bool {
		for range 50 {
			runtime.GC()
			if _, err := os.Stat(path); err != nil {
				return true
			}
			time.Sleep(time.Millisecond)
		}
		return false
	}
	if closed() {
		t.Error("closed while a command can be started")
	}
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	cmd = nil
	if !closed() {
		t.Error("open though nothing can use it")
	}
}
