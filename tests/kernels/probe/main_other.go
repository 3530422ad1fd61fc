//go:build !linux

// Package main is for Linux only.
package main

func main() {}
