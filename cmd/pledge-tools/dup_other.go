//go:build unix && !linux

package main

import "golang.org/x/sys/unix"

func duplicate(fd, onto int) error { return unix.Dup2(fd, onto) }
