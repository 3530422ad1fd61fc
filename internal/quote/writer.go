package quote

import "io"

// A Writer lets printable text, newlines and tabs through to W, and escapes
// everything else. It is what every stream to a person goes through: a name that
// somebody forgot to quote cannot command a terminal. It takes each Write for a
// whole text.
type Writer struct{ W io.Writer }

// Write implements io.Writer.
func (w Writer) Write(p []byte) (int, error) {
	if text := Lines(string(p)); text != string(p) {
		_, err := io.WriteString(w.W, text)
		return len(p), err
	}
	return w.W.Write(p)
}
