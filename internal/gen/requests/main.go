// Command requests writes the numbers of the ioctl requests that the installed
// kernel headers define, for amd64 and i386: what the classes of the ioctl
// table are held against.
//
//	go tool requests -I DIR /usr/include/linux ... > internal/rules/testdata/requests.tsv
//
// It needs gcc with -m32, and libdrm-dev for DRM. From that list, -classes makes
// the lists of package rules:
//
//	go tool requests -classes internal/rules/testdata/requests.tsv > internal/rules/zrequests.go
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A macro is a request if it is made by _IO and the like, or is a plain number
// in a header of old requests, which have no size.
var (
	made  = regexp.MustCompile(`(?m)^\s*#\s*define\s+([A-Z][A-Za-z0-9_]+)\s+(?:\(\s*)?(?:_S?IO|_S?IOR|_S?IOW|_S?IOWR|MIXER_READ|MIXER_WRITE|[A-Z0-9]+_IO|[A-Z0-9]+_IOR|[A-Z0-9]+_IOW|[A-Z0-9]+_IOWR)\s*\(`)
	plain = regexp.MustCompile(`(?m)^\s*#\s*define\s+((?:TC|TIO|FIO|SIO|VT_|KD|GIO|PIO|HDIO_|CDROM|DVD_|FBIO|BLK|LP|PP|TUN|CM|MGSL|PPPIO)[A-Z0-9_]+)\s+\(?0x[0-9A-Fa-f]+\)?\s*(?:/\*.*)?$`)
)

type request struct{ header, name, amd64, i386 string }

func main() {
	include := flag.String("I", "", "another directory of headers")
	table := flag.String("classes", "", "write the classes of this list instead")
	flag.Parse()
	if *table != "" {
		classes(*table)
		return
	}
	var all []request
	for _, dir := range flag.Args() {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".h") {
				return err
			}
			all = append(all, requests(path, *include)...)
			return nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	slices.SortFunc(all, func(a, b request) int { return strings.Compare(a.header+a.name, b.header+b.name) })
	fmt.Println("header\tname\tamd64\ti386")
	for _, r := range all {
		fmt.Printf("%s\t%s\t%s\t%s\n", r.header, r.name, r.amd64, r.i386)
	}
}

func requests(path, include string) []request {
	src, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var names []string
	for _, m := range append(made.FindAllSubmatch(src, -1), plain.FindAllSubmatch(src, -1)...) {
		names = append(names, string(m[1]))
	}
	if len(names) == 0 {
		return nil
	}
	i := strings.LastIndex(path, "include/")
	header := path[i+len("include/"):]
	wide, narrow := values(path, include, names, "-m64"), values(path, include, names, "-m32")
	var list []request
	for _, n := range names {
		if wide[n] != "" || narrow[n] != "" {
			list = append(list, request{header, n, wide[n], narrow[n]})
		}
	}
	return slices.Compact(list)
}

// values has the compiler work out the macros. One that it does not take is
// tried alone, so that it does not hide the others.
func values(path, include string, names []string, bits string) map[string]string {
	got := map[string]string{}
	if !compile(path, include, names, bits, got) {
		for _, n := range names {
			compile(path, include, []string{n}, bits, got)
		}
	}
	return got
}

func compile(path, include string, names []string, bits string, got map[string]string) bool {
	var b bytes.Buffer
	b.WriteString("#include <stddef.h>\n#include <stdint.h>\n#include <sys/types.h>\n#include <sys/socket.h>\n#include <time.h>\n#include <sys/ioctl.h>\n#include <linux/types.h>\n")
	fmt.Fprintf(&b, "#include %q\n", path)
	for i, n := range names {
		fmt.Fprintf(&b, "#ifdef %s\nunsigned value_%d = (unsigned)(%s);\n#endif\n", n, i, n)
	}
	args := []string{bits, "-w", "-S", "-O1", "-x", "c", "-o", "-"}
	if include != "" {
		args = append(args, "-I"+include)
	}
	cmd := exec.Command("gcc", append(args, "-")...)
	cmd.Stdin = &b
	out, err := cmd.Output()
	if err != nil {
		return false
	}
	for _, m := range regexp.MustCompile(`(?m)^value_(\d+):\n\s+\.(long|zero)\s+(-?\d+)`).FindAllSubmatch(out, -1) {
		var i int
		var v int64
		fmt.Sscan(string(m[1]), &i)
		fmt.Sscan(string(m[3]), &v)
		if string(m[2]) == "zero" {
			v = 0
		}
		got[names[i]] = fmt.Sprintf("%#x", uint32(v))
	}
	return true
}
