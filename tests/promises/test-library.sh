#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-library.sh LIBRARY GOLDEN-SYMBOLS [NAME NEEDED...]
# What holds for a shared library as a file; NAME is that of a module's, which may need NEEDED as well.

. "$(dirname "$0")/tap.sh"
library=$1
golden=$2
here=$(dirname "$0")
shift 2
name=${1:-convoke-1}
[ $# -gt 0 ] && shift
more=$(printf '|%s' "$@")

needs_little ()
{
  needed=$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  surplus=$(echo "$needed" |
    grep -vE "^(libglib-2\.0|libgobject-2\.0|libgio-2\.0|libgmodule-2\.0|libffi|libc|ld-linux.*${more%|})\.so\.[0-9]+$")
  echo "also needs: $surplus"
  test -n "$needed" && test -z "$surplus"
}

exports_prefix ()
{
  foreign=$("$here/exported-symbols.sh" "$library" | grep -v '^convoke_')
  echo "$foreign"
  test -z "$foreign"
}

exports_golden ()
{
  "$here/exported-symbols.sh" "$library" | diff -u "$golden" -
}

stack_is_not_executable ()
{
  readelf -lW "$library" | grep GNU_STACK | grep -qv 'RWE'
}

# Nothing that runs before main() but what the toolchain and GType put there.
no_text_relocations ()
{
  ! readelf -dW "$library" | grep -q TEXTREL
}

soname ()
{
  readelf -dW "$library" | grep -qF "Library soname: [lib$name.so.0]"
}

claim "it needs GLib, GObject, GIO, GModule, libffi and libc only${more%|}" needs_little
claim "it exports names of its own prefix only" exports_prefix
claim "it exports what tests/data/${golden##*/} lists (./run update-golden accepts a change)" exports_golden
claim "its stack is not executable" stack_is_not_executable
claim "it has no text relocations" no_text_relocations
claim "its soname carries API and ABI version" soname
finish
