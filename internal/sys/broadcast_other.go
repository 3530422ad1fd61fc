//go:build linux && !amd64 && !arm64

package sys

import "golang.org/x/sys/unix"

func broadcastRuleset(int) error { return unix.ENOTSUP }
