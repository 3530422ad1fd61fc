// Package probe finds out what this kernel and the sandboxes around this
// process allow. Nothing that a launch does not need is asked at a launch.
package probe

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
)

// A Feature is one thing that the product rests on or profits from.
type Feature struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Value    string `json:"value,omitempty"`
	Needs    string `json:"needs"`    // kernel version or setting
	Fallback string `json:"fallback"` // what happens without it
}

// A Result is what the machine can do.
type Result struct {
	Kernel   string    `json:"kernel"`
	Arch     string    `json:"arch"`
	Landlock int       `json:"landlock_abi"`
	Features []Feature `json:"features"`
	ABIs     []ABI     `json:"landlock_abis"`
}

// An ABI is a Landlock version and what it adds.
type ABI struct {
	Version int    `json:"abi"`
	Kernel  string `json:"kernel"`
	Adds    string `json:"adds"`
	Without string `json:"without"` // what happens on older ones
	OK      bool   `json:"ok"`
}

// Run asks everything.
func Run() *Result {
	r := &Result{Kernel: release(), Arch: runtime.GOARCH, Landlock: landlock.ABI()}
	for n := 1; n <= landlock.Newest; n++ {
		v := landlock.At(n)
		r.ABIs = append(r.ABIs, ABI{n, v.Linux, v.What, v.Without, r.Landlock >= n})
	}
	for _, f := range features() {
		r.Features = append(r.Features, f.ask())
	}
	return r
}

func (f *feature) ask() Feature {
	value, ok := f.probe()
	return Feature{f.name, ok, value, f.needs, f.fallback}
}

func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "?"
	}
	return unix.ByteSliceToString(u.Release[:])
}

func atLeast(release string, major, minor int) bool {
	var a, b int
	fmt.Sscanf(release, "%d.%d", &a, &b)
	return a > major || a == major && b >= minor
}

// Require checks a requirement: landlock=N, kernel=X.Y, or the name of a
// feature.
func Require(want string) error {
	name, value, _ := strings.Cut(want, "=")
	switch name {
	case "landlock":
		n, err := strconv.Atoi(value)
		if value != "" && err != nil {
			return fmt.Errorf("--require %s: want landlock=NUMBER", want)
		}
		if have := landlock.ABI(); have < max(n, 1) {
			return fmt.Errorf("--require %s: this kernel has Landlock ABI %d", want, have)
		}
		return nil
	case "kernel":
		var a, b int
		if n, _ := fmt.Sscanf(value, "%d.%d", &a, &b); n != 2 {
			return fmt.Errorf("--require %s: want kernel=X.Y", want)
		}
		if have := release(); !atLeast(have, a, b) {
			return fmt.Errorf("--require %s: this kernel is %s", want, have)
		}
		return nil
	}
	var names []string
	for _, f := range features() {
		if f.name == name {
			if got := f.ask(); !got.OK {
				return fmt.Errorf("--require %s: not here (%s); it needs %s", want, got.Value, got.Needs)
			}
			return nil
		}
		names = append(names, f.name)
	}
	return fmt.Errorf("--require %s: no such feature; there are landlock=N, kernel=X.Y, %s", want, strings.Join(names, ", "))
}
