module github.com/pledge-linux/pledge

go 1.26.0

// Generators. The linters have a module of their own, tools/go.mod: what those
// need would be in the graph of every program that imports the library.
tool (
	github.com/pledge-linux/pledge/internal/gen/calls
	github.com/pledge-linux/pledge/internal/gen/numbers
	github.com/pledge-linux/pledge/internal/gen/requests
)

require (
	github.com/coreos/go-systemd/v22 v22.7.0
	github.com/google/go-cmp v0.7.0
	github.com/pelletier/go-toml/v2 v2.4.3
	github.com/rogpeppe/go-internal v1.16.0
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.1.0
	golang.org/x/arch v0.33.0
	golang.org/x/net v0.62.0
	golang.org/x/sys v0.49.0
	golang.org/x/term v0.47.0
	pgregory.net/rapid v1.3.0
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	golang.org/x/tools v0.26.0 // indirect
)
