package enrol

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// A Token is what one host needs to join, once: where the hub is, whom to
// believe, and a secret.
type Token struct {
	Enrol  string `json:"e"` // host:port
	Events string `json:"n"` // host:port
	Pin    string `json:"p"`
	Secret string `json:"s"`
}

const tokenPrefix = "pledge1."

// String is the token as it is pasted.
func (t Token) String() string {
	text, _ := json.Marshal(t)
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(text)
}

// ParseToken reads one.
func ParseToken(s string) (t Token, err error) {
	code, ok := strings.CutPrefix(strings.TrimSpace(s), tokenPrefix)
	if !ok || len(code) > 4096 {
		return t, errors.New("this is no token: it begins with " + tokenPrefix)
	}
	text, err := base64.RawURLEncoding.DecodeString(code)
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil {
		return t, fmt.Errorf("this is no whole token: %w", err)
	}
	for _, addr := range []string{t.Enrol, t.Events} {
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return t, fmt.Errorf("token: %w", err)
		}
	}
	if len(t.Pin) != 64 || t.Secret == "" {
		return t, errors.New("this is no whole token")
	}
	return t, nil
}

// An Invitation is what the hub keeps of a token: not the secret.
type Invitation struct {
	Sum   string    `json:"sum"`
	Group string    `json:"group"`
	Until time.Time `json:"until"`
}

// A Member is a host that has joined.
type Member struct {
	Host    string    `json:"host"`
	Group   string    `json:"group"`
	Joined  time.Time `json:"joined"`
	Revoked bool      `json:"revoked,omitempty"`
	Key     string    `json:"key"` // the sum of its key
}

// A Register is whom a hub knows, in one file.
type Register struct {
	mu    sync.Mutex
	file  string
	stamp time.Time // of the file that was read
	data  struct {
		Invitations []Invitation
		Members     map[string]Member
	}
}

// OpenRegister reads the file, if there is one.
func OpenRegister(file string) (*Register, error) {
	r := &Register{file: file}
	return r, r.load()
}

// load reads the file again if another command has changed it.
func (r *Register) load() error {
	st, err := os.Stat(r.file)
	if errors.Is(err, os.ErrNotExist) {
		r.data.Members = map[string]Member{}
		return nil
	}
	if err != nil || st.ModTime().Equal(r.stamp) {
		return err
	}
	text, err := os.ReadFile(r.file)
	if err != nil {
		return err
	}
	r.data.Members, r.data.Invitations = map[string]Member{}, nil
	if err := json.Unmarshal(text, &r.data); err != nil {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	r.stamp = st.ModTime()
	return nil
}

// change reads, changes and writes the register, alone.
func (r *Register) change(f func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	unlock, err := lock(r.file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if err := r.load(); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r.data, "", "\t")
	if err != nil {
		return err
	}
	r.stamp = time.Time{}
	return WriteFile(r.file, text)
}

func sum(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}

var groupName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// Invite makes a secret that is good once, for a while.
func (r *Register) Invite(group string, ttl time.Duration) (secret string, err error) {
	if !groupName.MatchString(group) {
		return "", fmt.Errorf("group %q: want small letters, digits and dashes", group)
	}
	secret = rand.Text()
	return secret, r.change(func() error {
		r.data.Invitations = append(r.data.Invitations, Invitation{sum(secret), group, time.Now().Add(ttl)})
		return nil
	})
}

// ErrToken is of a token that is not good, or not any more.
var ErrToken = errors.New("the token is unknown, used or too old")

// Admit uses a secret up and gives its host a name that no other has, made of
// what it calls itself.
func (r *Register) Admit(secret, wish, key string) (m Member, err error) {
	err = r.change(func() error {
		var left []Invitation
		group, now := "", time.Now()
		for _, i := range r.data.Invitations {
			switch {
			case now.After(i.Until):
			case i.Sum == sum(secret): // sums of secrets: their comparison tells nothing
				group = i.Group
			default:
				left = append(left, i)
			}
		}
		if group == "" {
			return ErrToken
		}
		r.data.Invitations = left
		m = Member{Host: r.free(wish), Group: group, Joined: now.UTC(), Key: key}
		r.data.Members[m.Host] = m
		return nil
	})
	return m, err
}

// free makes a name of a wish that no member has, nor has had.
func (r *Register) free(wish string) string {
	base := []byte(strings.ToLower(wish))
	for i, c := range base {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			base[i] = '-'
		}
	}
	name := strings.Trim(string(base[:min(len(base), 50)]), "-")
	if !envelope.Host(name) || name == HubName {
		name = "host"
	}
	for n, try := 2, name; ; n++ {
		if _, taken := r.data.Members[try]; !taken {
			return try
		}
		try = fmt.Sprintf("%s-%d", name, n)
	}
}

// Revoke puts a host out.
func (r *Register) Revoke(host string) error {
	return r.change(func() error {
		m, ok := r.data.Members[host]
		if !ok {
			return fmt.Errorf("host %q is unknown", host)
		}
		m.Revoked = true
		r.data.Members[host] = m
		return nil
	})
}

// Member tells of a host, and whether it may connect.
func (r *Register) Member(host string) (Member, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.load() != nil {
		return Member{}, false
	}
	m, ok := r.data.Members[host]
	return m, ok && !m.Revoked
}

// Members are all, by name.
func (r *Register) Members() (list []Member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.load() != nil {
		return nil
	}
	for _, m := range r.data.Members {
		list = append(list, m)
	}
	return list
}
