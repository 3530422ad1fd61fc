package askpage

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// browser is a client that keeps cookies of one server, and may lie.
type browser struct {
	t      *testing.T
	base   string
	cookie *http.Cookie
}

func start(t *testing.T) (*Server, *ask.Broker) {
	t.Helper()
	p, err := ask.NewPolicy(ask.Grant{Words: promises.Stdio.Set()})
	if err != nil {
		t.Fatal(err)
	}
	b := ask.New(ask.Options{Base: p})
	dir := t.TempDir()
	s, err := Start(Options{Broker: b, Dir: dir, Argv: []string{"prog"}, Page: true, Result: func(as string) (string, error) { return as, nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, b
}

// asks has a program ask to read a path.
func asks(t *testing.T, b *ask.Broker, path, program string) <-chan ask.Outcome {
	t.Helper()
	c := &ask.Call{PID: 7, Program: program, Name: "open", Text: "open(" + path + ")", Judge: func(p *ask.Policy) (v ask.Verdict) {
		if !p.Shows(path, unveil.Read) {
			v.Entries = []ask.Entry{{Path: path, Perms: unveil.Read}}
		}
		v.Permit = v.Entries == nil
		return v
	}}
	out := make(chan ask.Outcome, 1)
	n := len(b.Questions(true))
	go func() { out <- b.Decide(c, nil) }()
	for range 5000 {
		if len(b.Questions(true)) > n {
			return out
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("nothing was asked")
	return nil
}

func (x *browser) do(method, path string, form url.Values, change func(*http.Request)) (int, string, *http.Response) {
	x.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, x.base+path, body)
	if err != nil {
		x.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if x.cookie != nil {
		r.AddCookie(x.cookie)
	}
	if change != nil {
		change(r)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: time.Minute}
	res, err := c.Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	for _, k := range res.Cookies() {
		x.cookie = k
	}
	return res.StatusCode, string(text), res
}

func login(t *testing.T, s *Server) *browser {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	x := &browser{t: t, base: "http://" + u.Host}
	if code, _, _ := x.do("POST", "/login", url.Values{"token": {u.Query().Get("token")}}, nil); code != http.StatusSeeOther || x.cookie == nil {
		t.Fatalf("login: %d", code)
	}
	return x
}

func TestToken(t *testing.T) {
	s, _ := start(t)
	u, _ := url.Parse(s.URL())
	token := u.Query().Get("token")
	stranger := &browser{t: t, base: "http://" + u.Host}
	if code, _, _ := stranger.do("GET", "/", nil, nil); code != http.StatusForbidden {
		t.Errorf("no cookie: %d", code)
	}
	if code, _, _ := stranger.do("POST", "/login", url.Values{"token": {"x" + token[1:]}}, nil); code != http.StatusForbidden {
		t.Errorf("a wrong token: %d", code)
	}
	// What only looks at the address does not use the token up.
	if code, text, _ := stranger.do("GET", u.RequestURI(), nil, nil); code != http.StatusOK || !strings.Contains(text, token) || stranger.cookie != nil {
		t.Errorf("looking: %d", code)
	}
	x := login(t, s)
	if code, _, _ := x.do("GET", "/", nil, nil); code != http.StatusOK {
		t.Errorf("with the cookie: %d", code)
	}
	if c := x.cookie; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("cookie: %+v", c)
	}
	if code, _, _ := stranger.do("POST", "/login", url.Values{"token": {token}}, nil); code != http.StatusForbidden || stranger.cookie != nil {
		t.Errorf("the token twice: %d", code)
	}
	if code, _, _ := stranger.do("POST", "/login", url.Values{"token": {""}}, nil); code != http.StatusForbidden {
		t.Errorf("the token that is none any more: %d", code)
	}
}

// TestOrigins: each request is good but for one thing, and without that thing it
// is answered.
func TestOrigins(t *testing.T) {
	s, b := start(t)
	x := login(t, s)
	out := asks(t, b, "/data/a/x", "prog")
	form := url.Values{"question": {"1"}, "do": {"permit once"}}
	for name, change := range map[string]func(*http.Request){
		"foreign host":      func(r *http.Request) { r.Host = "evil.example" },
		"rebound host":      func(r *http.Request) { r.Host = "evil.example:" + fmt.Sprint(s.Port()) },
		"localhost":         func(r *http.Request) { r.Host = "localhost:" + fmt.Sprint(s.Port()) },
		"foreign origin":    func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") },
		"cross-site":        func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same site, other":  func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"no cookie":         func(r *http.Request) { r.Header.Del("Cookie") },
		"another's cookie":  func(r *http.Request) { r.Header.Set("Cookie", x.cookie.Name+"="+strings.Repeat("0", 64)) },
		"cookie's old name": func(r *http.Request) { r.Header.Set("Cookie", "pledge-ask="+x.cookie.Value) },
	} {
		if code, _, _ := x.do("POST", "/answer", form, change); code != http.StatusForbidden {
			t.Errorf("%s: %d", name, code)
		}
	}
	// Nothing is changed by GET.
	for _, path := range []string{"/answer?question=1&do=permit+once", "/undo/1", "/keep/1"} {
		if code, _, _ := x.do("GET", path, nil, nil); code < 400 {
			t.Errorf("GET %s: %d", path, code)
		}
	}
	select {
	case o := <-out:
		t.Fatalf("the question was answered: %+v", o)
	default:
	}
	if code, _, _ := x.do("POST", "/answer", form, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }); code != http.StatusSeeOther {
		t.Errorf("a good answer: %d", code)
	}
	if o := <-out; !o.Permit {
		t.Errorf("%+v", o)
	}
}

func TestHeaders(t *testing.T) {
	s, _ := start(t)
	x := login(t, s)
	_, _, r := x.do("GET", "/", nil, nil)
	csp := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("no %s in %s", want, csp)
		}
	}
	if r.Header.Get("X-Frame-Options") != "DENY" || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", r.Header)
	}
}

