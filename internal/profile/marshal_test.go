package profile

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// What is written is read again, whatever is in it; paths that are not UTF-8
// included.
func TestMarshal(t *testing.T) {
	text := rapid.Map(testbed.Bytes(5000), func(s string) string { return strings.ToValidUTF8(s, "?") })
	paths := rapid.SliceOfN(rapid.Map(testbed.Bytes(5000), func(s string) string { return "rw:/" + s }), 0, 4)
	rapid.Check(t, func(r *rapid.T) {
		p := &Profile{Description: text.Draw(r, "description"), Promises: "stdio rpath", Unveil: paths.Draw(r, "unveil"), Optional: paths.Draw(r, "optional"),
			Kill: rapid.Bool().Draw(r, "kill"), Env: rapid.SliceOfN(text, 0, 3).Draw(r, "env"), Chdir: text.Draw(r, "chdir"),
			Limit: rapid.MapOfN(text, text, 0, 3).Draw(r, "limit"), TCPBind: rapid.SliceOfN(rapid.IntRange(0, 65535), 0, 3).Draw(r, "ports")}
		b, err := p.Marshal()
		if err != nil {
			r.Fatal(err)
		}
		again, err := Parse(b, "written")
		if err != nil {
			r.Fatalf("%v\n%s", err, b)
		}
		for _, list := range []*[]string{&p.Unveil, &p.Optional, &again.Unveil, &again.Optional, &p.Env} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		for _, list := range [][]string{p.Unveil, p.Optional, again.Unveil, again.Optional} {
			slices.Sort(list) // those that are escaped come last
		}
		if len(p.Limit) == 0 {
			p.Limit = nil
		}
		if len(p.TCPBind) == 0 {
			p.TCPBind = nil
		}
		p.Source = again.Source
		if diff := cmp.Diff(p, again); diff != "" {
			r.Fatalf("written (-) and read (+):\n%s\n%s", diff, b)
		}
	})
}
