//go:build unix && (!linux || !(amd64 || arm64))

package options

import "time"

// Ended does nothing where no program is launched.
func Ended() *time.Timer { return time.AfterFunc(patience, func() {}) }
