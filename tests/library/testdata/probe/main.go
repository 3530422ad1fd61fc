// Probe confines itself by the library, as its argument says, and then performs
// a script of system calls on a thread that existed before. It is a Go program
// with C in it: threads of both are confined.
package main

/*
#cgo LDFLAGS: -pthread
#define main probe_main
#include "probe.c"
#undef main
#include <stdlib.h>
static char *probe_said(void) { return said; }
static int probe_errno(void) { return errno; }
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// A Step is one call: Name pledge, unveil, block, or empty for none. Nil
// arguments of pledge are NULL.
type step struct {
	Name   string
	A, B   *string
	Ignore bool // what it returns
}

type request struct {
	Steps  []step
	Script string
	// Exec is a program that pledge.Command starts under ExecPromises, created
	// before the steps.
	Exec         []string
	ExecPromises string
}

func main() {
	var r request
	if err := json.Unmarshal([]byte(os.Args[1]), &r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(200)
	}
	// Sockets of the file system's kind change what is admitted; see UnixInherited.
	for _, fd := range []int{7, 8, 13, 14} {
		if !regexp.MustCompile(`\b` + strconv.Itoa(fd) + `\b`).MatchString(r.Script) {
			unix.Close(fd)
		}
	}
	script := make(chan string)
	go func() {
		runtime.LockOSThread()
		perform(<-script)
	}()
	if r.Exec != nil {
		execute(&r)
	}
	for _, s := range r.Steps {
		if err := s.call(); err != nil && !s.Ignore {
			finish(err)
		}
	}
	if r.Script == "" {
		finish(nil)
	}
	script <- r.Script
	select {}
}

// execute starts the program and says how it ended: what it printed, or the
// signal.
func execute(r *request) {
	for _, s := range r.Steps {
		if s.Name == "unveil" {
			s.call()
		}
	}
	cmd := pledge.Command(r.ExecPromises, r.Exec[0], r.Exec[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled():
		fmt.Print("killed")
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Print(err)
	}
	os.Exit(0)
}

func perform(script string) {
	if C.execute(C.CString(script)) < 0 {
		finish(syscall.Errno(C.probe_errno()))
	}
	if said := C.GoString(C.probe_said()); said != "" {
		fmt.Print(said)
		os.Exit(0)
	}
	finish(nil)
}

func finish(err error) {
	var errno syscall.Errno
	switch {
	case err == nil:
		fmt.Print("allowed")
	case errors.As(err, &errno):
		if errno == unix.EOPNOTSUPP { // it has two names
			fmt.Print("EOPNOTSUPP")
			os.Exit(int(errno))
		}
		fmt.Print(unix.ErrnoName(errno))
		os.Exit(int(errno))
	default:
		fmt.Print(err)
	}
	os.Exit(0)
}

func (s step) call() error {
	switch {
	case s.Name == "block":
		return unveil.Block()
	case s.Name == "unveil":
		return unveil.Unveil(*s.A, *s.B)
	case s.A == nil && s.B == nil:
		return nil
	case s.A == nil:
		return pledge.ExecPromises(*s.B)
	case s.B == nil:
		return pledge.Promises(*s.A)
	}
	return pledge.Pledge(*s.A, *s.B)
}
