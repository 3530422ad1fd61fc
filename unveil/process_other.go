//go:build !openbsd && !(linux && (amd64 || arm64))

package unveil

import (
	"fmt"
	"runtime"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

func unveil(path, permissions string) error {
	return fmt.Errorf("unveil %s: %w", quote.Word(path), &promises.UnsupportedError{Feature: "unveil on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"})
}

func block() error {
	return fmt.Errorf("unveil: %w", &promises.UnsupportedError{Feature: "unveil on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"})
}
