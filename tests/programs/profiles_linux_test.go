package programs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// profileRuns is a command for every profile that is built in: $P stands for
// the launcher with the profile, $URL for a web server's page.
var profileRuns = map[string]struct {
	setup, run, want string
	needs            []string
}{
	"cat":     {"", `$P -- cat f`, "hello\n", nil},
	"curl":    {"", `$P -- curl -s -o page $URL && cat page`, "page\n", []string{"curl"}},
	"git":     {gitSetup, `cd repo && echo b >b && $P -- git add b && $P -- git commit -qm second && $P -- git log -1 --format=%s`, "second\n", []string{"git"}},
	"gzip":    {"", `$P -- gzip <f | gunzip`, "hello\n", nil},
	"less":    {"", `$P -- less f | cat`, "hello\n", []string{"less"}},
	"make":    {`printf 'a: f\n\tcp f a\n' >Makefile`, `$P -- make -s && cat a`, "hello\n", []string{"make"}},
	"openssl": {"", `$P -- openssl rand -hex 4 | wc -c`, "9\n", []string{"openssl"}},
	"python":  {"", `$P -- /usr/bin/python3 -c 'import json; print(json.dumps(open("f").read()))'`, "\"hello\\n\"\n", []string{"/usr/bin/python3"}},
	"sqlite":  {"", `$P -- sqlite3 db 'create table t(a); insert into t values(3); select * from t'`, "3\n", []string{"sqlite3"}},
}

// Every profile that is built in lets its program do its job.
func TestProfiles(t *testing.T) {
	pledge := testbed.Pledge(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "page\n") }))
	defer srv.Close()
	for _, p := range profile.List() {
		if p.Source != "built in" || p.Name == "nginx" || p.Name == "redis" {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			c, ok := profileRuns[p.Name]
			if !ok {
				t.Fatal("the profile is not tested")
			}
			testbed.Need(t, c.needs...)
			testbed.Users(t, func(t *testing.T, uid int) {
				dir := testbed.Dir(t, uid)
				testbed.Write(t, uid, filepath.Join(dir, "f"), "hello\n", 0o644)
				script := strings.NewReplacer("$P", pledge+" --profile "+p.Name, "$URL", srv.URL).Replace(c.run)
				r := testbed.Run(t, uid, dir, nil, "", "sh", "-c", "{ "+orTrue(c.setup)+"; } && cd "+dir+" && "+script)
				if r.Status != 0 || r.Stdout != c.want || strings.Contains(r.Stderr, "pledge: ") {
					t.Errorf("%s: %+v, want %q", script, r, c.want)
				}
			})
		})
	}
}

func orTrue(s string) string {
	if s == "" {
		return "true"
	}
	return s
}

// The profiles of servers, with the directory of this one.
func TestServerProfiles(t *testing.T) {
	pledge := testbed.Pledge(t)
	for _, s := range Servers[:2] {
		name := strings.TrimSuffix(s.Name, "-server")
		t.Run(name, func(t *testing.T) {
			testbed.Need(t, s.Needs...)
			testbed.Users(t, func(t *testing.T, uid int) {
				dir, port := testbed.Dir(t, uid), freePort(t)
				subst := strings.NewReplacer("$T", dir, "$PORT", strconv.Itoa(port))
				testbed.Write(t, uid, filepath.Join(dir, "www/index.html"), "page\n", 0o644)
				for file, content := range s.Files {
					testbed.Write(t, uid, filepath.Join(dir, file), subst.Replace(content), 0o644)
				}
				argv := append([]string{"--profile", name, "-u", "rwc:" + dir, "--"}, strings.Fields(subst.Replace(s.Run))...)
				cmd := exec.Command(pledge, argv...)
				var stderr strings.Builder
				cmd.Dir, cmd.Stderr = dir, &stderr
				cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C"}
				if uid != os.Getuid() {
					cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				got := ask[s.Ask](port)
				cmd.Process.Signal(syscall.SIGTERM)
				cmd.Wait()
				if got != s.Want {
					t.Errorf("answer %q, want %q\n%s", got, s.Want, stderr.String())
				}
			})
		})
	}
}
