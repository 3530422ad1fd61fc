//go:build unix && (!linux || !(amd64 || arm64))

package asking

import "github.com/pledge-linux/pledge/promises"

// Run needs Linux.
func Run(o Options) (int, error) { return 0, promises.ErrNotSupported }
