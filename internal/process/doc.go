// Package process is what this process has given up of itself: its promises,
// its veil, and the kernel's layers that hold it to them. Packages pledge and
// unveil share it.
package process
