//go:build naive

package enforce

const naive = true
