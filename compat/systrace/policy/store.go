package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
)

// SystemDir has the policies of the machine.
const SystemDir = "/etc/systrace"

// A Store finds policies by the path of the program that they are for: among
// those read with [Store.Read], then in the user's directory, then in the
// system's.
type Store struct {
	User   string // the user's directory; "" for none
	System string // "" is SystemDir

	given map[string]*syntax.Section
	// frozen has the files as they were, by their paths; nil before Freeze.
	frozen map[string]*file
}

// file is one that was read.
type file struct {
	parsed   *syntax.File
	modified time.Time
	err      error
}

// Freeze reads the policies of both directories: later changes of them are not
// seen by [Store.Find] and [Store.All]. Whoever runs under a policy must not
// choose another one's.
func (s *Store) Freeze() error {
	frozen := map[string]*file{}
	for _, dir := range []string{s.User, s.systemDir()} {
		names, err := os.ReadDir(dir)
		if dir == "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, n := range names {
			if !n.IsDir() {
				path := filepath.Join(dir, n.Name())
				frozen[path] = read(path)
			}
		}
	}
	s.frozen = frozen
	return nil
}

func read(path string) *file {
	f := &file{}
	f.parsed, f.modified, f.err = readPolicies(path)
	return f
}

// file is a file as it was when the store was frozen, or as it is.
func (s *Store) file(path string) *file {
	if s.frozen == nil {
		return read(path)
	}
	if f := s.frozen[path]; f != nil {
		return f
	}
	return &file{err: &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}}
}

// isAbsent tells whether there is no such file: it is then looked for elsewhere.
func (s *Store) isAbsent(path string, err error) bool {
	if s.frozen != nil && s.frozen[path] == nil {
		return true
	}
	return trust.Absent(path, err)
}

