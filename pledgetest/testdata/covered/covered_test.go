package covered

import (
	"testing"

	"github.com/pledge-linux/pledge/pledgetest"
)

var shared int

func TestTwice(t *testing.T) {
	pledgetest.Run(t, "stdio", func(t *testing.T) {
		if twice(2) != 4 {
			t.Error("wrong")
		}
		done := make(chan bool)
		go func() { shared++; done <- true }()
		shared++
		<-done
	})
}
