//go:build !naive

package enforce

// naive is set by the tag of that name, for tests: permitted calls are then
// continued after their memory was looked at, as systrace itself did. The
// attacks of tests/attacks/systrace must succeed against such a build.
const naive = false
