//go:build linux

package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// learning times programs that are watched by pledge learn, beside the same ones
// alone and under strace -f.
func (b *bench) learning() {
	fmt.Println("\npledge learn")
	for _, argv := range [][]string{{"find", "/usr"}, {"make", "-s", "-B", "-C", b.project()}} {
		kinds := [][]string{argv, append([]string{filepath.Join("bin", "pledge"), "learn", "-o", os.DevNull, "--"}, argv...)}
		if _, err := exec.LookPath("strace"); err == nil {
			kinds = append(kinds, append([]string{"strace", "-f", "-o", os.DevNull}, argv...))
		}
		took := make([][]float64, len(kinds))
		for range 5 {
			for i, k := range kinds {
				start := time.Now()
				if err := exec.Command(k[0], k[1:]...).Run(); err != nil && argv[0] != "find" { // root without its capabilities may not see all
					log.Fatalf("%v: %v", k, err)
				}
				took[i] = append(took[i], time.Since(start).Seconds()*1000)
			}
		}
		bare := median(took[0])
		fmt.Printf("  %-10s alone %.0f ms, pledge learn %.0f ms (%.1f times)", argv[0], bare, median(took[1]), median(took[1])/bare)
		if len(kinds) > 2 {
			fmt.Printf(", strace -f %.0f ms (%.1f times)", median(took[2]), median(took[2])/bare)
		}
		fmt.Println()
	}
}
