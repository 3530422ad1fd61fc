package profile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pledge-linux/pledge/internal/quote"
)

// unescape adds the paths that are escaped to the others.
func (p *Profile) unescape() error {
	for _, list := range []struct {
		from *[]string
		to   *[]string
	}{{&p.Escaped, &p.Unveil}, {&p.OptEscaped, &p.Optional}} {
		for _, text := range *list.from {
			raw, err := quote.Unescape(text)
			if err != nil {
				return fmt.Errorf("unveil_escaped %s: %w", quote.Word(text), err)
			}
			*list.to = append(*list.to, raw)
		}
		*list.from = nil
	}
	return nil
}

// Marshal writes the profile as TOML, whatever bytes are in it. TOML is UTF-8:
// paths that are not go to unveil_escaped; anything else that is not is an
// error.
func (p *Profile) Marshal() ([]byte, error) {
	w := &writer{}
	unveil, escaped := split(p.Unveil, p.Escaped)
	optional, optEscaped := split(p.Optional, p.OptEscaped)
	w.text("description", p.Description, false)
	w.text("promises", p.Promises, true)
	w.list("unveil", unveil)
	w.list("unveil_optional", optional)
	w.list("unveil_escaped", escaped)
	w.list("unveil_optional_escaped", optEscaped)
	w.flag("exec", p.Exec)
	w.flag("kill", p.Kill)
	w.flag("best_effort", p.BestEffort)
	w.list("require", p.Require)
	w.text("chdir", p.Chdir, false)
	w.list("env", p.Env)
	w.flag("clear_env", p.ClearEnv)
	w.text("user", p.User, false)
	w.text("group", p.Group, false)
	w.flag("keep_caps", p.KeepCaps)
	w.numbers("keep_fd", p.KeepFDs)
	w.numbers("tcp_connect", p.TCPConnect)
	w.numbers("tcp_bind", p.TCPBind)
	if len(p.Limit) > 0 {
		w.b.WriteString("\n[limit]\n")
		for _, name := range slices.Sorted(maps.Keys(p.Limit)) {
			w.b.WriteString(key(name) + " = " + w.value(p.Limit[name]) + "\n")
		}
	}
	return []byte(w.b.String()), w.err
}

// key is a name as TOML has it: as it is where that will do.
func key(name string) string {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return quote.TOML(name)
	}
	return name
}

// split takes the paths that TOML cannot have out of a list.
func split(list, escaped []string) (plain, more []string) {
	more = slices.Clone(escaped)
	for _, s := range list {
		if utf8.ValidString(s) {
			plain = append(plain, s)
			continue
		}
		more = append(more, quote.Escape(s))
	}
	return plain, more
}

// writer writes keys with their values, those without one not.
type writer struct {
	b   strings.Builder
	err error
}

func (w *writer) value(s string) string {
	if !utf8.ValidString(s) && w.err == nil {
		w.err = fmt.Errorf("%s is not UTF-8, which TOML asks for", quote.Word(s))
	}
	return quote.TOML(s)
}

func (w *writer) text(key, s string, always bool) {
	if s != "" || always {
		w.b.WriteString(key + " = " + w.value(s) + "\n")
	}
}

func (w *writer) list(key string, list []string) {
	switch len(list) {
	case 0:
		return
	case 1:
		w.b.WriteString(key + " = [" + w.value(list[0]) + "]\n")
		return
	}
	w.b.WriteString(key + " = [\n")
	for _, s := range list {
		w.b.WriteString("  " + w.value(s) + ",\n")
	}
	w.b.WriteString("]\n")
}

func (w *writer) flag(key string, on bool) {
	if on {
		w.b.WriteString(key + " = true\n")
	}
}

func (w *writer) numbers(key string, list []int) {
	if len(list) == 0 {
		return
	}
	var texts []string
	for _, n := range list {
		texts = append(texts, strconv.Itoa(n))
	}
	w.b.WriteString(key + " = [" + strings.Join(texts, ", ") + "]\n")
}
