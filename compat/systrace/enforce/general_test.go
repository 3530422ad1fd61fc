package enforce

import "testing"

func TestGeneral(t *testing.T) {
	s := scratch{}
	for _, made := range []string{"/tmp/ccAbC12x.s", "/tmp/tmpk3j2x_9a", "/tmp/tmpk3j2x_9a/abcdefgh", "/home/u/src/sedQ3xY1z", "/home/u/.git/config.lock", "/home/u/newdirectory"} {
		s.note(made)
	}
	for _, c := range []struct {
		path    string
		reading bool
		want    string
	}{
		{"/tmp/ccAbC12x.s", false, "/tmp/????????.s"},
		{"/tmp/ccAbC12x.s", true, "/tmp/????????.s"},
		{"/tmp/tmpk3j2x_9a/file", false, "/tmp/???????????/file"},
		{"/tmp/tmpk3j2x_9a/abcdefgh/x", false, "/tmp/???????????/????????/x"},
		{"/tmp/plainfile", false, ""},
		{"/home/u/src/sedQ3xY1z", false, "/home/u/src/?????????"},
		{"/home/u/.git/config.lock", false, ""},
		{"/home/u/newdirectory", false, ""},
		{"/home/u/photos/IMG20240101", true, ""},
		{"/proc/4711/stat", true, "/proc/*/stat"},
		{"/proc/4711/task/4712/comm", true, "/proc/*/task/*/comm"},
		{"/proc/4711/fd/3", true, "/proc/*/fd/*"},
		{"/dev/pts/7", false, "/dev/pts/*"},
		{"/run/prog-4242.pid", false, "/run/prog-*.pid"},
		{"/run/prog-4243.pid", false, ""},
		{"/usr/lib/python3.11/os.py", true, "/usr/lib/python*/os.py"},
		{"/usr/lib/python3.11/os.py", false, ""},
		{"/usr/lib/x86_64-linux-gnu/libssl.so.1.1", true, "/usr/lib/x86_64-linux-gnu/libssl.so.*"},
		{"/etc/ssl/openssl.cnf", true, ""},
		{"/tmp/a*b/ccAbC12x", false, ""},
		{"relative", true, ""},
	} {
		if got := s.patternOf(c.path, 4242, c.reading); got != c.want {
			t.Errorf("%s (reading %v): %q, want %q", c.path, c.reading, got, c.want)
		}
	}
}