// FileName is the name of a program's policy file: what is neither letter nor
// digit becomes "_", and is left out at the beginning.
func FileName(program string) string {
	var b strings.Builder
	for i := 0; i < len(program); i++ {
		switch c := program[i]; {
		case isAlnum(c):
			b.WriteByte(c)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// Read adds the policies of a file (systrace -f). One for "*/name" is for the
// first program of that name.
func (s *Store) Read(file string) (warnings []syntax.Warning, err error) {
	f, _, err := readPolicies(file)
	if err != nil {
		return nil, err
	}
	s.add(f)
	return f.Warnings, nil
}

// maxSize is how large a file of policies may be.
const maxSize = 16 << 20

// readPolicies reads a file that nobody but root and the user could have made
// what it is: a policy says what is permitted, and as whom.
func readPolicies(file string) (*syntax.File, time.Time, error) {
	src, info, err := trust.ReadFile(file, maxSize)
	if err != nil {
		return nil, time.Time{}, err
	}
	f, err := syntax.Parse(file, src, syntax.Options{})
	return f, info.ModTime(), err
}

// add keeps sections by their names; those of the same name are one.
func (s *Store) add(f *syntax.File) {
	if s.given == nil {
		s.given = map[string]*syntax.Section{}
	}
	for _, x := range f.Sections {
		if have := s.given[x.Name]; have != nil {
			have.Rules = append(have.Rules, x.Rules...)
			have.Detached = have.Detached || x.Detached
			continue
		}
		s.given[x.Name] = x
	}
}

// Loaded is a policy with where it is from.
type Loaded struct {
	Section  *syntax.Section
	File     string // "" if it was given with Read
	Modified time.Time
	Warnings []syntax.Warning
}

// Find returns the policy of a program; the error is fs.ErrNotExist if there is
// none. A file that defines other programs only has none. One that others could
// have written is an error, and not passed over.
func (s *Store) Find(program string) (*Loaded, error) {
	names := called(program)
	for _, name := range names {
		if x := s.givenTo(name); x != nil && (len(x.Rules) > 0 || x.Detached) {
			return &Loaded{Section: x}, nil
		}
	}
	for _, dir := range []string{s.User, s.systemDir()} {
		if dir == "" {
			continue
		}
		for _, name := range names {
			file := filepath.Join(dir, FileName(name))
			l, err := s.file(file).load(file, name)
			if s.isAbsent(file, err) {
				continue
			}
			return l, err
		}
	}
	return nil, fmt.Errorf("no policy for %s: %w", quote.Word(program), fs.ErrNotExist)
}

// called are the names of a program: where /bin is a link to /usr/bin a policy
// for /bin/ls is ls's.
func called(program string) []string {
	names := []string{program}
	for _, dir := range merged() {
		if rest, ok := strings.CutPrefix(program, dir.real+"/"); ok {
			names = append(names, dir.name+"/"+rest)
		}
	}
	return names
}

type linkedDir struct{ name, real string }

// merged are the directories of programs that are links.
var merged = sync.OnceValue(func() (list []linkedDir) {
	for _, dir := range []string{"/bin", "/sbin", "/lib", "/lib64"} {
		if real, err := filepath.EvalSymlinks(dir); err == nil && real != dir {
			list = append(list, linkedDir{dir, real})
		}
	}
	return list
})

func (s *Store) systemDir() string {
	if s.System != "" {
		return s.System
	}
	return SystemDir
}

// All returns every policy that programs may come to have: those given, and
// those of the files of both directories.
func (s *Store) All() (list []*syntax.Section, err error) {
	for _, x := range s.given {
		list = append(list, x)
	}
	for _, dir := range []string{s.User, s.systemDir()} {
		names, err := os.ReadDir(dir)
		if dir == "" || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if !n.Type().IsRegular() {
				continue
			}
			path := filepath.Join(dir, n.Name())
			f := s.file(path)
			if s.frozen != nil && s.frozen[path] == nil {
				continue // it has come since
			}
			if f.err != nil {
				return nil, f.err
			}
			list = append(list, f.parsed.Sections...)
		}
	}
	return list, nil
}

// givenTo finds a policy by the program's path, or by its name once.
func (s *Store) givenTo(program string) *syntax.Section {
	if x := s.given[program]; x != nil {
		return x
	}
	pattern := "*/" + filepath.Base(program)
	x := s.given[pattern]
	if x != nil {
		delete(s.given, pattern)
		x.Name = program
		s.given[program] = x
	}
	return x
}

// Load reads the policy of a program from a file.
func Load(path, program string) (*Loaded, error) { return read(path).load(path, program) }

func (f *file) load(path, program string) (*Loaded, error) {
	if f.err != nil {
		return nil, f.err
	}
	l := &Loaded{File: path, Modified: f.modified, Warnings: f.parsed.Warnings}
	for _, x := range f.parsed.Sections {
		if x.Name != program {
			continue
		}
		if l.Section == nil {
			l.Section = x
			continue
		}
		l.Section.Rules = append(l.Section.Rules, x.Rules...)
		l.Section.Detached = l.Section.Detached || x.Detached
	}
	if l.Section == nil {
		return nil, fmt.Errorf("%s has no policy for %s: %w", quote.Word(path), quote.Word(program), fs.ErrNotExist)
	}
	return l, nil
}

// Write writes a policy to the user's directory: whole, or not at all. It
// returns the file.
func (s *Store) Write(x *syntax.Section) (file string, err error) {
	if s.User == "" {
		return "", errors.New("no directory to write policies to")
	}
	file = filepath.Join(s.User, FileName(x.Name))
	text, err := syntax.Text(s.besides(file, x)...)
	if err != nil {
		return "", fmt.Errorf("policy of %s cannot be written so that it can be read: %w", quote.Word(x.Name), err)
	}
	temp, err := os.CreateTemp(s.User, "tmp")
	if err != nil {
		return "", err
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(text + "\n")
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(temp.Name(), file); err != nil {
		return "", err
	}
	if s.frozen != nil {
		s.frozen[file] = read(file)
	}
	return file, nil
}

// besides is a policy with the others of its file: one may have several, and
// programs whose names differ in what is no letter have one file.
func (s *Store) besides(file string, x *syntax.Section) []*syntax.Section {
	list, put := []*syntax.Section{}, false
	if f := s.file(file); f.err == nil {
		for _, other := range f.parsed.Sections {
			switch {
			case other.Name != x.Name:
				list = append(list, other)
			case !put:
				list, put = append(list, x), true
			}
		}
	}
	if !put {
		list = append(list, x)
	}
	return list
}

// A Template is a file of rules that a dialogue can add to a policy.
type Template struct {
	File    string
	Section *syntax.Section
}

// Templates returns those of the user's directory, or of the system's where
// that has no folder for them. What cannot be read is returned as an error
// besides the others.
func (s *Store) Templates() (list []Template, err error) {
	dir := filepath.Join(s.User, "templates")
	names, e := os.ReadDir(dir)
	if s.User == "" || errors.Is(e, fs.ErrNotExist) {
		dir = filepath.Join(s.systemDir(), "templates")
		if names, e = os.ReadDir(dir); errors.Is(e, fs.ErrNotExist) {
			return nil, nil
		}
	}
	errs := []error{e}
	for _, n := range names {
		if !n.Type().IsRegular() {
			continue
		}
		f, _, e := readPolicies(filepath.Join(dir, n.Name()))
		if e != nil {
			errs = append(errs, e)
			continue
		}
		for _, x := range f.Sections {
			if x.Kind == syntax.Template {
				list = append(list, Template{filepath.Join(dir, n.Name()), x})
			}
		}
	}
	return list, errors.Join(errs...)
}
