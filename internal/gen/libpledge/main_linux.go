// Command libpledge writes the tables of the C library from those of package
// promises, into the directory that its argument names: rules, words, whitelisted
// files and Landlock's versions.
package main

import (
	"bytes"
	"fmt"
	"log"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

func main() {
	for _, f := range []struct {
		name  string
		parts []func(*bytes.Buffer)
	}{{"words.h", []func(*bytes.Buffer){words}}, {"tables.h", []func(*bytes.Buffer){decisions}}, {"tables_data.h", []func(*bytes.Buffer){files, versions}}} {
		var b bytes.Buffer
		b.WriteString("/* Written by internal/gen/libpledge from the tables of package rules; do not edit. */\n\n")
		for _, part := range f.parts {
			part(&b)
		}
		if err := os.WriteFile(filepath.Join(os.Args[1], f.name), b.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// words writes the promises, and the bits of situations.
func words(b *bytes.Buffer) {
	list := promises.All()
	b.WriteString("#define PL_WORDS \\\n")
	for _, p := range list {
		fmt.Fprintf(b, "\t%q, \\\n", p)
	}
	b.WriteString("\nenum {\n")
	for _, p := range list {
		fmt.Fprintf(b, "\tPL_%s_BIT = %d,\n", strings.ToUpper(p.String()), p)
	}
	b.WriteString("};\n\n")
	for _, s := range []struct {
		name string
		set  promises.Set
	}{
		{"LOADS", rules.Loads}, {"UNSUPERVISED", rules.Unsupervised}, {"SIGNAL_SCOPE", rules.SignalScope},
		{"NET_ADMIN", rules.NetAdmin}, {"UNIX_INHERITED", rules.UnixInherited}, {"CREATE_ONLY", rules.CreateOnly},
		{"WHITELISTED", rules.Whitelisted}, {"LIBRARY", rules.Library}, {"EXEC_REFUSED", rules.ExecRefused},
		{"WRITES_LISTED", rules.WritesListed}, {"INET_INHERITED", rules.InetInherited}, {"UNIX_UNPAIRED", rules.UnixUnpaired},
		{"OTHER_INHERITED", rules.OtherInherited}, {"UNTRUNCATED", rules.Untruncated},
	} {
		fmt.Fprintf(b, "#define PL_S_%s (UINT64_C(1) << %d)\n", s.name, bits.TrailingZeros64(uint64(s.set)))
	}
	b.WriteString("\n")
}

// decisions writes what decides each call, in the order of the tables.
func decisions(b *bytes.Buffer) {
	var groups, ruleLines, conds, values bytes.Buffer
	nconds, nvalues := 0, 0
	rules.All(func(call string, list []rules.Rule) bool {
		if number(abi.AMD64, call) < 0 && number(abi.ARM64, call) < 0 {
			return true
		}
		fmt.Fprintf(&groups, "\t{PL_NR(%d, %d), %d}, /* %s */\n", number(abi.AMD64, call), number(abi.ARM64, call), len(list), call)
		for _, r := range list {
			fmt.Fprintf(&ruleLines, "\t{UINT64_C(%#x), UINT64_C(%#x), %#x, %d, %d}, /* %s */\n", uint64(r.Needs), uint64(r.Unless), uint32(r.Action), nconds, len(r.When), call)
			for _, c := range r.When {
				fmt.Fprintf(&conds, "\t{UINT64_C(%#x), %d, %d, %d, %d},\n", c.Mask, nvalues, len(c.Values), c.Arg, c.Op)
				for _, v := range c.Values {
					fmt.Fprintf(&values, "\tUINT64_C(%#x),\n", v)
				}
				nconds, nvalues = nconds+1, nvalues+len(c.Values)
			}
		}
		return true
	})
	fmt.Fprintf(b, "#define PL_NEWEST PL_NR(%d, %d)\n#define PL_AUDIT PL_NR(%#xu, %#xu)\n", abi.AMD64.Newest(), abi.ARM64.Newest(), abi.AMD64.Audit, abi.ARM64.Audit)
	fmt.Fprintf(b, "#define PL_EXECVE PL_NR(%d, %d)\n\n", number(abi.AMD64, "execve"), number(abi.ARM64, "execve"))
	fmt.Fprintf(b, "static const struct pl_group pl_groups[] = {\n%s};\n\n", groups.String())
	fmt.Fprintf(b, "static const struct pl_rule pl_rules[] = {\n%s};\n\n", ruleLines.String())
	fmt.Fprintf(b, "static const struct pl_cond pl_conds[] = {\n%s};\n\n", conds.String())
	fmt.Fprintf(b, "static const uint64_t pl_values[] = {\n%s};\n\n", values.String())
}

func number(a *abi.Arch, call string) int {
	if nr, ok := a.Number(call); ok {
		return int(nr)
	}
	return -1
}

// files writes the whitelist, without what a rule of Landlock cannot name.
func files(b *bytes.Buffer) {
	b.WriteString("static const struct pl_file pl_files[] = {\n")
	for _, f := range rules.Files {
		if path, all := strings.CutSuffix(f.Path, "/**"); !strings.Contains(f.Path, "*/") {
			fmt.Fprintf(b, "\t{UINT64_C(%#x), %s, %d, %d},\n", uint64(f.Needs), strconv.Quote(path), digit(all), digit(f.Write))
		}
	}
	b.WriteString("};\n\nstatic const char *const pl_library_dirs[] = {\n")
	for _, d := range whitelist.LibraryDirs {
		fmt.Fprintf(b, "\t%q,\n", d)
	}
	b.WriteString("};\n\n")
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// versions writes what each version of Landlock can handle.
func versions(b *bytes.Buffer) {
	fmt.Fprintf(b, "#define PL_NEWEST_ABI %d\n\nstatic const struct pl_version pl_versions[] = {\n", landlock.Newest)
	for abi := range landlock.Newest + 1 {
		v := landlock.At(abi)
		fmt.Fprintf(b, "\t{UINT64_C(%#x), UINT64_C(%#x), UINT64_C(%#x), %d},\n", v.Files, v.Net, v.Scopes, digit(v.AllThreads))
	}
	b.WriteString("};\n")
}
