#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-gir.sh PYTHON GIR GOLDEN-GIR
. "$(dirname "$0")/tap.sh"
here=$(dirname "$0")
python=$1
gir=$2
golden=$3

same_api ()
{
  "$python" "$here/normalise-gir.py" "$gir" | diff -u "$golden" -
}

# Every public name says since when it is there.
everything_is_dated ()
{
  undated=$("$python" "$here/undated.py" "$gir")
  echo "$undated"
  test -z "$undated"
}

claim "the GIR is tests/data/${golden##*/} (./run update-golden accepts a change)" same_api
claim "every type and function of the GIR has documentation and a version" everything_is_dated
finish
