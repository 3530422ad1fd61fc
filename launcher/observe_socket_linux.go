//go:build amd64 || arm64

package launcher

import (
	"slices"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// refineSocket keeps the words that admit a call on the socket that it is for: by
// numbers alone every word that may bind something would do, and a name in the file
// system is none for dns.
func (s *supervisor) refineSocket(c *notify.Call, o *Observed) {
	var addr []byte
	if c.Name == "bind" {
		a, err := readAddress(c, c.Args[1], c.Args[2]&0xffffffff)
		if err != nil {
			return
		}
		addr = a
	}
	k, err := socketOf(c, c.Args[0])
	if err != nil {
		return // the kernel says the same
	}
	defer k.close()
	situations := s.launch.observedSet() &^ s.launch.spec.Observe.Beyond.Words()
	o.Alternatives = slices.DeleteFunc(slices.Clone(o.Alternatives), func(words promises.Set) bool {
		ok, _ := rules.JudgeSocket(situations|words|promises.Stdio.Set(), c.Name, k.Socket, addr)
		return !ok
	})
}
