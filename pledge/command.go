package pledge

import (
	"context"
	"os/exec"
)

// Command is exec.Command for a program that runs under execpromises of its own,
// whatever this process holds itself later on. It confines itself before its
// first instruction runs: with the paths unveiled so far, and with the filter in
// whose way execve is only once. No launcher is needed.
//
// Args, Env, Dir and the files of the Cmd may be changed as usual, Path must not.
// What is wrong (an unknown word, no such program, a kernel that lacks
// something) is returned by Start, as exec.Command's errors are. A violation
// ends the program by SIGSYS, or is ENOSYS with the promise error. If the program
// cannot be confined or executed it exits with 125 or 126 and says why on its
// standard error.
//
// Call Command before this process pledges. It may be started later if the promises
// hold rpath, proc and exec, and the execpromises, if any were set, hold all that the
// promises do (with fewer execve(2) is refused, for Command's programs as well); else
// start it before. What this process has given up by then the program does not get
// back. Libraries can be read and mapped for as long as the program runs. To start a
// program more than once see [Prepare].
//
// Of files the program has its standard ones and the Cmd's ExtraFiles. Command makes
// all other descriptors of this process close on exec, as those that Go opens are:
// those that it was started with, and those of C, are not.
//
// Of the capabilities that the program would have, of root or in a user namespace
// of its own, it keeps those that a word stands for: chown, id, settime, inet (ports
// below 1024) and wroute. Ambient ones it keeps only if this process has them now.
//
// Linux only, 5.13 where the execpromises lack rpath, 6.2 where paths are
// unveiled; on OpenBSD use [ExecPromises].
func Command(execpromises, name string, args ...string) *exec.Cmd {
	p, err := Prepare(execpromises, name)
	if err != nil {
		cmd := exec.Command(name, args...)
		cmd.Err = err
		return cmd
	}
	return p.Command(args...)
}

// A Program is a program that is ready to be started under execpromises of its own,
// as often as is wanted. Its methods may be called by several goroutines at once.
type Program struct {
	name string
	prepared
}

// Prepare readies a program for [Program.Command]. A server calls it before it
// pledges, and starts the program in its handlers afterwards. What [Command] says of
// the words, the paths, the descriptors and the capabilities holds here as well: they
// are those of the time of this call. The program's file is looked up now, by its
// path, and opened when it is started.
//
// A Program takes one descriptor for as long as it, or one of its commands, is in use.
func Prepare(execpromises, name string) (*Program, error) { return prepare(execpromises, name) }

// Command returns a command that starts the program with the arguments. As those of
// os/exec it runs once. A command must not be copied, nor its Path changed: the
// program is kept for as long as the command itself is reachable.
func (p *Program) Command(args ...string) *exec.Cmd {
	return p.command(exec.Command(p.path(), args...))
}

// CommandContext is Command whose program is killed when the context is done before
// it ends by itself; see [exec.CommandContext].
func (p *Program) CommandContext(ctx context.Context, args ...string) *exec.Cmd {
	return p.command(exec.CommandContext(ctx, p.path(), args...))
}
