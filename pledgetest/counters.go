package pledgetest

import (
	"flag"
	"os"
	"strings"
	"testing"
)

// noData is what Go's runtime says at the end of a binary with coverage that has no
// place for it.
const noData = "warning: GOCOVERDIR not set, no coverage data emitted\n"

// count has a new process leave its coverage beside that of this one, which adds all
// of the directory up. That takes promises of its own, which the function may be
// without: it runs again, unpledged, and only its coverage counts.
func count(t *testing.T, call string) {
	dir := flag.Lookup("test.gocoverdir")
	if testing.CoverMode() == "" || dir == nil || dir.Value.String() == "" {
		return
	}
	cmd := command(t, call)
	cmd.Env = append(cmd.Env, unpledged+"=1", "GOCOVERDIR="+dir.Value.String())
	cmd.Run()
}

func withoutNoData(out []byte) string {
	return strings.TrimSpace(strings.ReplaceAll(string(out), noData, ""))
}

// free reports whether this process is to run the function without promises.
func free() bool { return os.Getenv(unpledged) != "" }
