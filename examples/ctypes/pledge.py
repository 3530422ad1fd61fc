"""pledge(2) and unveil(2) in Python, by libpledge.

    python3 pledge.py /srv/www/index.html

shows a file, and can do no more than read below its directory.
"""

import ctypes
import os
import sys

_lib = ctypes.CDLL(os.environ.get("LIBPLEDGE", "libpledge.so.0"), use_errno=True)
for _f in (_lib.pledge, _lib.unveil):
    _f.argtypes = [ctypes.c_char_p, ctypes.c_char_p]


def _check(result, what):
    if result != 0:
        e = ctypes.get_errno()
        raise OSError(e, os.strerror(e), what)


def pledge(promises, execpromises=None):
    """Restricts the process to the promises; None leaves either as it is."""
    encoded = [None if s is None else s.encode() for s in (promises, execpromises)]
    _check(_lib.pledge(*encoded), promises)


def unveil(path, permissions):
    """Shows a path; the veil falls with the next pledge without the word unveil."""
    _check(_lib.unveil(os.fsencode(path), permissions.encode()), path)


if __name__ == "__main__":
    unveil(os.path.dirname(os.path.abspath(sys.argv[1])), "r")
    pledge("stdio rpath")
    with open(sys.argv[1]) as f:
        print(f.read(), end="")
    try:
        open("/etc/passwd")
        print("/etc/passwd is shown")
    except OSError as e:
        print(e.strerror)
