//go:build amd64 || arm64

package enforce

import "testing"

// newPool is an engine with two workers that receive nothing. The first leads.
func newPool() (e *engine, leader, other *worker) {
	e = &engine{}
	e.stirred = make(chan struct{}, 1)
	leader, other = &worker{engine: e}, &worker{engine: e}
	e.all = []*worker{leader, other}
	e.leader.Store(leader)
	return e, leader, other
}

// A worker that is about a call is looked after, whichever of them leads and
// whatever another one that waits for calls finds meanwhile.
func TestLookedAfter(t *testing.T) {
	for _, name := range []string{"the leader", "another"} {
		t.Run(name, func(t *testing.T) {
			e, w, other := newPool()
			if name == "another" {
				w = other
			}
			e.quiet.Store(true)
			if !e.atRest() {
				t.Fatal("it is looked after nobody's calls")
			}
			w.begin(&call{})
			select {
			case <-e.stirred:
			default:
				t.Error("a call began and nobody was stirred")
			}
			e.quiet.Store(true) // by another worker that waits
			if e.atRest() {
				t.Error("nobody looks after a call that has begun")
			}
			w.end()
			if !e.atRest() {
				t.Error("a call that has ended is still looked after")
			}
		})
	}
}

// Who is seen to be about a call is seen with it: else another worker leads, it
// is quiet, and nobody looks after the call.
func TestBegunHasACall(t *testing.T) {
	_, w, _ := newPool()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 2_000_000 {
			w.begin(&call{})
			w.end()
		}
	}()
	for {
		select {
		case <-done:
			return
		default:
		}
		began := w.began.Load()
		c := w.current.Load()
		if began%2 == 1 && c == nil && w.began.Load() == began {
			t.Error("a call has begun, and it is not known which")
			<-done
			return
		}
	}
}
