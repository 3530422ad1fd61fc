//go:build amd64 || arm64

package options

import (
	"time"

	"github.com/pledge-linux/pledge/internal/sys"
)

// Ended is called when the program has ended and something is still to be told. The
// launcher keeps signals for the program; where what is told is not taken, because
// the program has stopped its terminal or filled a pipe, they are to end the launcher.
func Ended() *time.Timer { return time.AfterFunc(patience, sys.ReleaseSignals) }
