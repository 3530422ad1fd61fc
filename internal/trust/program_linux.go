package trust

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec becomes the program of a file that nobody but root and the user could
// have made what it is; the file that was judged is the one that is executed.
// It returns only an error, as Open does.
func Exec(path string, argv, env []string) error {
	f, err := effective().take(path, unix.O_PATH)
	if err != nil {
		return err
	}
	defer f.Close()
	// By its descriptor. syscall.Exec also gives the limit of open files back
	// that the runtime has raised.
	err = syscall.Exec("/proc/self/fd/"+strconv.Itoa(int(f.Fd())), argv, env)
	if os.IsNotExist(err) || os.IsPermission(err) {
		// Without /proc, or where a sandbox hides it: only root and the user
		// could have changed what the path leads to since.
		err = syscall.Exec(path, argv, env)
	}
	return &walkError{path, err}
}
