//go:build unix && !linux

package options

func systemResource(name string) (int, bool) { return 0, false }
