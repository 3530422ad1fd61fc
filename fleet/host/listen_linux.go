package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// told are the types that supervisors may tell. The rest are the broker's own.
var told = []string{"call.refused", "call.killed", "call.permitted", "exec.start", "exec.end", "profile", "policy.changed", "ask.question", "ask.closed"}

// A Listener takes what supervisors tell, one datagram an event:
//
//	{"type":"call.refused","sev":2,"body":{"program":"cat","call":"...","promise":"rpath"}}
//
// Who sent it the kernel says. A sender waits for nothing: what does not fit
// into the socket's queue it keeps, or counts.
type Listener struct {
	conn    *net.UnixConn
	refused atomic.Uint64
	limits  map[int]*bucket
	exes    hashes
}

// Listen makes the socket. Its directory is the broker's own; what an earlier
// broker left there is replaced.
func Listen(path string, mode os.FileMode) (*Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if st, err := os.Lstat(path); err == nil && st.Mode().Type() == os.ModeSocket {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err == nil {
		control := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1) })
		err = errors.Join(err, control)
	}
	if err = errors.Join(err, os.Chmod(path, mode), conn.SetReadBuffer(4<<20)); err != nil {
		conn.Close()
		return nil, err
	}
	return &Listener{conn: conn, limits: map[int]*bucket{}}, nil
}

// Close ends Next.
func (l *Listener) Close() error { return l.conn.Close() }

// Refused is how many datagrams were no events, or too many of one user.
func (l *Listener) Refused() uint64 { return l.refused.Load() }

// Next waits for an event.
func (l *Listener) Next() (envelope.Event, error) {
	data, control := make([]byte, envelope.MaxEvent), make([]byte, 128)
	for {
		n, oobn, flags, _, err := l.conn.ReadMsgUnix(data, control)
		if err != nil {
			return envelope.Event{}, err
		}
		if flags&unix.MSG_TRUNC == 0 {
			if e, err := l.event(data[:n], control[:oobn]); err == nil {
				return e, nil
			}
		}
		l.refused.Add(1)
	}
}

func (l *Listener) event(data, control []byte) (e envelope.Event, err error) {
	cred, err := sender(control)
	if err != nil {
		return e, err
	}
	if !l.bucket(int(cred.Uid)).take(time.Now()) {
		return e, errors.New("too many")
	}
	var said struct {
		Type string        `json:"type"`
		Sev  int           `json:"sev"`
		Body envelope.Call `json:"body"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return e, err
	}
	if !slices.Contains(told, said.Type) || !toolName.MatchString(said.Body.Tool) {
		return e, fmt.Errorf("an event of type %q by %q", said.Type, said.Body.Tool)
	}
	said.Body.Peer = l.peer(cred, said.Body.PID)
	body, err := json.Marshal(said.Body)
	// No sender makes its event worth more than a warning: it would displace others'.
	sev := envelope.Severity(said.Type, min(said.Sev, envelope.Warning))
	return envelope.Event{Type: said.Type, Sev: sev, Time: time.Now().UTC(), Mono: sinceBoot(), Body: body}, err
}

var toolName = regexp.MustCompile(`^[a-z]{1,16}$`)

// sender is who sent a datagram.
func sender(control []byte) (*unix.Ucred, error) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if cred, err := unix.ParseUnixCredentials(&m); err == nil {
			return cred, nil
		}
	}
	return nil, errors.New("a datagram of nobody")
}

func sinceBoot() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) != nil {
		return 0
	}
	return t.Nano()
}

// perUser is how many events a second one user may tell, and at once.
const perUser, atOnce = 1000, 5000

func (l *Listener) bucket(uid int) *bucket {
	b := l.limits[uid]
	if b == nil {
		if len(l.limits) > 10000 { // user namespaces have many
			clear(l.limits)
		}
		b = newBucket(perUser, atOnce)
		l.limits[uid] = b
	}
	return b
}

// A bucket lets some things through at once, and some a second.
type bucket struct {
	rate, size, have float64
	last             time.Time
}

func newBucket(rate, size float64) *bucket { return &bucket{rate: rate, size: size, have: size} }

func (b *bucket) take(now time.Time) bool {
	b.fill(now)
	if b.have < 1 {
		return false
	}
	b.have--
	return true
}

func (b *bucket) fill(now time.Time) {
	if !b.last.IsZero() {
		b.have = min(b.size, b.have+b.rate*max(0, now.Sub(b.last).Seconds()))
	}
	b.last = now
}
