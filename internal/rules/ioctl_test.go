package rules

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/promises"
)

//go:embed testdata/requests.tsv
var requestsText string

type ioctlRequest struct {
	header, name string
	values       []uint32
}

// ioctlRequests are the requests of the kernel's headers, see internal/gen/requests.
func ioctlRequests(t *testing.T) (list []ioctlRequest) {
	t.Helper()
	for line := range strings.Lines(requestsText) {
		f := strings.Fields(line)
		if len(f) != 4 || f[0] == "header" {
			continue
		}
		r := ioctlRequest{header: f[0], name: f[1]}
		for _, text := range f[2:] {
			v, err := strconv.ParseUint(text, 0, 32)
			if err != nil {
				t.Fatal(line)
			}
			r.values = append(r.values, uint32(v))
		}
		list = append(list, r)
	}
	if len(list) < 2500 {
		t.Fatalf("only %d requests", len(list))
	}
	return list
}

// ioctlClasses says of which headers each class admits requests.
var ioctlClasses = []struct {
	words   promises.Set
	headers []string
}{
	{stdio, []string{"asm-generic/ioctls.h"}},
	{inet, []string{"asm-generic/sockios.h", "linux/sockios.h"}},
	{tty, []string{"asm-generic/ioctls.h"}},
	{tty | proc, []string{"asm-generic/ioctls.h", "asm-generic/sockios.h", "linux/sockios.h"}},
	{tty | rpath | wpath, []string{"asm-generic/ioctls.h"}},
	{proc, []string{"asm-generic/ioctls.h", "asm-generic/sockios.h"}},
	{fattr, []string{"linux/fs.h"}},
	{tape, []string{"linux/mtio.h"}},
	{route, []string{"linux/sockios.h"}},
	{wroute, []string{"linux/sockios.h"}},
	{audio, []string{"sound/asound.h", "linux/soundcard.h"}},
	{video, []string{"linux/videodev2.h", "linux/v4l2-subdev.h"}},
	{drm, []string{"libdrm/"}},
	{vmm, []string{"linux/kvm.h"}},
	{disklabel, []string{"linux/fs.h", "linux/hdreg.h", "linux/blkpg.h"}},
}

// sameNumber lists requests of other subsystems that have the very number of
// one that a class needs: no filter tells them apart.
var sameNumber = map[string]string{
	"tty SNDCTL_TMR_CONTINUE":             "TCSETS and its like; OSS timers start and stop by the same numbers",
	"tty SNDCTL_TMR_START":                "TCSETS and its like; OSS timers start and stop by the same numbers",
	"tty SNDCTL_TMR_STOP":                 "TCSETS and its like; OSS timers start and stop by the same numbers",
	"tty proc SNDCTL_TMR_CONTINUE":        "TCSETS and its like; OSS timers start and stop by the same numbers",
	"tty proc SNDCTL_TMR_START":           "TCSETS and its like; OSS timers start and stop by the same numbers",
	"tty proc SNDCTL_TMR_STOP":            "TCSETS and its like; OSS timers start and stop by the same numbers",
	"rpath wpath tty SNDCTL_TMR_CONTINUE": "TCSETS and its like; OSS timers start and stop by the same numbers",
	"rpath wpath tty SNDCTL_TMR_START":    "TCSETS and its like; OSS timers start and stop by the same numbers",
	"rpath wpath tty SNDCTL_TMR_STOP":     "TCSETS and its like; OSS timers start and stop by the same numbers",
	"audio AGPIOC_INFO":                   "/dev/agpgart, i386: reads",
	"audio AGPIOC_RESERVE":                "/dev/agpgart, i386; root opens it",
	"audio AGPIOC_SETUP":                  "/dev/agpgart, i386; root opens it",
	"audio SIOCGBPQETHPARAM":              "in the header only: no driver takes it",
	"audio SIOCSBPQETHPARAM":              "in the header only: no driver takes it",
	"audio PCITEST_BAR":                   "development boards: reads back a test pattern",
	"audio MEMGETREGIONCOUNT":             "MTD: reads a number",
	"audio OTPSELECT":                     "MTD: what reads of this descriptor see",
	"audio MCE_GETCLEAR_FLAGS":            "/dev/mcelog: root opens it",
	"audio MCE_GET_LOG_LEN":               "/dev/mcelog: reads a number",
	"audio MCE_GET_RECORD_LEN":            "/dev/mcelog: reads a number",
}

// A class of requests admits those of its own subsystem and none of the others
// that the kernel's headers have.
func TestRequestsOfOtherSubsystems(t *testing.T) {
	rules := Of("ioctl")
	used := map[string]bool{}
	for _, class := range ioctlClasses {
		own := map[uint32]bool{}
		all := ioctlRequests(t)
		mine := func(r ioctlRequest) bool {
			return slices.ContainsFunc(class.headers, func(h string) bool { return strings.HasPrefix(r.header, h) })
		}
		n := 0
		for _, r := range all {
			for _, value := range r.values {
				if mine(r) {
					own[value] = true
				}
			}
		}
		for _, r := range all {
			for _, value := range r.values {
				if Judge(rules, class.words, [6]uint64{1: uint64(value)}, Self{}) != Allow {
					continue
				}
				n++
				switch why := sameNumber[class.words.String()+" "+r.name]; {
				case mine(r), why != "" && own[value]:
					used[class.words.String()+" "+r.name] = true
				case own[value]:
					t.Errorf("%q admits %s %s (%#x), which has the number of one of its own: name it", class.words, r.header, r.name, value)
				default:
					t.Errorf("%q admits %s %s (%#x)", class.words, r.header, r.name, value)
				}
			}
		}
		if n == 0 {
			t.Errorf("%q admits none of the headers' requests", class.words)
		}
	}
	for name := range sameNumber {
		if !used[name] {
			t.Errorf("%s: no longer admitted", name)
		}
	}
}
