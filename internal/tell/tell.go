// Package tell tells a host's broker, pledged, what is refused. Where there is
// none it tells nobody, and nobody ever waits for it.
//
// It writes its lines of JSON itself: the launcher links no package for that.
package tell

import (
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
)

// A Field is part of what is told: a text, or a number if there is none.
type Field struct {
	Name string
	Text string
	N    int
}

// longest is how many bytes of a text are told.
const longest = 8 << 10

// message is the datagram for an event.
func message(kind string, sev int, fields []Field) string {
	var b strings.Builder
	b.WriteString(`{"type":"` + kind + `","sev":` + strconv.Itoa(sev) + `,"body":{`)
	first := true
	for _, f := range fields {
		if f.Text == "" && f.N == 0 {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(`"` + f.Name + `":`)
		if f.Text == "" {
			b.WriteString(strconv.Itoa(f.N))
			continue
		}
		b.WriteByte('"')
		str(&b, f.Text)
		b.WriteByte('"')
	}
	b.WriteString("}}")
	return b.String()
}

// str writes a text as JSON has it. What is not printable is in escapes already.
func str(b *strings.Builder, s string) {
	for _, r := range quote.Text(quote.Short(s, longest)) {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
}
