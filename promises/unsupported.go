package promises

import "errors"

// ErrNotSupported is what every [UnsupportedError] is. It is a constant: a
// variable would be made at every start of a command that links this.
const ErrNotSupported notSupported = "not supported by this kernel"

type notSupported string

func (e notSupported) Error() string { return string(e) }

// An UnsupportedError says that promises or paths cannot be enforced, because
// the system, its kernel or a sandbox around this process lacks something. The
// packages pledge, unveil and launcher return it.
type UnsupportedError struct {
	Feature string // what was to be used
	Needs   string // kernel version, setting or system
}

func (e *UnsupportedError) Error() string {
	return e.Feature + ": not supported here: needs " + e.Needs
}

// Is reports that the error is ErrNotSupported, and errors.ErrUnsupported.
func (e *UnsupportedError) Is(target error) bool {
	return target == ErrNotSupported || target == errors.ErrUnsupported
}
