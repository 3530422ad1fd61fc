package process

import "errors"

// ErrNotSupported is what every [Unsupported] is.
var ErrNotSupported = errors.New("not supported by this kernel")

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