// TestHostileNames: whatever a program is called, and whatever it opens, no markup
// and no control character of it is in a page, and none is long.
func TestHostileNames(t *testing.T) {
	s, b := start(t)
	x := login(t, s)
	names := []string{"<script>alert(1)</script>", "\u202etxt.exe", "new\nline", "\x1b[31mred", "\" onmouseover=\"x", "javascript:alert(1)", "\xff\xfe", strings.Repeat("A", 64<<10)}
	for _, n := range names {
		asks(t, b, "/data/"+n+"/x", "prog"+n)
	}
	for _, page := range []string{"/", "/list", "/q/1", "/q/2", "/q/8", "/policy", "/history", "/history?find=" + url.QueryEscape(names[0]), "/?said=" + url.QueryEscape(names[0]+names[1])} {
		code, text, _ := x.do("GET", page, nil, nil)
		if code != http.StatusOK {
			t.Errorf("%s: %d %s", page, code, text)
		}
		for _, bad := range []string{"<script>alert", "\u202e", "\x1b", "\" onmouseover", "href=\"javascript", "\xff"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %q", page, bad)
			}
		}
		if len(text) > 200<<10 {
			t.Errorf("%s is %d bytes long", page, len(text))
		}
	}
}

func TestSize(t *testing.T) {
	sum := 0
	for _, name := range []string{"page.html", "style.css", "ask.js"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum += len(text)
	}
	if sum > 60<<10 {
		t.Errorf("the page's files are %d bytes", sum)
	}
}

