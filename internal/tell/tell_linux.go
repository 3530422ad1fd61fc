package tell

import (
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/trust"
)

// A Broker is told things. A nil one is nobody.
type Broker struct {
	mu      sync.Mutex
	fd      int
	waiting []string // what its queue had no room for
	lost    int
}

// most is how much waits for a broker that takes nothing.
const most = 1024

// Places are where brokers listen: the machine's, then the user's own.
func Places() []string {
	return []string{"/run/pledged/events", "/run/user/" + strconv.Itoa(os.Geteuid()) + "/pledged/events"}
}

// Open finds a broker at the first of the places that has one which nobody else
// could have put there.
func Open(places []string) *Broker {
	for _, path := range places {
		if unix.Access(path, unix.F_OK) != nil {
			continue // one call, where nothing is watched
		}
		if fd, err := connect(path); err == nil {
			return &Broker{fd: fd}
		}
	}
	return nil
}

func connect(path string) (int, error) {
	f, err := trust.Socket(path)
	if err != nil {
		return -1, err
	}
	defer f.Close()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: "/proc/self/fd/" + strconv.Itoa(int(f.Fd()))}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// Tell tells an event. What the broker has no room for is told before the next
// one, or counted in that.
func (b *Broker) Tell(kind string, sev int, fields ...Field) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flush()
	if b.lost > 0 {
		fields = append(fields, Field{Name: "lost", N: b.lost})
	}
	if len(b.waiting) == most {
		b.lost++
		return
	}
	b.lost = 0
	b.waiting = append(b.waiting, message(kind, sev, fields))
	b.flush()
}

func (b *Broker) flush() {
	for len(b.waiting) > 0 {
		err := unix.Send(b.fd, []byte(b.waiting[0]), unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		if err == unix.EAGAIN || err == unix.ENOBUFS || err == unix.EINTR {
			return
		}
		if err != nil { // the broker is gone; a new one has another socket
			b.lost++
		}
		b.waiting = b.waiting[1:]
	}
}

// Close tells what waits, if there is room, and ends.
func (b *Broker) Close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flush()
	unix.Close(b.fd)
}
