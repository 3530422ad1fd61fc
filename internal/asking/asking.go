//go:build unix

// Package asking runs a program whose refusals become questions.
//
//	status, err := asking.Run(asking.Options{Argv: argv, Broker: b})
//
// The program runs under the engine of systrace's policies: every call that the
// promises and paths of the moment do not plainly admit is read once, judged by
// them as pledge judges it, and performed on what was read. While a question waits
// the call waits, and nothing else of the program does. What is permitted meanwhile
// is what would be permitted later: nothing goes on in the kernel after a name was
// judged.
//
// # Limitations
//
// Only Linux on amd64, as the engine. Loading the first program's libraries from
// the system's directories is not asked about, as pledge serves it.
package asking

import "github.com/pledge-linux/pledge/internal/ask"

// Options say what to run.
type Options struct {
	Argv   []string
	Env    []string
	Broker *ask.Broker
	Errors interface{ Write([]byte) (int, error) }
	// Secret are directories, and Port a TCP port, that answer questions: the
	// program reaches none of them whatever is answered.
	Secret []string
	Port   uint16
}
