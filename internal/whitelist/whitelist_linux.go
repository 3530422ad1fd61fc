// Package whitelist makes Landlock rules of the files that promises admit
// without rpath and without unveil.
package whitelist

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// An Entry is a whitelisted file as it lies on this machine.
type Entry struct {
	Needs promises.Set
	Rule  landlock.PathRule
}

// Entries looks up the files that the promises admit. Rules attach to files that
// exist now; a link is followed only where its target may lie.
func Entries(s promises.Set) []Entry {
	var list []Entry
	for _, f := range rules.Files {
		if s&rules.Unpledged != 0 || f.Needs&^s != 0 || strings.Contains(f.Path, "*/") {
			continue
		}
		path := strings.TrimSuffix(f.Path, "/**")
		real, err := sys.RealPath(path)
		if err != nil || !Target(f.Path, real) || path == f.Path && isDir(real) {
			continue // a rule on a directory would be one on all below it
		}
		access := uint64(landlock.ReadFile)
		if f.Write {
			access |= landlock.WriteFile | landlock.IoctlDev
		}
		list = append(list, Entry{f.Needs, landlock.PathRule{Path: real, Access: access, MayVanish: true}})
	}
	return list
}

// Rules are those of the entries that the promises admit.
func Rules(list []Entry, s promises.Set) []landlock.PathRule {
	var found []landlock.PathRule
	for _, e := range list {
		if e.Needs&^s == 0 {
			found = append(found, e.Rule)
		}
	}
	return found
}

// Pin has the entries' rules pinned (landlock.Pin), for a process that will not be
// able to open them by name when it pledges again.
func Pin(list []Entry) []Entry {
	var pinned []Entry
	for _, e := range list {
		found, err := landlock.Pin([]landlock.PathRule{e.Rule})
		if err != nil {
			continue
		}
		for _, r := range found {
			pinned = append(pinned, Entry{e.Needs, r})
		}
	}
	return pinned
}

// LibraryDirs is where dynamic loaders look for libraries by themselves.
var LibraryDirs = []string{
	"/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32",
	"/usr/local/lib", "/usr/local/lib64", "/nix/store", "/gnu/store",
}

// Loading are the rules that a dynamic loader needs, and under exec the programs
// of the search path too: the kernel reads a program with the rights of who
// executes it.
func Loading(s promises.Set, searchPath string) []landlock.PathRule {
	dirs := LibraryDirs
	if s.Has(promises.Exec) {
		for _, dir := range filepath.SplitList(searchPath) {
			if filepath.IsAbs(dir) {
				dirs = append(dirs[:len(dirs):len(dirs)], dir)
			}
		}
	}
	list := []landlock.PathRule{{Path: "/etc/ld.so.cache", Access: landlock.ReadFile, MayVanish: true}}
	for _, dir := range dirs {
		if isDir(dir) {
			list = append(list, landlock.PathRule{Path: dir, Access: landlock.ReadFile, MayVanish: true})
		}
	}
	return list
}

// Target says where a whitelisted name may lead: nowhere else, or, for
// files that are commonly links, into the directories that are meant.
func Target(name, real string) bool {
	if strings.TrimSuffix(name, "/**") == real {
		return true
	}
	for _, dir := range []string{"/usr/share/zoneinfo/", "/run/", "/etc/", "/usr/etc/", "/usr/lib/", "/nix/store/"} {
		if strings.HasPrefix(real, dir) {
			return true
		}
	}
	return false
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
