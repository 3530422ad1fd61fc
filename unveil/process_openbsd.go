package unveil

import "golang.org/x/sys/unix"

func unveil(path, permissions string) error { return unix.Unveil(path, permissions) }

func block() error { return unix.UnveilBlock() }
