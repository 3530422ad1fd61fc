//go:build unix

package options

import (
	"slices"
	"strconv"
	"strings"
)

// Quick reads the command lines that only launch something: promises, options
// of a launch, and --. It returns nil for every other one, malformed ones
// among them: the full reading, which links more and starts later, says what is
// wrong. What it takes it reads as the full one does.
func Quick(args []string) *Options {
	end := slices.Index(args, "--")
	if end < 0 {
		return nil
	}
	o := &Options{Command: args[end+1:]}
	for words := args[:end]; len(words) > 0; {
		n := o.take(words)
		if n == 0 {
			return nil
		}
		words = words[n:]
	}
	if !o.HavePromises {
		return nil
	}
	return o
}

// take reads the first option or the promises and returns how many words that
// took, 0 for what only the full reading knows.
func (o *Options) take(words []string) int {
	word := words[0]
	if word == "" || word[0] != '-' {
		if o.HavePromises || word == "learn" || word == "try" {
			return 0 // a subcommand that takes --
		}
		o.Promises, o.HavePromises = word, true
		return 1
	}
	if flag := o.flag(word); flag != nil {
		*flag = true
		return 1
	}
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(name, "--") && o.set(name, value) {
		return 1
	}
	if len(words) > 1 && o.set(word, words[1]) {
		return 2
	}
	return 0
}

// flag returns where an option without a value is kept.
func (o *Options) flag(word string) *bool {
	switch word {
	case "-q", "--quiet":
		return &o.Quiet
	case "--kill":
		return &o.Kill
	case "--exec":
		return &o.Exec
	case "--best-effort":
		return &o.BestEffort
	case "--clear-env":
		return &o.ClearEnv
	case "--keep-caps":
		return &o.KeepCaps
	case "--strict-unveil":
		return &o.StrictUnveil
	case "--report-unveil":
		return &o.ReportUnveil
	}
	return nil
}

// set takes an option with a value.
func (o *Options) set(name, value string) bool {
	if value == "" {
		return false // an error, which the full reading tells
	}
	switch name {
	case "-u", "--unveil":
		o.Unveil = append(o.Unveil, value)
	case "--unveil-optional":
		o.Optional = append(o.Optional, value)
	case "-e", "--env":
		o.Env = append(o.Env, value)
	case "-C", "--chdir":
		o.Chdir = value
	case "--limit":
		if strings.ContainsAny(value, "\"\n\r") {
			return false
		}
		o.Limits = append(o.Limits, strings.Split(value, ",")...)
	case "--keep-fd":
		return numbers(&o.KeepFDs, value)
	case "--tcp-connect":
		return numbers(&o.Connect, value)
	case "--tcp-bind":
		return numbers(&o.Bind, value)
	default:
		return false
	}
	return true
}

func numbers(to *[]int, list string) bool {
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return false
		}
		*to = append(*to, n)
	}
	return true
}
