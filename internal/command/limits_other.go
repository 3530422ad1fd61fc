//go:build !linux

package command

func systemResource(name string) (int, bool) { return 0, false }
