package main

// A difference is what a check does not do on some kernels.
type difference struct{ kernels, checks, why string }

var differences = []difference{
	{"6.1", "unveil-* strict-* learn-run learn-check", "Landlock ABI 2 cannot deny truncate(2): --unveil is an error"},
	{"6.1", "tcp-*", "Landlock ABI 2 knows no ports: an error"},
}
