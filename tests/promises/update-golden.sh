#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: update-golden.sh BUILD-DIR
# Accepts the exports and the GIR of a build as the ones to compare with.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../data
"$here/exported-symbols.sh" "$1/libconvoke-1.so" >"$data/exported-symbols.txt"
/usr/bin/python3 "$here/normalise-gir.py" "$1/Convoke-1.gir" >"$data/Convoke-1.gir"
echo "Written: tests/data/exported-symbols.txt and tests/data/Convoke-1.gir; look at git diff"
