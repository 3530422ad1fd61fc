package convert

import (
	"github.com/pledge-linux/pledge/promises"
)

// pathWords are the promises that reach files by their names.
const pathWords = promises.Set(1)<<promises.Rpath | 1<<promises.Wpath | 1<<promises.Cpath | 1<<promises.Dpath |
	1<<promises.Fattr | 1<<promises.Chown | 1<<promises.Exec | 1<<promises.Unix | 1<<promises.Unveil

// closed hides every path where the words reach files and no path was left to
// unveil: without any unveil everything would be visible. Rules that permit
// any path unveil "/", so that what is empty here is a policy that permitted no
// path, or whose paths were all lost.
func closed(list []Unveil, words promises.Set) []Unveil {
	if len(list) > 0 || words&pathWords == 0 {
		return list
	}
	return []Unveil{{Path: "/"}}
}
