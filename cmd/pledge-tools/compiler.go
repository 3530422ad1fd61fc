//go:build unix && !(linux && cgo && libseccomp)

package main

// compilerName says what turns rules into filters.
const compilerName = "assembler"
