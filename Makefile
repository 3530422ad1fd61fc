# make            builds bin/pledge, bin/pledge-tools and bin/systrace, static, and bin/pledge-libseccomp
# make check      everything that has to pass
# make libpledge builds pledge(2) and unveil(2) for C: bin/libpledge.a and bin/libpledge.so
# make kernels   boots other kernels in qemu and runs checks there (KERNELS='-only 6.1 -v')
# make race, make conformance, make bench, make bench-systrace, make soak, make fuzz, make doc, make install

GO     ?= go
PREFIX ?= /usr/local

# Go's cache decides what is built anew.
.PHONY: libpledge install-libpledge libpledge-sources bin/pledge bin/pledge-libseccomp fuzz all check test race conformance trial kernels bench bench-systrace soak doc install clean deps testdeps

all: bin/pledge bin/pledge-libseccomp

# pledge starts quickly and launches; for all else it becomes pledge-tools.
bin/pledge:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/ ./cmd/pledge ./cmd/pledge-tools ./cmd/systrace

# The whole command with filters compiled by libseccomp, linked in.
bin/pledge-libseccomp: deps
	CGO_ENABLED=1 $(GO) build -trimpath -tags libseccomp,netgo,osusergo -ldflags '-s -w -extldflags -static' -o $@ ./cmd/pledge-tools

# pledge(2) and unveil(2) for C programs. Its tables are written by go generate.
LIBPLEDGE_BIN = bin
LIBPLEDGE_C = filter landlock veil plan look lock threads pledge exec message
LIBPLEDGE_CFLAGS = -std=c99 -Wall -Wextra -Werror -O2 -fPIC -fvisibility=hidden -ffunction-sections
libpledge:
	mkdir -p $(LIBPLEDGE_BIN)
	$(CC) $(LIBPLEDGE_CFLAGS) $(CFLAGS) -r -nostdlib -o $(LIBPLEDGE_BIN)/libpledge.o $(LIBPLEDGE_C:%=libpledge/%.c)
	$(AR) rcs $(LIBPLEDGE_BIN)/libpledge.a $(LIBPLEDGE_BIN)/libpledge.o
	$(CC) $(LIBPLEDGE_CFLAGS) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libpledge.so.0 -o $(LIBPLEDGE_BIN)/libpledge.so.0 $(LIBPLEDGE_C:%=libpledge/%.c)
	ln -sf libpledge.so.0 $(LIBPLEDGE_BIN)/libpledge.so
	rm $(LIBPLEDGE_BIN)/libpledge.o

# Programs of Debian's source packages, built with it and run.
libpledge-sources:
	tests/libpledge/sources

install-libpledge: libpledge
	install -D -m 644 libpledge/pledge.h $(DESTDIR)$(PREFIX)/include/pledge.h
	install -D -m 644 $(LIBPLEDGE_BIN)/libpledge.a $(DESTDIR)$(PREFIX)/lib/libpledge.a
	install -D -m 755 $(LIBPLEDGE_BIN)/libpledge.so.0 $(DESTDIR)$(PREFIX)/lib/libpledge.so.0
	ln -sf libpledge.so.0 $(DESTDIR)$(PREFIX)/lib/libpledge.so
	install -D -m 644 libpledge/pledge.2 $(DESTDIR)$(PREFIX)/share/man/man2/pledge.2
	install -D -m 644 libpledge/unveil.2 $(DESTDIR)$(PREFIX)/share/man/man2/unveil.2
	mkdir -p $(DESTDIR)$(PREFIX)/lib/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|' libpledge/libpledge.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/libpledge.pc

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

# Some hundred commands: learned, run under that, and by hand as hints lead.
trial: bin/pledge
	TRIAL=all $(GO) test -count=1 -timeout 60m -v -run TestTrial ./tests/trial | grep -v '^ *=== '

# The kernels that people run, each in a machine of its own.
kernels:
	@tools/install-if-missing kernels
	$(GO) run ./tests/kernels $(KERNELS)

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
	$(GO) test ./promises/explain ./tests/programs ./compat/convert ./internal/landlock -run 'Document|Report' -update
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
