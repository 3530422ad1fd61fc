package pledgetest_test

import (
	"os"
	"testing"

	"github.com/pledge-linux/pledge/pledgetest"
)

func ExampleRun() {
	_ = func(t *testing.T) { // TestConfig
		pledgetest.Run(t, "stdio rpath", func(t *testing.T) {
			if _, err := os.ReadFile("testdata/config"); err != nil {
				t.Fatal(err)
			}
		})
	}
}
