//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import "golang.org/x/sys/unix"

// An Output is a file that is going to be written. Its name was followed when it
// was made, and its directory is held: who can exchange links and directories
// meanwhile does not choose where it is.
type Output struct {
	path, name string
	walk       *walk
	fd         int // of what is written to as it is; -1 for a file that is replaced
	mode       uint32
	replaces   bool
}

// NewOutput follows the name of a file that is to be replaced whole or not at all.
// What is no regular file is opened now, as [Append] would; links of strangers are
// not followed. The error says that it could not be written.
func NewOutput(path string) (*Output, error) {
	o, err := newOutput(path)
	if err != nil || o.fd >= 0 {
		return o, err
	}
	temp, err := o.walk.temporary(nil, 0o600, false)
	if err == nil {
		err = unix.Unlinkat(o.walk.dir, temp, 0)
	}
	if err != nil {
		o.Close()
		return nil, &walkError{path, err}
	}
	return o, nil
}

func newOutput(path string) (*Output, error) {
	o := &Output{path: path, fd: -1}
	if fd, ok := descriptor(path); ok {
		var err error
		o.fd, err = duplicate(path, fd)
		return o, err
	}
	w, name, st, err := effective().follow(path, false)
	if err != nil {
		return nil, err
	}
	o.walk, o.name = w, name
	switch kind(&st) {
	case 0:
	case unix.S_IFREG:
		o.replaces, o.mode = true, uint32(st.Mode)&0o777
	default:
		if o.fd, err = w.write(path, name, 0); err != nil {
			w.close()
			return nil, err
		}
		unix.SetNonblock(o.fd, false)
	}
	return o, nil
}

// Write writes the file, with the mode of the one that it replaces, or with mode
// as far as the umask lets it. A link that has its name by now is replaced.
func (o *Output) Write(data []byte, mode uint32) error {
	if o.fd >= 0 {
		return writeAll(o.path, o.fd, data)
	}
	if o.replaces {
		mode = o.mode
	}
	temp, err := o.walk.temporary(data, mode, o.replaces)
	if err == nil {
		if err = unix.Renameat(o.walk.dir, temp, o.walk.dir, o.name); err != nil {
			unix.Unlinkat(o.walk.dir, temp, 0)
		}
	}
	if err != nil {
		return &walkError{o.path, err}
	}
	return nil
}

// Close gives up what is held.
func (o *Output) Close() {
	if o.fd >= 0 {
		unix.Close(o.fd)
	}
	if o.walk != nil {
		o.walk.close()
	}
}

// Replace writes a file at once: [NewOutput] and [Output.Write].
func Replace(path string, data []byte, mode uint32) error {
	o, err := newOutput(path)
	if err != nil {
		return err
	}
	defer o.Close()
	return o.Write(data, mode)
}
