# make            builds bin/pledge, bin/pledge-tools and bin/systrace, static, and bin/pledge-libseccomp
# make check      everything that has to pass
# make race, make conformance, make bench, make bench-systrace, make soak, make fuzz, make doc, make install

GO     ?= go
PREFIX ?= /usr/local

# Go's cache decides what is built anew.
.PHONY: bin/pledge bin/pledge-libseccomp fuzz all check test race conformance bench bench-systrace soak doc install clean deps testdeps

all: bin/pledge bin/pledge-libseccomp

# pledge starts quickly and launches; for all else it becomes pledge-tools.
bin/pledge:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/ ./cmd/pledge ./cmd/pledge-tools ./cmd/systrace

# The whole command with filters compiled by libseccomp, linked in.
bin/pledge-libseccomp: deps
	CGO_ENABLED=1 $(GO) build -trimpath -tags libseccomp,netgo,osusergo -ldflags '-s -w -extldflags -static' -o $@ ./cmd/pledge-tools

deps:
	@tools/install-if-missing build

testdeps:
	@tools/install-if-missing test

check: all testdeps
	tools/check

test: testdeps
	$(GO) test -count=1 ./...

# The commands with the race detector, through their scripts and the tests of systrace.
race: testdeps
	TESTS_RACE=1 $(GO) test -count=1 -timeout 60m ./cmd/pledge ./cmd/systrace ./tests/terminal ./tests/logs ./tests/systrace

conformance: testdeps
	$(GO) test -count=1 -run TestConformance -v ./tests/conformance | grep -v '^ *[=-]\{3\}'

bench: all testdeps
	$(GO) run ./tests/bench

bench-systrace: all testdeps
	$(GO) run ./tests/bench -systrace

# A pledged server under load for as long as SOAK says.
soak:
	SOAK=$${SOAK:-5m} $(GO) test -count=1 -timeout 12h -run TestSoak -v ./tests/library

# Files of profiles and policies, for as long as FUZZ says each.
fuzz:
	$(GO) test ./internal/profile -run '^$$' -fuzz FuzzParse -fuzztime $${FUZZ:-1h}
	$(GO) test ./compat/systrace/syntax -run '^$$' -fuzz FuzzParse -fuzztime $${FUZZ:-1h}

# Documents that are made from tables.
doc:
	$(GO) test ./promises ./tests/programs ./compat/convert -run 'Document|Report' -update
	$(GO) test ./tests/conformance -update
	$(GO) test ./tests/learn -run RoundTrip -update

install: bin/pledge
	install -D -m 755 bin/pledge $(DESTDIR)$(PREFIX)/bin/pledge
	install -D -m 755 bin/pledge-tools $(DESTDIR)$(PREFIX)/libexec/pledge/pledge-tools
	install -D -m 755 bin/systrace $(DESTDIR)$(PREFIX)/bin/systrace
	install -D -m 644 doc/systrace.1 $(DESTDIR)$(PREFIX)/share/man/man1/systrace.1
	install -D -m 644 doc/pledge.1 $(DESTDIR)$(PREFIX)/share/man/man1/pledge.1
	install -D -m 644 doc/pledge.toml.5 $(DESTDIR)$(PREFIX)/share/man/man5/pledge.toml.5

clean:
	rm -rf bin
