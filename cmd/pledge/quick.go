package main

import "strings"

// quickArgs reads the command lines that are most common without building the
// table of options, which costs a twentieth of a launch: one string of promises,
// a few options spelled plainly, and --. It returns nil for every other one.
func quickArgs(args []string) *options {
	o := &options{}
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			o.command = args[i+1:]
			if !o.havePromises {
				return nil
			}
			return o
		case a == "-q" || a == "--quiet":
			o.quiet = true
		case a == "--kill":
			o.kill = true
		case a == "--exec":
			o.exec = true
		case (a == "-u" || a == "--unveil") && i+1 < len(args) && args[i+1] != "--":
			i++
			o.unveil = append(o.unveil, args[i])
		case strings.HasPrefix(a, "-") || o.havePromises:
			return nil
		default:
			o.promises, o.havePromises = a, true
		}
	}
	return nil
}
