//go:build amd64 || arm64

package unveil_test

import (
	"log"

	"github.com/pledge-linux/pledge/unveil"
)

// From Block on the process sees two directories, and can write one of them.
func ExampleBlock() {
	for path, perms := range map[string]string{"/srv/www": "r", "/var/db/app": "rwc"} {
		if err := unveil.Unveil(path, perms); err != nil {
			log.Fatal(err)
		}
	}
	if err := unveil.Block(); err != nil {
		log.Fatal(err)
	}
}
