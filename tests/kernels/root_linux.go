package main

import (
	"archive/tar"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// packages are what the machines' root is made of, and why.
var packages = []struct{ name, files, why string }{
	{"libc6", `^(usr/lib|etc/)`, "a dynamic loader and its libraries"},
	{"libc-bin", `^(usr/sbin/ldconfig|usr/bin/getent|etc/)`, "the loader's cache; lookups of names"},
	{"coreutils", `^usr/bin/`, "dynamic programs"},
	{"dash", `^usr/bin/`, "a dynamic shell"},
	{"bash", `^usr/bin/`, "a large dynamic shell"},
	{"busybox-static", `^usr/bin/`, "a static program"},
	{"libtinfo6", `^usr/lib`, "bash's"},
	{"libacl1", `^usr/lib`, "coreutils'"},
	{"libattr1", `^usr/lib`, "coreutils'"},
	{"libselinux1", `^usr/lib`, "coreutils'"},
	{"libpcre2-8-0", `^usr/lib`, "libselinux's"},
	{"libgmp10", `^usr/lib`, "coreutils'"},
	{"libssl3t64", `^usr/lib`, "coreutils'"},
	{"libcap2", `^usr/lib`, "coreutils'"},
	{"libsystemd0", `^usr/lib`, "coreutils'"},
	{"grep", `^usr/bin/`, "what checks are written with"},
	{"sed", `^usr/bin/`, "what checks are written with"},
	{"util-linux", `^usr/bin/(setsid|taskset|prlimit)$`, "limits and processors"},
	{"libsmartcols1", `^usr/lib`, "util-linux's"},
	{"zlib1g", `^usr/lib`, "libssl's"},
	{"libzstd1", `^usr/lib`, "libssl's"},
}

// ours are the commands that are checked, and what checks them.
var ours = []struct{ pkg, to string }{
	{"./cmd/pledge", "usr/bin/pledge"},
	{"./cmd/pledge-tools", "usr/bin/pledge-tools"},
	{"./cmd/systrace", "usr/bin/systrace"},
	{"./tests/kernels/guest", "sbin/guest"},
	{"./tests/kernels/probe", "usr/bin/probe"},
}

// makeRoot makes a root for an architecture, and returns the file that a kernel
// unpacks.
func makeRoot(a *archive, arch, dir string) (string, error) {
	if err := skeleton(dir); err != nil {
		return "", err
	}
	var names []string
	wanted := map[string]*regexp.Regexp{}
	for _, p := range packages {
		wanted[p.name] = regexp.MustCompile(p.files)
		names = append(names, p.name+":"+arch+"/"+userland)
	}
	debs, err := a.fetch(names...)
	if err != nil {
		return "", err
	}
	for _, deb := range debs { // in an order of apt's
		name, _, _ := strings.Cut(filepath.Base(deb), "_")
		err := unpack(deb, func(file string) string {
			if wanted[name].MatchString(file) {
				return filepath.Join(dir, file)
			}
			return ""
		})
		if err != nil {
			return "", fmt.Errorf("%s: %w", deb, err)
		}
	}
	for _, o := range ours {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, o.to), o.pkg)
		cmd.Env = append(os.Environ(), "GOARCH="+arch, "GOOS=linux", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go build %s: %w\n%s", o.pkg, err, out)
		}
	}
	return dir + ".cpio", pack(dir, dir+".cpio")
}

// skeleton makes what Debian makes before any package.
func skeleton(dir string) error {
	for _, d := range strings.Fields("usr/bin usr/sbin usr/lib usr/lib64 etc proc sys dev tmp root run var/tmp var/cache/ldconfig home/user srv") {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	for _, d := range strings.Fields("bin sbin lib lib64") {
		if err := os.Symlink("usr/"+d, filepath.Join(dir, d)); err != nil {
			return err
		}
	}
	files := map[string]string{
		"etc/passwd":        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n",
		"etc/group":         "root:x:0:\nnogroup:x:65534:\n",
		"etc/hostname":      "kernvm\n",
		"etc/hosts":         "127.0.0.1 localhost kernvm\n",
		"etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
		"etc/localtime":     "TZif2 is not read\n",
		"etc/secret":        "secret\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unpack takes files out of a package: to says where a file goes, "" is nowhere.
func unpack(deb string, to func(name string) string) error {
	cmd := exec.Command("dpkg-deb", "--fsys-tarfile", deb)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for in := tar.NewReader(out); ; {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if target := to(path.Clean(h.Name)); target != "" {
			if err := place(target, h, in); err != nil {
				return err
			}
		}
	}
	return cmd.Wait()
}

func place(target string, h *tar.Header, in io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeSymlink:
		os.Remove(target)
		return os.Symlink(h.Linkname, target)
	case tar.TypeReg:
		f, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, os.FileMode(h.Mode)&0o777)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(f, in)
		return err
	}
	return nil
}
