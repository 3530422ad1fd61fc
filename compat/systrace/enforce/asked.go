package enforce

// Asked is a call that somebody else than a policy decides. All that it says was
// read of the caller once, and what it is performed on is that.
type Asked struct {
	PID, TID int
	// First is set for the program that was started, until it executes another.
	First   bool
	Program string
	Parents []string // programs above it, the nearest first
	Name    string   // of the call, as Linux has it
	Args    [6]uint64
	IP      uint64
	// Paths are where the call's paths lead, in the order of its arguments.
	Paths []AskedPath
	// Address is that of a socket call, as the kernel will get it; nil if none.
	Address []byte
	// To are the destinations of messages, as policies say them.
	To []string
	// Socket describes a call's socket. What it tells of is held, and what is
	// performed is performed on that.
	Socket func() (domain, typ, protocol int, bound bool, err error)
	// Text is the call for people.
	Text string
	// Crowded is set where the call may not wait: too many do.
	Crowded bool
	// Over tells whether nobody waits for the answer any more, or the caller has
	// a signal to handle.
	Over func() bool
}

// AskedPath is one path of a call.
type AskedPath struct {
	Given string
	Real  string // where it leads; "" if nowhere
	// Missing is set where the last name does not exist; Dir for a directory.
	Missing, Dir bool
}

// Ruling is the answer.
type Ruling struct {
	Permit bool
	Errno  int
	Kill   bool
	// Again has the call made again once the caller has handled its signal.
	Again bool
}

// always are calls that no judge is asked about: they go to descriptors that the
// program has.
var always = [...]string{"read", "write", "readv", "writev", "close", "lseek", "munmap", "poll"}
