// Command attacker has been given everything, and tries to answer questions itself.
package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	address, socket, supervisor := os.Args[1], os.Args[2], os.Args[3]
	_, port, _ := net.SplitHostPort(address)
	for _, to := range []string{address, "127.0.0.1:" + port, "0.0.0.0:" + port, "[::1]:" + port} {
		c, err := net.DialTimeout("tcp", to, 10*time.Second)
		say("page "+to, c, err)
	}
	c, err := net.Dial("unix", socket)
	say("socket", c, err)
	os.Symlink(filepath.Dir(socket), "/tmp/ask-attack-link-"+supervisor)
	c, err = net.Dial("unix", "/tmp/ask-attack-link-"+supervisor+"/"+filepath.Base(socket))
	say("socket by a link", answered(c), err)
	os.Remove("/tmp/ask-attack-link-" + supervisor)
	os.Chdir(filepath.Dir(socket))
	c, err = net.Dial("unix", filepath.Base(socket))
	say("socket by its name", answered(c), err)
	for _, path := range []string{socket, filepath.Dir(socket), "/proc/" + supervisor + "/mem", "/proc/" + supervisor + "/environ", "/proc/" + supervisor + "/cmdline", "/proc/" + supervisor + "/fd"} {
		f, err := os.Open(path)
		say("open "+path, f, err)
	}
	err = os.Remove(socket)
	say("remove the socket", nil, err)
	err = os.Rename(filepath.Dir(socket), filepath.Dir(socket)+"x")
	say("rename its directory", nil, err)
	pid, _ := strconv.Atoi(supervisor)
	say("kill", nil, syscall.Kill(pid, syscall.SIGKILL))
	say("ptrace", nil, unix.PtraceAttach(pid))
	b := make([]byte, 8)
	_, err = unix.ProcessVMReadv(pid, []unix.Iovec{{Base: &b[0], Len: 8}}, []unix.RemoteIovec{{Base: 0x400000, Len: 8}}, 0)
	say("read its memory", nil, err)
}

// answered is nil for a connection that says nothing.
func answered(c net.Conn) any {
	if c == nil {
		return nil
	}
	fmt.Fprintf(c, "GET /questions HTTP/1.1\r\nHost: run\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := c.Read(make([]byte, 10)); err != nil || n == 0 {
		return nil
	}
	return c
}

func say(what string, got any, err error) {
	if err != nil {
		fmt.Println("refused:", what, err)
		return
	}
	if got == nil && len(what) > 6 && what[:6] == "socket" {
		fmt.Println("refused: nobody answers", what)
		return
	}
	fmt.Println("SUCCEEDED:", what, got)
}
