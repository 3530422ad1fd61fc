// Package covered is what a test covers in a process under promises.
package covered

func twice(n int) int {
	if n < 0 {
		return -1
	}
	return 2 * n
}
