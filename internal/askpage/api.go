//go:build unix

package askpage

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// api is the socket's: JSON in and out.
func (s *Server) api() http.Handler {
	m := http.NewServeMux()
	b := s.o.Broker
	m.HandleFunc("GET /run", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		answer(w, map[string]any{"command": s.o.Argv, "ended": s.ended != nil, "waiting": len(b.Questions(false))})
	})
	m.HandleFunc("GET /questions", func(w http.ResponseWriter, r *http.Request) {
		list := b.Questions(r.URL.Query().Get("all") != "")
		if list == nil {
			list = []ask.Question{}
		}
		answer(w, list)
	})
	m.HandleFunc("GET /questions/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.PathValue("id"))
		q, ok := b.Question(id)
		if !ok {
			http.Error(w, "no such question", http.StatusNotFound)
			return
		}
		answer(w, q)
	})
	m.HandleFunc("POST /answer", func(w http.ResponseWriter, r *http.Request) {
		var p struct {
			ask.Proposal
			Rule string `json:"rule"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&p); err != nil {
			answer(w, ask.Result{Result: ask.Invalid, Why: err.Error()})
			return
		}
		if p.Rule != "" {
			g, err := ParseRule(p.Rule)
			if err != nil {
				answer(w, ask.Result{Result: ask.Invalid, Why: err.Error()})
				return
			}
			p.Proposal.Rule = &g
		}
		answer(w, b.Propose(p.Proposal))
	})
	m.HandleFunc("POST /undo/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.PathValue("id"))
		if err := b.Undo(id, r.URL.Query().Get("author")); err != nil {
			answer(w, ask.Result{Result: ask.Invalid, Why: err.Error()})
			return
		}
		answer(w, ask.Result{Result: ask.Done})
	})
	m.HandleFunc("GET /history", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"events": b.History(), "changes": b.Changes(), "rules": b.Rules()})
	})
	m.HandleFunc("GET /policy", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"lines": b.Policy().Lines(), "digest": b.Policy().Digest()})
	})
	// A front end that only waits is one that is there.
	m.HandleFunc("GET /wait", func(w http.ResponseWriter, r *http.Request) {
		c, stop := b.Watch()
		defer stop()
		select {
		case <-c:
		case <-r.Context().Done():
		case <-time.After(25 * time.Second):
		}
		answer(w, b.Questions(false))
	})
	return m
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(append(quote.JSON(text), '\n'))
}

// ParseRule reads a rule as suggestions are written: promises, -u PERMS:PATH,
// --tcp-connect N, --tcp-bind N.
func ParseRule(text string) (g ask.Grant, err error) {
	words := strings.Fields(text)
	var names []string
	for i := 0; i < len(words); i++ {
		option := words[i]
		if !strings.HasPrefix(option, "-") {
			names = append(names, option)
			continue
		}
		if i++; i == len(words) {
			return g, fmt.Errorf("%s needs a value", option)
		}
		switch option {
		case "-u":
			perms, path, err := unveil.Split(words[i])
			if err != nil {
				return g, err
			}
			g.Entries = append(g.Entries, ask.Entry{Path: path, Perms: perms})
		case "--tcp-connect", "--tcp-bind":
			n, err := strconv.ParseUint(words[i], 10, 16)
			if err != nil {
				return g, fmt.Errorf("%s %s: no TCP port", option, words[i])
			}
			if option == "--tcp-bind" {
				g.Bind = append(g.Bind, uint16(n))
			} else {
				g.Connect = append(g.Connect, uint16(n))
			}
		default:
			return g, fmt.Errorf("%s: a rule has promises, -u, --tcp-connect and --tcp-bind", option)
		}
	}
	if names != nil {
		g.Words, err = promises.Parse(strings.Join(names, " "))
	}
	return g, err
}
