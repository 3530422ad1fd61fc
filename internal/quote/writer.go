package quote

import (
	"io"
	"io/fs"
)

// A Writer lets printable text, newlines and tabs through to W, and escapes
// everything else. It is what every stream to a person goes through: a name that
// somebody forgot to quote cannot command a terminal. It takes each Write for a
// whole text.
type Writer struct{ W io.Writer }

// Write implements io.Writer.
func (w Writer) Write(p []byte) (int, error) {
	text := Lines(string(p))
	if text == string(p) {
		return w.W.Write(p)
	}
	if _, err := io.WriteString(w.W, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// A File is what Terminal looks at: *os.File.
type File interface {
	io.Writer
	Stat() (fs.FileInfo, error)
}

// Terminal returns what to write to f with: a Writer if f is a terminal, or
// another device, else f. What is made for programs keeps its bytes on its way
// to them.
func Terminal(f File) io.Writer {
	if st, err := f.Stat(); err == nil && st.Mode()&fs.ModeCharDevice == 0 {
		return f
	}
	return Writer{f}
}
