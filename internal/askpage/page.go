//go:build unix

package askpage

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/quote"
)

//go:embed page.html style.css ask.js
var files embed.FS

// shown is text of others for a page: escaped, and cut.
func shown(s string) string {
	const most = 160
	return cut(quote.Text(s), most)
}

// cut says that something was cut.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return quote.Short(s, most) + " … (cut)"
}

// whole is the same, not cut as early.
func whole(s string) string {
	const most = 8000
	return cut(quote.Text(s), most)
}

// page is parsed when there is one: all commands of pledge-tools start with this.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(functions).ParseFS(files, "page.html"))
})

var functions = template.FuncMap{"shown": shown, "whole": whole, "add": func(a, b int) int { return a + b },
	"clock": func(t time.Time) string { return t.Format("15:04:05") }, "words": quote.Words, "long": func(s string) bool { return shown(s) != whole(s) }}

func render(w http.ResponseWriter, name string, data map[string]any) {
	var b bytes.Buffer
	if err := page().ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

func (s *Server) routes(m *http.ServeMux) {
	static := func(name, kind string) {
		m.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			text, _ := files.ReadFile(name)
			w.Header().Set("Content-Type", kind)
			w.Write(text)
		})
	}
	static("style.css", "text/css; charset=utf-8")
	static("ask.js", "text/javascript; charset=utf-8")
	m.HandleFunc("GET /login", s.login)
	m.HandleFunc("POST /login", s.login)
	m.HandleFunc("GET /{$}", s.inbox)
	m.HandleFunc("GET /list", s.list)
	m.HandleFunc("GET /q/{id}", s.question)
	m.HandleFunc("POST /answer", s.answer)
	m.HandleFunc("GET /policy", s.policy)
	m.HandleFunc("POST /policy", s.check)
	m.HandleFunc("POST /undo/{id}", s.undo)
	m.HandleFunc("POST /keep/{id}", s.keep)
	m.HandleFunc("GET /history", s.history)
	m.HandleFunc("GET /result", s.result)
	m.HandleFunc("GET /events", s.events)
	m.HandleFunc("POST /close", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "The result was printed, too. This page is closed.")
		s.close.Do(func() { close(s.over) })
	})
}

// data is what every screen has.
func (s *Server) data(r *http.Request, screen string) map[string]any {
	b := s.o.Broker
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"Screen": screen, "Command": quote.Words(s.o.Argv), "Ended": s.ended, "Questions": b.Questions(false), "Digest": b.Policy().Digest(), "Said": r.URL.Query().Get("said")}
}

func (s *Server) inbox(w http.ResponseWriter, r *http.Request) {
	render(w, "inbox", s.data(r, "Inbox"))
}

// list is the inbox's list alone, for the script.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	render(w, "list", s.data(r, "Inbox"))
}

func (s *Server) question(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	q, ok := s.o.Broker.Question(id)
	if !ok {
		http.Error(w, "There is no such question.", http.StatusNotFound)
		return
	}
	d := s.data(r, "Question")
	d["Q"], d["Errnos"] = q, errnos
	render(w, "question", d)
}

// errnos are the errors that a refusal may have, as front ends had them.
var errnos = []struct {
	Name string
	N    int
}{{"EPERM", int(unix.EPERM)}, {"EACCES", int(unix.EACCES)}, {"ENOENT", int(unix.ENOENT)}, {"EINVAL", int(unix.EINVAL)}, {"ENOTDIR", int(unix.ENOTDIR)}, {"EIO", int(unix.EIO)}, {"ENXIO", int(unix.ENXIO)}}

// answer takes the form of a question, or of a line of the inbox; several
// questions may be answered alike.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form could not be read.", http.StatusBadRequest)
		return
	}
	f := r.PostForm
	action, scope, _ := strings.Cut(f.Get("do"), " ")
	if scope == "" {
		scope = f.Get("scope")
	}
	p := ask.Proposal{Action: ask.Action(action), Scope: ask.Scope(scope), IfPolicy: f.Get("digest"), Author: "page", Reason: f.Get("reason")}
	p.Suggestion, _ = strconv.Atoi(f.Get("suggestion"))
	p.Errno, _ = strconv.Atoi(f.Get("errno"))
	minutes, _ := strconv.Atoi(f.Get("minutes"))
	p.For = time.Duration(minutes) * time.Minute
	if text := strings.TrimSpace(f.Get("rule")); text != "" {
		g, err := ParseRule(text)
		if err != nil {
			s.say(w, r, "The rule cannot be read: "+err.Error())
			return
		}
		p.Rule = &g
	}
	said := ""
	for _, id := range f["question"] {
		p.Question, _ = strconv.Atoi(id)
		if len(f["question"]) > 1 {
			p.IfPolicy = "" // each of them changes the policy for the next
		}
		res := s.o.Broker.Propose(p)
		if res.Result != ask.Done {
			said = fmt.Sprintf("Question %s: %s: %s %s", id, res.Result, res.Why, strings.Join(res.Diff, ", "))
		}
	}
	s.say(w, r, said)
}

