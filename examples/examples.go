// Package examples holds small real programs that pledge: a file server, a log
// follower, a converter of untrusted images, a name lookup, and a daemon in two
// processes. Each is a directory.
package examples
