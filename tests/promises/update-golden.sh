#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: update-golden.sh BUILD-DIR
# Accepts the exports and the GIR of a build as the ones to compare with.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../data
"$here/exported-symbols.sh" "$1/libconvoke-1.so" >"$data/exported-symbols.txt"
/usr/bin/python3 "$here/normalise-gir.py" "$1/Convoke-1.gir" >"$data/Convoke-1.gir"
if [ -e "$1/components/inet/libconvoke-inet-1.so" ]; then
  "$here/exported-symbols.sh" "$1/components/inet/libconvoke-inet-1.so" >"$data/exported-symbols-inet.txt"
  /usr/bin/python3 "$here/normalise-gir.py" "$1/components/inet/ConvokeInet-1.gir" >"$data/ConvokeInet-1.gir"
fi
LD_LIBRARY_PATH=$1 GI_TYPELIB_PATH=$1 CONVOKE_MODULE_PATH=$1/gobj \
  /usr/bin/python3 "$here/error-table.py" --update "$here/../../docs/errors.md"
echo "Written: the exports and the GIRs in tests/data, and the table in docs/errors.md; look at git diff"
