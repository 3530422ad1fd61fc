//go:build linux && arm64

package enforce

// keeper needs registers to be changed, which is written for amd64.
type keeper struct {
	engine *engine
}

func (e *engine) keeps(*call) {}

func (e *engine) traces(_ *call, f func(kept bool)) { f(false) }

func (k *keeper) interrupted(int) {}

func (k *keeper) drop(int) {}
