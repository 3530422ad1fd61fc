//go:build linux && cgo

package process

// listsThreads: with cgo, threads are reached through libpsx, which lists
// /proc/PID/task to make sure that it has reached all of them, after the call as
// well (https://github.com/landlock-lsm/go-landlock/issues/39).
const listsThreads = true