// say goes back to the inbox, with what there is to say.
func (s *Server) say(w http.ResponseWriter, r *http.Request, said string) {
	to := "/"
	if said != "" {
		to += "?said=" + template.URLQueryEscaper(quote.Short(said, 300))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) policy(w http.ResponseWriter, r *http.Request) { s.shownPolicy(w, r, "", nil, nil) }

func (s *Server) shownPolicy(w http.ResponseWriter, r *http.Request, text string, notes, diff []string) {
	b := s.o.Broker
	d := s.data(r, "Policy")
	lines := b.Policy().Lines()
	if text == "" {
		text = ask.Rendered(b.Policy().Grant)
	}
	changes := b.Changes()
	slices.Reverse(changes)
	d["Lines"], d["Rules"], d["Changes"], d["Text"], d["Notes"], d["Diff"] = lines, b.Rules(), changes, text, notes, diff
	render(w, "policy", d)
}

// check says what an edited policy would change, and which calls of the run it
// would have refused.
func (s *Server) check(w http.ResponseWriter, r *http.Request) {
	text := r.PostFormValue("text")
	g, err := ParseRule(text)
	if err != nil {
		s.shownPolicy(w, r, text, []string{"This cannot be read: " + err.Error()}, nil)
		return
	}
	p, err := ask.NewPolicy(g)
	if err != nil {
		s.shownPolicy(w, r, text, []string{err.Error()}, nil)
		return
	}
	refused := s.o.Broker.Replay(p)
	notes := []string{fmt.Sprintf("It would have refused %d of the calls that this run asked about.", len(refused))}
	for i, c := range refused {
		if i == 10 {
			break
		}
		notes = append(notes, "refused: "+shown(c))
	}
	s.shownPolicy(w, r, text, notes, ask.Diff(s.o.Broker.Policy(), p))
}

func (s *Server) undo(w http.ResponseWriter, r *http.Request) { s.change(w, r, s.o.Broker.Undo) }
func (s *Server) keep(w http.ResponseWriter, r *http.Request) { s.change(w, r, s.o.Broker.Keep) }

func (s *Server) change(w http.ResponseWriter, r *http.Request, f func(int, string) error) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	if err := f(id, "page"); err != nil {
		s.say(w, r, err.Error())
		return
	}
	http.Redirect(w, r, "/policy", http.StatusSeeOther)
}

func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	d := s.data(r, "History")
	find := r.URL.Query().Get("find")
	list := s.o.Broker.History()
	slices.Reverse(list)
	list = slices.DeleteFunc(list, func(e ask.Event) bool {
		return !strings.Contains(strings.ToLower(fmt.Sprintf("%s %s %s %s %s %d", e.What, e.Title, e.Program, e.Call, e.By, e.PID)), strings.ToLower(find))
	})
	const most = 500
	d["Found"], d["Events"], d["Find"] = len(list), list[:min(len(list), most)], find
	render(w, "history", d)
}

func (s *Server) result(w http.ResponseWriter, r *http.Request) {
	d := s.data(r, "Result")
	type part struct{ Name, Text string }
	var parts []part
	for _, f := range []string{"shell", "toml", "go", "systrace"} {
		text, err := s.o.Result(f)
		if err != nil {
			text = err.Error()
		}
		parts = append(parts, part{f, text})
	}
	d["Parts"] = parts
	render(w, "result", d)
}

// events tells the script that something has changed; it fetches what it shows.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	flush, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "no stream", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	c, stop := s.o.Broker.Watch()
	defer stop()
	s.stream(1)
	defer s.stream(-1)
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	fmt.Fprint(w, "data: now\n\n")
	flush.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-c:
			fmt.Fprint(w, "data: changed\n\n")
		case <-beat.C:
			fmt.Fprint(w, ": here\n\n")
		}
		flush.Flush()
	}
}

func (s *Server) stream(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams += n
}
