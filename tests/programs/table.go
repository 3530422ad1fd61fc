// Package programs is a table of programs that nobody here wrote, each with the
// narrowest promises under which it does its job, and one thing more that is
// then refused and named. doc/programs.md is made from it.
package programs

// A Program is one row.
type Program struct {
	Name string
	// Needs are the executables that the row takes.
	Needs    []string
	Promises string
	Unveil   []string // $T is the test's directory
	// Run is the shell command that becomes the program's: it is started as
	// sh -c would start it, with $P in place of pledge and the promises.
	Run  string
	Want string // on standard output
	// Beyond is a command that needs more, and Report what the launcher then
	// says.
	Beyond, Report string
	// Setup prepares the directory, unconfined.
	Setup string
}

// Table is the list.
var Table = []Program{
	{Name: "cat", Promises: "stdio rpath", Run: `$P cat f`, Want: "hello\n",
		Beyond: `pledge stdio -- cat f`, Report: `cat[`},
	{Name: "cat from standard input", Promises: "stdio", Run: `$P cat <f`, Want: "hello\n",
		Beyond: `$P cat f`, Report: `openat("f", O_RDONLY): needs promise "rpath"`},
	{Name: "ls -l", Promises: "stdio rpath getpw", Run: `$P ls -l f | cut -c1-10`, Want: "-rw-r--r--\n",
		Beyond: `pledge "stdio getpw" -- ls -l f`, Report: `needs promise "rpath"`},
	{Name: "find", Promises: "stdio rpath", Run: `$P find d -name '*.c' | sort`, Want: "d/a.c\nd/e/b.c\n",
		Beyond: `$P find d -name a.c -delete`, Report: `needs promise "cpath"`},
	{Name: "grep -r", Promises: "stdio rpath", Run: `$P grep -rl main d | sort`, Want: "d/a.c\nd/e/b.c\n",
		Beyond: `pledge stdio -- grep -r main d`, Report: `needs promise "rpath"`},
	{Name: "sort with temporary files", Promises: "stdio rpath wpath cpath", Run: `seq 200000 | $P sort -S 100k -T . -rn | head -n1`, Want: "200000\n",
		Beyond: `seq 200000 | pledge "stdio rpath" -- sort -S 100k -T . -rn`, Report: `O_RDWR|O_CREAT|O_EXCL`},
	{Name: "tar c", Promises: "stdio rpath wpath cpath getpw", Run: `$P tar cf t.tar d && tar tf t.tar | sort | tail -n1`, Want: "d/e/b.c\n",
		Beyond: `pledge "stdio rpath getpw" -- tar cf u.tar d`, Report: `needs promises "wpath cpath"`},
	{Name: "tar cz (gzip)", Promises: "stdio rpath wpath cpath getpw proc exec", Run: `$P tar czf t.tgz d && tar tzf t.tgz | wc -l`, Want: "4\n",
		Beyond: `pledge "stdio rpath wpath cpath getpw" -- tar czf u.tgz d`, Report: `needs promise "proc"`},
	{Name: "tar x", Setup: `tar cf x.tar d && mkdir x`, Promises: "stdio rpath wpath cpath fattr getpw", Run: `$P tar xof x.tar -C x && cat x/d/e/b.c`, Want: "int main(){}\n",
		Beyond: `pledge "stdio rpath" -- tar xof x.tar -C d`, Report: `needs promise`},
	{Name: "cp -a", Promises: "stdio rpath wpath cpath fattr", Run: `$P cp -a d n && cat n/a.c`, Want: "int main(){return 0;}\n",
		Beyond: `pledge "stdio rpath wpath cpath" -- cp -a d n2`, Report: `needs promise "fattr"`},
	{Name: "mv", Setup: `cp f g`, Promises: "stdio rpath cpath", Run: `$P mv g h && cat h`, Want: "hello\n",
		Beyond: `pledge "stdio rpath" -- mv h i`, Report: `needs promise "cpath"`},
	{Name: "rm -r", Setup: `cp -a d gone`, Promises: "stdio rpath cpath", Run: `$P rm -r gone && ls gone 2>&1 | cut -d: -f3`, Want: " No such file or directory\n",
		Beyond: `pledge "stdio rpath" -- rm -r d`, Report: `unlinkat`},
	{Name: "sed -i", Setup: `cp f s`, Promises: "stdio rpath wpath cpath fattr", Run: `$P sed -i s/hello/bye/ s && cat s`, Want: "bye\n",
		Beyond: `pledge "stdio rpath" -- sed -i s/a/b/ f`, Report: `needs promises "wpath cpath"`},
	{Name: "awk", Needs: []string{"gawk"}, Promises: "stdio rpath", Run: `$P gawk '{print NF}' f`, Want: "1\n",
		Beyond: `$P gawk 'BEGIN{system("id")}'`, Report: `needs promise "proc"`},
	{Name: "perl", Needs: []string{"perl"}, Promises: "stdio rpath", Run: `$P perl -e 'use strict; print lc "HI\n"'`, Want: "hi\n",
		Beyond: `$P perl -e 'open F,">x" or die'`, Report: `needs promises "wpath cpath"`},
	{Name: "python3", Needs: []string{"python3"}, Promises: "stdio rpath prot_exec", Run: `$P /usr/bin/python3 -c 'import json,ssl; print(json.dumps([1]))'`, Want: "[1]\n",
		Beyond: `$P /usr/bin/python3 -c 'import socket; socket.socket()'`, Report: `socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0): needs promise "inet"`},
	{Name: "python3 subprocess", Needs: []string{"python3"}, Promises: "stdio rpath proc exec prot_exec", Run: `$P /usr/bin/python3 -c 'import subprocess; print(subprocess.check_output(["echo","x"]).decode(),end="")'`, Want: "x\n",
		Beyond: `pledge "stdio rpath prot_exec" -- /usr/bin/python3 -c 'import subprocess; subprocess.run(["echo"])'`, Report: `needs promise "proc"`},
	{Name: "bash script with a pipeline", Setup: `printf '#!/bin/bash\nset -o pipefail\nseq 3 | sort -rn | head -n1\n' >p.sh; chmod +x p.sh`, Needs: []string{"bash"}, Promises: "stdio rpath getpw tty proc exec", Run: `$P ./p.sh`, Want: "3\n",
		Beyond: `pledge "stdio rpath" -- ./p.sh`, Report: `needs promise "proc"`},
	{Name: "env script", Setup: `printf '#!/usr/bin/env /usr/bin/python3\nprint(6*7)\n' >e.py; chmod +x e.py`, Needs: []string{"python3"}, Promises: "stdio rpath prot_exec", Run: `$P ./e.py`, Want: "42\n",
		Beyond: `pledge "stdio" -- ./e.py`, Report: `needs promise "rpath"`},
	{Name: "git log", Setup: gitSetup, Needs: []string{"git"}, Promises: "stdio rpath getpw", Run: `$P git -C repo log --format=%s`, Want: "first\n",
		Beyond: `$P git -C repo commit -qm x --allow-empty`, Report: `needs promise`},
	{Name: "git commit", Setup: gitSetup, Needs: []string{"git"}, Promises: "stdio rpath wpath cpath fattr getpw proc exec", Run: `echo b >repo/b && $P git -C repo add b && $P git -C repo commit -qm second && git -C repo log -1 --format=%s`, Want: "second\n",
		Beyond: `pledge "stdio rpath wpath cpath fattr getpw" -- git -C repo -c core.pager=cat gc`, Report: `needs promise "proc"`},
	{Name: "gcc", Needs: []string{"gcc"}, Promises: "stdio rpath wpath cpath fattr proc exec", Run: `$P gcc -o prog d/a.c && ./prog; echo $?`, Want: "0\n",
		Beyond: `pledge "stdio rpath proc exec" -- gcc -o prog2 d/a.c`, Report: `needs promise`},
	{Name: "make", Setup: `printf 'all: out\nout: f\n\tcp f out\n' >Makefile`, Needs: []string{"make"}, Promises: "stdio rpath wpath cpath fattr proc exec id", Run: `$P make -s && cat out`, Want: "hello\n",
		Beyond: `pledge "stdio rpath" -- make -sB`, Report: `needs promise "proc"`},
	{Name: "go build", Setup: `mkdir gop && cd gop && printf 'module m\n' >go.mod && printf 'package main\nfunc main(){println("go")}\n' >m.go`, Needs: []string{"go"}, Promises: "stdio rpath wpath cpath fattr flock proc exec prot_exec tty",
		Run: `cd gop && GOFLAGS=-mod=mod GOTOOLCHAIN=local GOCACHE=$T/gc GOPATH=$T/gp GOTELEMETRY=off $P go build -o m . && ./m 2>&1`, Want: "go\n",
		Beyond: `cd gop && GOTOOLCHAIN=local GOCACHE=$T/gc GOPATH=$T/gp GOTELEMETRY=off pledge "stdio rpath" -- go build -o n .`, Report: `needs promise`},
	{Name: "sqlite3", Needs: []string{"sqlite3"}, Promises: "stdio rpath wpath cpath fattr flock getpw", Run: `$P sqlite3 db 'create table if not exists t(a); insert into t values(7); select max(a) from t'`, Want: "7\n",
		Beyond: `$P sqlite3 db '.shell id'`, Report: `needs promise "proc"`},
	{Name: "ssh-keygen", Needs: []string{"ssh-keygen"}, Promises: "stdio rpath wpath cpath getpw tty", Run: `rm -f k k.pub; $P ssh-keygen -q -t ed25519 -N '' -f k && cut -c1-11 k.pub`, Want: "ssh-ed25519\n",
		Beyond: `pledge "stdio rpath getpw" -- ssh-keygen -q -t ed25519 -N '' -f k3`, Report: `needs promises "wpath cpath"`},
	{Name: "openssl", Needs: []string{"openssl"}, Promises: "stdio rpath", Run: `$P openssl dgst -sha256 f | cut -c1-20`, Want: "SHA2-256(f)= 5891b5b\n",
		Beyond: `$P openssl rand -out r 8`, Report: `needs promise`},
	{Name: "node", Needs: []string{"node"}, Promises: "stdio rpath prot_exec", Run: `$P node -e 'console.log(1+1)'`, Want: "2\n",
		Beyond: `$P node -e 'require("net").createServer().listen(0).on("error",()=>process.exit(3))'`, Report: `needs promise "inet"`},
	{Name: "busybox (static)", Needs: []string{"busybox"}, Promises: "stdio rpath id", Run: `$P busybox wc -l f | busybox awk '{print $1}'`, Want: "1\n",
		Beyond: `$P busybox touch z`, Report: `needs promise`},
	{Name: "musl program", Setup: `printf '#include <stdio.h>\n#include <signal.h>\nint main(){raise(0);puts("musl");return 0;}' >mu.c && musl-gcc -o mu mu.c && musl-gcc -static -o mus mu.c`, Needs: []string{"musl-gcc"}, Promises: "stdio", Run: `$P ./mu && $P ./mus`, Want: "musl\nmusl\n",
		Beyond: `pledge "rpath" -- ./mu`, Report: `needs promise "stdio"`},
	{Name: "i386 program", Setup: `printf '#include <stdio.h>\nint main(int c,char**v){puts("i386");if(c>1)fopen(v[1],"r");return 0;}' >i.c && gcc -m32 -o i i.c && gcc -m32 -static -o is i.c`, Needs: []string{"gcc"}, Promises: "stdio", Run: `$P ./i && $P ./is`, Want: "i386\ni386\n",
		Beyond: `$P ./i f`, Report: `openat("f", O_RDONLY): needs promise "rpath"`},
	{Name: "xargs", Promises: "stdio rpath proc exec", Run: `echo f | $P xargs cat`, Want: "hello\n",
		Beyond: `echo f | pledge "stdio rpath" -- xargs cat`, Report: `needs promise "proc"`},
	{Name: "date", Promises: "stdio", Run: `TZ=UTC $P date -d @0 +%Y`, Want: "1970\n",
		Beyond: `$P date -s @0`, Report: `needs promise "settime"`},
	{Name: "id", Promises: "stdio rpath getpw", Run: `$P id -un | grep -c .`, Want: "1\n",
		Beyond: `pledge stdio -- ls`, Report: `needs promise "rpath"`},
	{Name: "gzip", Promises: "stdio", Run: `$P gzip <f | gunzip`, Want: "hello\n",
		Beyond: `$P gzip -k f`, Report: `needs promise`},
	{Name: "unveiled cat", Promises: "stdio rpath", Unveil: []string{"r:$T/d"}, Run: `$P cat d/a.c`, Want: "int main(){return 0;}\n",
		Beyond: `$P --report-unveil cat f`, Report: `needs --unveil r:`},
}

const gitSetup = `rm -rf repo; git init -q -b main repo && cd repo && git config user.email a@b && git config user.name a && echo a >a && git add a && git commit -qm first`
