//go:build amd64 || arm64

package launcher

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/promises"
)

// spareModules are modules of glibc's name service that it asks beside files and
// name servers, and goes on without: they know of users and hosts that a running
// systemd or Avahi has made up. Their code could only be mapped under prot_exec,
// which is more than anybody would give for them. One that holds a site's own
// users (sss, ldap, winbind) is not among them: that it is refused has to be told.
var spareModules = [...]string{"systemd", "mymachines", "myhostname", "resolve", "mdns", "mdns4", "mdns6", "mdns_minimal", "mdns4_minimal", "mdns6_minimal"}

// spareModule reports whether a file is one of them.
func spareModule(real string) bool {
	name, ok := strings.CutPrefix(path.Base(real), "libnss_")
	name, _, lib := strings.Cut(name, ".so")
	return ok && lib && optionalModule(real) && slices.Contains(spareModules[:], name)
}

// mapsCode reports whether a call maps a file's code, and the file's real path.
func mapsCode(c *notify.Call) (real string, ok bool) {
	if c.Name != "mmap" && c.Name != "mmap2" || c.Args[2]&unix.PROT_EXEC == 0 || c.Args[3]&unix.MAP_ANONYMOUS != 0 {
		return "", false
	}
	fd, err := c.Open("fd/" + itoa(int32(c.Args[4])))
	if err != nil {
		return "", false
	}
	defer unix.Close(fd)
	real, err = realPath(fd)
	return real, err == nil
}

// without refuses, without a word and without the penalty, what programs that may
// look up names go on without.
func (s *supervisor) without(c *notify.Call) bool {
	if s.set&(promises.Getpw.Set()|promises.DNS.Set()) == 0 {
		return false
	}
	real, ok := mapsCode(c)
	if !ok || !spareModule(real) {
		return false
	}
	c.Fail(unix.EPERM)
	return true
}
