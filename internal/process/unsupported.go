package process

import "errors"

// ErrNotSupported is what every [Unsupported] is. It is a constant: a variable
// would be made at every start of a command that links this.
const ErrNotSupported notSupported = "not supported by this kernel"

type notSupported string

func (e notSupported) Error() string { return string(e) }

// Unsupported is a feature that the kernel, or a sandbox around this process,
// lacks.
type Unsupported struct {
	Feature string
	Needs   string // kernel version or setting
}

func (e *Unsupported) Error() string {
	return e.Feature + ": not supported here: needs " + e.Needs
}

// Is reports that the error is ErrNotSupported, and errors.ErrUnsupported.
func (e *Unsupported) Is(target error) bool {
	return target == ErrNotSupported || target == errors.ErrUnsupported
}
