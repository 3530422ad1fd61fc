package detect_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/envelope"
)

const boot = "01234567-89ab-cdef-0123-456789abcdef"

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func event(kind, host string, at time.Duration, c envelope.Call) *envelope.Event {
	body, _ := json.Marshal(c)
	return &envelope.Event{V: 1, Type: kind, Host: host, Boot: boot, Seq: 1, Time: start.Add(at), Body: body}
}

func open(program, file string) envelope.Call {
	return envelope.Call{Program: program, Name: "openat", Call: fmt.Sprintf("openat(%q, O_RDONLY)", file), Promise: "rpath"}
}

const day = 24 * time.Hour

// Two weeks of two hundred hosts with twenty programs, a roll-out on the seventh
// day, and twenty attacks.
func TestTwoWeeks(t *testing.T) {
	d := detect.New(detect.Options{})
	random := rand.New(rand.NewPCG(1, 2))
	var found []detect.Finding
	attacks := map[string]bool{}
	perDay := map[int]int{}
	add := func(e *envelope.Event) {
		for _, f := range d.Add(e) {
			found = append(found, f)
			perDay[int(f.Time.Sub(start)/day)]++
		}
	}
	for n := range 14 {
		at := time.Duration(n) * day
		for h := range 200 {
			name := fmt.Sprintf("web%d", h)
			for range 30 {
				p := random.IntN(20)
				prog := fmt.Sprintf("prog%d", p)
				add(event("exec.start", name, at, envelope.Call{Program: "/usr/bin/" + prog}))
				// Each has some refusals that it goes on after, of files with random names.
				add(event("call.refused", name, at+time.Minute, open(prog, fmt.Sprintf("/var/cache/%d/%d/f", p, random.IntN(1e6)))))
			}
			if n >= 7 {
				add(event("call.refused", name, at+time.Hour, envelope.Call{Program: "prog3", Name: "socket", Call: "socket(AF_INET)", Promise: "inet"}))
			}
		}
		for a := range 2 {
			if n < 4 {
				continue
			}
			host, prog := fmt.Sprintf("web%d", n*10+a), fmt.Sprintf("prog%d", n+a)
			attacks[host+prog] = true
			c := envelope.Call{Program: prog, Name: "execve", Call: fmt.Sprintf(`execve("/tmp/x%c")`, 'a'+n), Promise: "exec"}
			if a == 1 {
				c = open(prog, "/etc/shadow")
			}
			add(event("call.refused", host, at+2*time.Hour, c))
		}
	}
	caught, rollouts := 0, 0
	for _, f := range found {
		switch {
		case f.Kind == "rollout":
			rollouts++
		case attacks[f.Host+f.Program]:
			caught++
		}
		if f.Text == "" || f.Change == "" || f.Kind == "novelty" && !strings.Contains(f.Text, "hosts; only") {
			t.Errorf("a finding without a reason: %+v", f)
		}
	}
	if len(attacks) != 20 || caught < 18 {
		t.Errorf("%d of %d attacks are found", caught, len(attacks))
	}
	if rollouts != 1 {
		t.Errorf("%d findings of the roll-out", rollouts)
	}
	for n, count := range perDay {
		// Two a day are attacks, and the roll-out is seen on its first hosts before it is one.
		if limit := 2 + 1; n > 3 && n != 7 && count > limit || count > limit+3 {
			t.Errorf("day %d: %d findings", n, count)
		}
	}
}

func kinds(list []detect.Finding) (s string) {
	for _, f := range list {
		s += f.Kind + " "
	}
	return strings.TrimSpace(s)
}

func TestSensor(t *testing.T) {
	d := detect.New(detect.Options{Canaries: []string{"/srv/bait"}})
	gap := event("gap", "web1", 0, envelope.Call{})
	gap.Body = []byte(`{"count":7,"from":3,"to":9}`)
	if got := d.Add(gap); kinds(got) != "gap" || !strings.Contains(got[0].Text, "7 events") {
		t.Errorf("gap: %+v", got)
	}
	if got := d.Add(gap); len(got) != 0 {
		t.Errorf("the same gap again: %+v", got)
	}
	if got := d.Add(event("call.refused", "web1", time.Minute, open("cat", "/srv/bait/key"))); kinds(got) != "canary" {
		t.Errorf("canary: %+v", got)
	}
	d.Add(event("host.beat", "web2", time.Minute, envelope.Call{}))
	d.Add(event("host.bye", "web2", time.Minute, envelope.Call{}))
	if got := d.Silent(start.Add(5 * time.Minute)); len(got) != 0 {
		t.Errorf("silent at once: %+v", got)
	}
	if got := d.Silent(start.Add(time.Hour)); kinds(got) != "silent" || got[0].Host != "web1" {
		t.Errorf("silent: %+v", got)
	}
	if got := d.Silent(start.Add(time.Hour)); len(got) != 0 {
		t.Errorf("silent again: %+v", got)
	}
}

func TestRate(t *testing.T) {
	d := detect.New(detect.Options{})
	var got []detect.Finding
	for n := range 500 {
		got = append(got, d.Add(event("call.refused", "web1", time.Duration(n)*100*time.Millisecond, open("cat", "/x/y")))...)
	}
	if kinds(got) != "rate" {
		t.Errorf("%+v", got)
	}
}
