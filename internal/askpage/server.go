//go:build unix

// Package askpage serves the questions of one run: as a page on a loopback
// address, and as JSON on a local socket. Both only propose; package ask decides.
//
//	s, err := askpage.Start(askpage.Options{Broker: b, Dir: dir})
//	fmt.Println(s.URL()) // has a token, which is good for one browser
//
// The page is safe on a machine with others on it: what comes first is whether the
// Host is this server's own, so that no foreign name leads here; then whether the
// peer is this user; then a cookie, for which the token is exchanged once. Nothing
// is changed by GET, or from another origin. The confined program reaches neither:
// the engine refuses it, see package asking.
package askpage

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
)

// Options say what is served.
type Options struct {
	Broker *ask.Broker
	Dir    string // for the socket; the user's own, 0700
	Argv   []string
	// Result returns the promises and paths in a format.
	Result func(format string) (string, error)
	// Page is whether there is one, besides the socket.
	Page bool
}

// Server is a page and a socket.
type Server struct {
	o       Options
	page    net.Listener
	control net.Listener
	servers []*http.Server
	host    string

	mu      sync.Mutex
	token   string // "" once it was exchanged
	cookies map[string]bool
	ended   *int
	streams int       // that are open
	last    time.Time // that a browser wanted something
	over    chan struct{}
	close   sync.Once
}

// Control is the name of the socket.
const Control = "control"

// Start opens both.
func Start(o Options) (*Server, error) {
	s := &Server{o: o, token: secret(), cookies: map[string]bool{}, over: make(chan struct{})}
	path := filepath.Join(o.Dir, Control)
	control, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	s.control = peers{control, ownPeer}
	s.serve(s.control, s.api())
	if !o.Page {
		return s, nil
	}
	page, err := net.Listen("tcp4", loopback(os.Getuid())+":0")
	if err != nil {
		control.Close()
		return nil, fmt.Errorf("page: %w", err)
	}
	s.page, s.host = peers{page, ownClient}, page.Addr().String()
	s.serve(s.page, s.guarded())
	return s, nil
}

func (s *Server) serve(l net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	s.servers = append(s.servers, srv)
	go srv.Serve(l)
}

// loopback is an address for one user, so that cookies meet no other server's:
// ports do not part them.
func loopback(uid int) string {
	return fmt.Sprintf("127.%d.%d.%d", 83+uid>>16&31, uid>>8&255, 2+uid&127)
}

func secret() string {
	var b [32]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// URL is the page's address with the token; "" without a page.
func (s *Server) URL() string {
	if s.page == nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return "http://" + s.host + "/login?token=" + s.token
}

// Port is the page's; 0 without one.
func (s *Server) Port() uint16 {
	if s.page == nil {
		return 0
	}
	return uint16(s.page.Addr().(*net.TCPAddr).Port)
}

// Ended says that the program has ended with a status.
func (s *Server) Ended(status int) {
	s.mu.Lock()
	s.ended = &status
	s.mu.Unlock()
	s.o.Broker.Wake()
}

// Linger serves the result while a browser looks: until somebody closes it there,
// no browser has wanted anything for a while, or stop is closed.
func (s *Server) Linger(stop <-chan struct{}) {
	const look, enough = 200 * time.Millisecond, 10 * time.Second
	for {
		s.mu.Lock()
		looked := len(s.cookies) > 0 && (s.streams > 0 || time.Since(s.last) < enough)
		s.mu.Unlock()
		if !looked {
			return
		}
		select {
		case <-stop:
			return
		case <-s.over:
			return
		case <-time.After(look):
		}
	}
}

// Close ends both, with what is being answered.
func (s *Server) Close() {
	const grace = 500 * time.Millisecond
	soon, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, srv := range s.servers {
		if srv.Shutdown(soon) != nil {
			srv.Close()
		}
	}
}

// peers accepts only whom it may.
type peers struct {
	net.Listener
	may func(net.Conn) bool
}

// Accept takes connections, and closes those of others.
func (p peers) Accept() (net.Conn, error) {
	for {
		c, err := p.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if p.may(c) {
			return c, nil
		}
		c.Close()
	}
}

// ownClient tells whether the other end of a connection is this user's, or
// root's, as the kernel's table of sockets says.
func ownClient(c net.Conn) bool {
	a, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok || !a.IP.IsLoopback() {
		return false
	}
	uid, err := owner(a, c.LocalAddr().(*net.TCPAddr))
	return err == nil && (uid == os.Getuid() || uid == 0)
}

// owner is the user of the socket from one address to another.
func owner(from, to *net.TCPAddr) (int, error) {
	f, err := os.Open("/proc/net/tcp")
	if err != nil {
		return -1, err
	}
	defer f.Close()
	want := [2]string{inTable(from), inTable(to)}
	for s := bufio.NewScanner(f); s.Scan(); {
		col := strings.Fields(s.Text())
		if len(col) > 7 && col[1] == want[0] && col[2] == want[1] {
			return strconv.Atoi(col[7])
		}
	}
	return -1, errors.New("no such socket")
}

// inTable is an address as the table has it.
func inTable(a *net.TCPAddr) string {
	ip := a.IP.To4()
	return fmt.Sprintf("%02X%02X%02X%02X:%04X", ip[3], ip[2], ip[1], ip[0], a.Port)
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types list"

// guarded asks everything that has to be asked before a page is shown.
func (s *Server) guarded() http.Handler {
	inner := http.NewServeMux()
	s.routes(inner)
	crossing := http.NewCrossOriginProtection().Handler(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for k, v := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "X-Frame-Options": "DENY"} {
			h.Set(k, v)
		}
		switch {
		case r.Host != s.host:
			http.Error(w, "This address is not served here.", http.StatusForbidden)
			return
		case r.URL.Path == "/favicon.ico":
			w.WriteHeader(http.StatusNoContent) // there is none
			return
		case r.URL.Path == "/style.css" || r.URL.Path == "/ask.js" || r.URL.Path == "/login":
		case !s.knows(r):
			http.Error(w, "Open the address that pledge ask has printed: it is good for one browser, once.", http.StatusForbidden)
			return
		}
		s.mu.Lock()
		s.last = time.Now()
		s.mu.Unlock()
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		crossing.ServeHTTP(w, r)
	})
}

func (s *Server) cookie() string { return fmt.Sprintf("pledge-ask-%d", s.Port()) }

// knows tells whether the browser has a cookie of this server's.
func (s *Server) knows(r *http.Request) bool {
	c, err := r.Cookie(s.cookie())
	if err != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cookies[c.Value]
}

// login exchanges the token, by POST only: what looks at addresses does not use
// it up.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		render(w, "login", map[string]any{"Token": r.URL.Query().Get("token")})
		return
	}
	s.mu.Lock()
	given := r.PostFormValue("token")
	good := s.token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(s.token)) == 1
	value := ""
	if good {
		s.token, value = "", secret()
		s.cookies[value] = true
	}
	s.mu.Unlock()
	if !good {
		http.Error(w, "This token is not good, or was used already.", http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// Client talks to the socket of a run.
func Client(dir string) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(dir, Control))
	}}}
}
