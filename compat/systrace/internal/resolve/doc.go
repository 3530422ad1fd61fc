// Package resolve finds what a path of another thread leads to, as that thread
// would find it: from its working directory and its root, with its own
// /proc/self, never with this process's.
//
//	view := &resolve.View{TID: tid, PID: pid, Root: root, Own: true}
//	place, err := view.Find(start, "dir/name", true)
//
// A [Place] is a directory that is open and a name in it that is no link, or an
// object that has no name (a descriptor behind /proc). What is done with it is
// done by calls of the at family, which do not follow links; so what was looked at is what
// is used.
//
// The kernel resolves whatever it resolves alike for both: everything without
// links of /proc, in the same root. The rest is walked name by name. The calling
// thread should have the credentials of the other one.
//
// # Limitations
//
// Automounts are not triggered by the walk. Linux only.
package resolve
