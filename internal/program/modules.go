//go:build unix

package program

import (
	"slices"
	"strings"
)

// spareModules are modules of glibc's name service that it asks beside files and
// name servers, and goes on without: they know of users and hosts that a running
// systemd or Avahi has made up. Their code could only be mapped under prot_exec,
// which is more than anybody would give for them. One that holds a site's own
// users (sss, ldap, winbind) is not among them: that it is refused has to be told.
var spareModules = [...]string{"systemd", "mymachines", "myhostname", "resolve", "mdns", "mdns4", "mdns6", "mdns_minimal", "mdns4_minimal", "mdns6_minimal"}

// SpareModule reports whether a file's name is that of one of them.
func SpareModule(base string) bool {
	name, ok := strings.CutPrefix(base, "libnss_")
	name, _, lib := strings.Cut(name, ".so")
	return ok && lib && slices.Contains(spareModules[:], name)
}
