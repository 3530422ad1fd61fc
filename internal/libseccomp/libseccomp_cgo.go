//go:build linux && cgo && libseccomp

package libseccomp

// #cgo pkg-config: libseccomp
// #include <seccomp.h>
import "C"

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// A Filter collects rules. Actions are those of seccomp(2), which the library's equal.
type Filter struct{ ctx C.scmp_filter_ctx }

// A Condition is that an argument, masked, has a value.
type Condition struct {
	Arg         uint
	Mask, Value uint64
}

// Version is the version of the library that is linked in.
func Version() string {
	v := C.seccomp_version()
	return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.micro)
}

// New returns a filter that answers so to what has no rule, kills what another
// architecture calls, and looks numbers up in a binary tree.
func New(action uint32) (*Filter, error) {
	f := &Filter{C.seccomp_init(C.uint32_t(action))}
	if f.ctx == nil {
		return nil, unix.EINVAL
	}
	const binaryTree = 2
	err := answer(C.seccomp_attr_set(f.ctx, C.SCMP_FLTATR_ACT_BADARCH, C.SCMP_ACT_KILL_PROCESS))
	if err == nil {
		err = answer(C.seccomp_attr_set(f.ctx, C.SCMP_FLTATR_CTL_OPTIMIZE, binaryTree))
	}
	if err != nil {
		f.Release()
		return nil, err
	}
	return f, nil
}

// Add adds a rule for a call: exactly that, or an error.
func (f *Filter) Add(number, action uint32, conditions ...Condition) error {
	var list [6]C.struct_scmp_arg_cmp
	if len(conditions) > len(list) {
		return unix.EINVAL
	}
	for i, c := range conditions {
		list[i] = C.struct_scmp_arg_cmp{arg: C.uint(c.Arg), op: C.SCMP_CMP_MASKED_EQ, datum_a: C.scmp_datum_t(c.Mask), datum_b: C.scmp_datum_t(c.Value)}
	}
	return answer(C.seccomp_rule_add_exact_array(f.ctx, C.uint32_t(action), C.int(number), C.uint(len(conditions)), &list[0]))
}

// Export writes the program to a file.
func (f *Filter) Export(to *os.File) error {
	err := answer(C.seccomp_export_bpf(f.ctx, C.int(to.Fd())))
	runtime.KeepAlive(to)
	return err
}

// Release gives the library's memory back.
func (f *Filter) Release() { C.seccomp_release(f.ctx) }

// answer is a result of the library: 0, or a negative errno.
func answer(n C.int) error {
	if n < 0 {
		return unix.Errno(-n)
	}
	return nil
}
