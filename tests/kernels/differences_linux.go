package main

// A difference is what a check does not do on some kernels.
type difference struct{ kernels, checks, why string }

var differences = []difference{
	{"6.1", "tcp-place-*", "Landlock ABI 2 knows no ports, and without a supervisor nobody looks at them: an error"},
}
