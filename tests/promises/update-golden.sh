#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: update-golden.sh BUILD-DIR
# Accepts the exports and the GIR of a build as the ones to compare with.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../data
"$here/exported-symbols.sh" "$1/libconvoke-1.so" >"$data/exported-symbols.txt"
/usr/bin/python3 "$here/normalise-gir.py" "$1/Convoke-1.gir" >"$data/Convoke-1.gir"
LD_LIBRARY_PATH=$1 GI_TYPELIB_PATH=$1 CONVOKE_MODULE_PATH=$1/gobj \
  /usr/bin/python3 "$here/error-table.py" --update "$here/../../docs/errors.md"
echo "Written: tests/data/exported-symbols.txt, tests/data/Convoke-1.gir and the table in docs/errors.md; look at git diff"
