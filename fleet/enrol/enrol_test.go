package enrol_test

import (
	"crypto/tls"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/enrol"
)

// hub is an enrolling server.
func hub(t *testing.T) (a *enrol.Authority, r *enrol.Register, token func(group string, ttl time.Duration) enrol.Token) {
	t.Helper()
	dir := t.TempDir()
	a, err := enrol.LoadAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err = enrol.OpenRegister(filepath.Join(dir, "hosts.json"))
	if err != nil {
		t.Fatal(err)
	}
	cert, key, err := a.Hub()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(enrol.Handler(a, r))
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert, a.Cert.Raw}, PrivateKey: key}},
		ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: a.Pool()}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return a, r, func(group string, ttl time.Duration) enrol.Token {
		secret, err := r.Invite(group, ttl)
		if err != nil {
			t.Fatal(err)
		}
		addr := srv.Listener.Addr().String()
		parsed, err := enrol.ParseToken(enrol.Token{Enrol: addr, Events: addr, Pin: a.Pin(), Secret: secret}.String())
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
}

func TestJoin(t *testing.T) {
	a, r, token := hub(t)
	dir, first := t.TempDir(), token("web", time.Hour)
	host, err := enrol.Join(t.Context(), first, "Web.17", dir)
	if err != nil || host != "web-17" {
		t.Fatalf("Join = %q, %v", host, err)
	}
	if st, err := os.Stat(filepath.Join(dir, "key.pem")); err != nil || st.Mode().Perm() != 0o600 {
		t.Error("the key is not its owner's alone")
	}
	if m, ok := r.Member("web-17"); !ok || m.Group != "web" {
		t.Errorf("member %+v", m)
	}
	if _, err := enrol.Join(t.Context(), first, "web-17", t.TempDir()); err == nil || !strings.Contains(err.Error(), "used") {
		t.Errorf("a token is good twice: %v", err)
	}
	if host, err := enrol.Join(t.Context(), token("web", time.Hour), "web-17", t.TempDir()); err != nil || host != "web-17-2" {
		t.Errorf("a second host of the name is %q, %v", host, err)
	}
	id, err := enrol.LoadIdentity(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := id.Renew(t.Context(), dir, time.Now()); again || err != nil {
		t.Errorf("renewed at once: %v", err)
	}
	late := time.Now().Add(enrol.RenewAt + time.Hour)
	if again, err := id.Renew(t.Context(), dir, late); !again || err != nil {
		t.Errorf("not renewed: %v", err)
	}
	if err := r.Revoke("web-17"); err != nil {
		t.Fatal(err)
	}
	if _, err := id.Renew(t.Context(), dir, late); err == nil {
		t.Error("a host that was put out is renewed")
	}
	_ = a
}

func TestJoinRefused(t *testing.T) {
	_, _, token := hub(t)
	other, _, _ := hub(t)
	for name, spoil := range map[string]func(*enrol.Token){
		"pin":    func(t *enrol.Token) { t.Pin = other.Pin() },
		"secret": func(t *enrol.Token) { t.Secret += "x" },
	} {
		k := token("web", time.Hour)
		spoil(&k)
		dir := t.TempDir()
		if _, err := enrol.Join(t.Context(), k, "x", dir); err == nil {
			t.Errorf("%s: joined", name)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: leaves %v", name, left)
		}
	}
	if _, err := enrol.Join(t.Context(), token("web", -time.Second), "x", t.TempDir()); err == nil {
		t.Error("joined with an old token")
	}
}

// What is stolen with a hub's directory is no host's key, and no secret.
func TestRegisterKeepsNoSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts.json")
	r, err := enrol.OpenRegister(file)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := r.Invite("web", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), secret) {
		t.Errorf("the register has the secret: %v", err)
	}
	if _, err := r.Invite("../x", time.Hour); err == nil {
		t.Error("a group of any name")
	}
	again, err := enrol.OpenRegister(file) // another command's
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Admit(secret, "a", "k"); err != nil {
		t.Error(err)
	}
	if _, err := r.Admit(secret, "a", "k"); !errors.Is(err, enrol.ErrToken) {
		t.Errorf("used up in one register, in the other %v", err)
	}
}
