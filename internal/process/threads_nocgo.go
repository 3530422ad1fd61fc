//go:build linux && !cgo

package process

// listsThreads: without cgo Go's runtime knows all threads.
const listsThreads = false
