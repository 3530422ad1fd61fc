//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// Addresses are told as net/netip tells them.
func TestAddressText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 0, 0, 0, 1, 0xff, 0xab}), 16, 16).Draw(r, "ip")
		port := rapid.Uint16().Draw(r, "port")
		if rapid.Bool().Draw(r, "mapped") {
			copy(b, make([]byte, 10))
			b[10], b[11] = 0xff, 0xff
		}
		a := address(binary.BigEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, unix.AF_INET6), port))
		a = append(append(a, 0, 0, 0, 0), b...)
		if want := netip.AddrPortFrom(netip.AddrFrom16([16]byte(b)), port).String(); a.String() != want {
			r.Fatalf("%x: %s, want %s", b, a, want)
		}
		a = address(binary.BigEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, unix.AF_INET), port))
		a = append(a, b[:4]...)
		if want := netip.AddrPortFrom(netip.AddrFrom4([4]byte(b)), port).String(); a.String() != want {
			r.Fatalf("%x: %s, want %s", b[:4], a, want)
		}
	})
}
