//go:build !linux && !openbsd

package unveil

import (
	"fmt"
	"runtime"

	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/quote"
)

func unveil(path, permissions string) error {
	return fmt.Errorf("unveil %s: %w", quote.Word(path), &process.Unsupported{Feature: "unveil on " + runtime.GOOS, Needs: "Linux or OpenBSD"})
}

func block() error {
	return fmt.Errorf("unveil: %w", &process.Unsupported{Feature: "unveil on " + runtime.GOOS, Needs: "Linux or OpenBSD"})
}
