package trust

import "golang.org/x/sys/unix"

// directory opens one that can be passed; it need not be readable.
const directory = unix.O_PATH
