package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Releases of Debian, the oldest first: each has a kernel of its own. All are on one
// mirror.
var releases = []string{"bullseye", "bookworm", "trixie", "sid"}

// userland is the release whose programs run in the machines.
const userland = "trixie"

// An archive is apt in a directory of its own: nothing of it gets into this machine.
type archive struct{ dir, store, work string }

func newArchive(work string) (*archive, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = work
	}
	a := &archive{dir: filepath.Join(cache, "pledge-kernels", "apt"), store: filepath.Join(cache, "pledge-kernels", "debs"), work: work}
	for _, d := range []string{a.store, a.dir + "/etc/apt.conf.d", a.dir + "/state/lists/partial", a.dir + "/cache/archives/partial"} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, err
		}
	}
	lines, err := a.sources()
	if err != nil {
		return nil, err
	}
	files := map[string]string{"etc/sources.list": lines, "state/status": "", "apt.conf": a.settings()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	_, err = a.apt(a.store, "apt-get", "update", "-qq")
	return a, err
}

// settings are apt's. Lists may be old, as those of a mirror that was frozen are: their
// signatures are checked nevertheless.
func (a *archive) settings() string {
	return fmt.Sprintf(`Dir::Etc %q; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "none"; Dir::Etc::preferences "none";
Dir::State %q; Dir::State::status %q; Dir::Cache %q;
APT::Architecture "amd64"; APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
`, a.dir+"/etc", a.dir+"/state", a.dir+"/state/status", a.dir+"/cache")
}

func (a *archive) apt(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "APT_CONFIG="+a.dir+"/apt.conf", "LC_ALL=C")
	cmd.Dir = dir
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, said.String())
	}
	return string(out), err
}

// sources are those of this machine, with the other releases' names.
func (a *archive) sources() (string, error) {
	name, err := codename()
	if err != nil {
		return "", err
	}
	main, security := "", ""
	for _, s := range configured() {
		switch s.suite {
		case name:
			main = cmp.Or(main, s.uri)
		case name + "-security":
			security = cmp.Or(security, s.uri)
		}
	}
	if main == "" {
		return "", fmt.Errorf("apt has no source for Debian's %s", name)
	}
	const options = "[arch=amd64,arm64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
	var b strings.Builder
	for _, r := range releases {
		fmt.Fprintf(&b, "deb %s %s %s main\n", options, main, r)
		if security != "" && r != "sid" {
			fmt.Fprintf(&b, "deb %s %s %s-security main\n", options, security, r)
		}
	}
	return b.String(), nil
}

func codename() (string, error) {
	b, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`(?m)^ID=debian$`).Find(b)
	n := regexp.MustCompile(`(?m)^VERSION_CODENAME=(\w+)$`).FindSubmatch(b)
	if m == nil || n == nil {
		return "", fmt.Errorf("this machine is not Debian")
	}
	return string(n[1]), nil
}

type source struct{ uri, suite string }

// configured are this machine's sources, of both formats.
func configured() (all []source) {
	files, _ := filepath.Glob("/etc/apt/sources.list.d/*")
	for _, name := range append(files, "/etc/apt/sources.list") {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		var uri string
		for in := bufio.NewScanner(f); in.Scan(); {
			line := in.Text()
			words := strings.Fields(regexp.MustCompile(`\[[^]]*\]`).ReplaceAllString(line, ""))
			switch {
			case len(words) >= 3 && words[0] == "deb":
				all = append(all, source{words[1], words[2]})
			case len(words) >= 2 && words[0] == "URIs:":
				uri = words[1]
			case len(words) >= 2 && words[0] == "Suites:":
				for _, suite := range words[1:] {
					all = append(all, source{uri, suite})
				}
			}
		}
		f.Close()
	}
	return all
}

// fetch downloads packages, unless they are there, and returns their files.
func (a *archive) fetch(names ...string) (files []string, err error) {
	uris, err := a.apt(a.work, "apt-get", append([]string{"download", "--print-uris"}, names...)...)
	if err != nil {
		return nil, err
	}
	whole := true
	for line := range strings.Lines(uris) {
		if words := strings.Fields(line); len(words) >= 2 { // 'uri' file size hash
			file := filepath.Join(a.store, words[1])
			_, err := os.Stat(file)
			files, whole = append(files, file), whole && err == nil
		}
	}
	if len(files) != len(names) {
		return nil, fmt.Errorf("apt knows %d of these packages: %s", len(files), strings.Join(names, " "))
	}
	if whole {
		return files, nil
	}
	_, err = a.apt(a.store, "apt-get", append([]string{"download", "-qq"}, names...)...)
	return files, err
}

// kernel is the image of the newest cloud kernel of a series; "" is of all.
func (a *archive) kernel(series, arch string) (string, error) {
	out, err := a.apt(a.store, "apt-cache", "pkgnames", "linux-image-"+series)
	if err != nil {
		return "", err
	}
	which := regexp.QuoteMeta(series)
	if series == "" {
		which = `\d+\.\d+`
	}
	wanted := regexp.MustCompile(`^linux-image-` + which + `\.[-+.0-9a-z]*-cloud-` + arch + `(:` + arch + `)?$`)
	var names []string
	for _, n := range strings.Fields(out) {
		if wanted.MatchString(n) {
			names = append(names, strings.TrimSuffix(n, ":"+arch))
		}
	}
	slices.SortFunc(names, func(a, b string) int { return slices.Compare(numbers(a), numbers(b)) })
	for _, n := range slices.Backward(names) {
		if _, err := a.fetch(n + ":" + arch); err != nil {
			continue // a name that another package mentions
		}
		return a.image(n, arch)
	}
	return "", fmt.Errorf("no package of a cloud kernel %s for %s", series, arch)
}

// image is the kernel of a package, or, since Linux 7, of the one with the binary that
// it depends on.
func (a *archive) image(name, arch string) (string, error) {
	image := filepath.Join(a.work, name)
	for _, n := range []string{name, strings.Replace(name, "linux-image-", "linux-binary-", 1)} {
		debs, err := a.fetch(n + ":" + arch)
		if err != nil {
			return "", err
		}
		if err := unpack(debs[0], func(file string) string {
			if strings.HasPrefix(path.Base(file), "vmlinuz") {
				return image
			}
			return ""
		}); err != nil {
			return "", err
		}
		if _, err := os.Stat(image); err == nil {
			return image, nil
		}
	}
	return "", fmt.Errorf("no kernel in %s", name)
}

func numbers(s string) (all []int) {
	for _, d := range regexp.MustCompile(`\d+`).FindAllString(s, -1) {
		n, _ := strconv.Atoi(d)
		all = append(all, n)
	}
	return all
}