// TestOtherUsers: another user's connection is closed before anything is read.
func TestOtherUsers(t *testing.T) {
	testbed.NeedRoot(t, "which acts as another user")
	testbed.Need(t, "curl", "setpriv")
	const curl = "curl"
	s, _ := start(t)
	out, err := exec.Command("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", curl, "-s", "-S", "-m", "30", s.URL()).CombinedOutput()
	if err == nil || strings.Contains(string(out), "token") && strings.Contains(string(out), "form") {
		t.Errorf("another user got %s", out)
	}
	if out, err := exec.Command(curl, "-s", "-S", "-m", "30", s.URL()).CombinedOutput(); err != nil || !strings.Contains(string(out), "form") {
		t.Errorf("the user itself: %v %s", err, out)
	}
	// The local socket: even where its directory lets others in.
	os.Chmod(s.o.Dir, 0o755)
	for d := filepath.Dir(s.o.Dir); strings.HasPrefix(d, os.TempDir()+"/"); d = filepath.Dir(d) {
		os.Chmod(d, 0o755)
	}
	socket := filepath.Join(s.o.Dir, Control)
	os.Chmod(socket, 0o777)
	if out, err := exec.Command("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", curl, "-s", "-S", "-m", "30", "--unix-socket", socket, "http://run/questions").CombinedOutput(); err == nil {
		t.Errorf("another user got %s of the socket", out)
	}
	if out, err := exec.Command(curl, "-s", "-m", "30", "--unix-socket", socket, "http://run/questions").CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "[]" {
		t.Errorf("the user itself: %v %s", err, out)
	}
}

// TestOwnConnections: this process connects for the confined program alone.
func TestOwnConnections(t *testing.T) {
	s, _ := start(t)
	c, err := net.Dial("unix", filepath.Join(s.o.Dir, Control))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /questions HTTP/1.1\r\nHost: run\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(time.Minute))
	if n, err := c.Read(make([]byte, 10)); err == nil {
		t.Errorf("%d bytes were answered", n)
	}
}

// TestWithoutScript: a whole session by forms.
func TestWithoutScript(t *testing.T) {
	s, b := start(t)
	x := login(t, s)
	one, two := asks(t, b, "/data/a/x", "prog"), asks(t, b, "/data/b/y", "prog")
	_, text, _ := x.do("GET", "/q/1", nil, nil)
	for _, want := range []string{"literal", "directory", "everything", "r:/data/a/x", `name="rule"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the question", want)
		}
	}
	digest := b.Questions(false)[0].Policy
	x.do("POST", "/answer", url.Values{"question": {"1"}, "digest": {digest}, "do": {"permit"}, "scope": {"always"}, "suggestion": {"1"}, "reason": {"why not"}}, nil)
	if o := <-one; !o.Permit {
		t.Errorf("%+v", o)
	}
	// The digest was another one's.
	_, _, r := x.do("POST", "/answer", url.Values{"question": {"2"}, "digest": {digest}, "do": {"permit"}, "scope": {"always"}}, nil)
	if !strings.Contains(r.Header.Get("Location"), "conflict") {
		t.Errorf("%v", r.Header)
	}
	x.do("POST", "/answer", url.Values{"question": {"2"}, "do": {"deny"}, "scope": {"once"}, "errno": {"13"}}, nil)
	if o := <-two; o.Permit || o.Errno != 13 {
		t.Errorf("%+v", o)
	}
	_, text, _ = x.do("GET", "/policy", nil, nil)
	if !strings.Contains(text, "r:/data/a/x") || !strings.Contains(text, "why not") || !strings.Contains(text, "/undo/1") {
		t.Error(text)
	}
	_, text, _ = x.do("POST", "/policy", url.Values{"text": {"stdio"}}, nil)
	if !strings.Contains(text, "would have refused 1 of") {
		t.Error(text)
	}
	x.do("POST", "/undo/1", url.Values{}, nil)
	if b.Policy().Shows("/data/a/x", unveil.Read) {
		t.Error("not undone")
	}
	_, text, _ = x.do("GET", "/history?find=data/b", nil, nil)
	if !strings.Contains(text, "/data/b/y") || strings.Contains(text, "/data/a/x") {
		t.Error(text)
	}
	if _, text, _ = x.do("GET", "/result", nil, nil); !strings.Contains(text, "toml") {
		t.Error(text)
	}
}
