#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-library.sh LIBRARY GOLDEN-SYMBOLS
# What holds for the shared library as a file.

. "$(dirname "$0")/tap.sh"
library=$1
golden=$2
here=$(dirname "$0")

needs_little ()
{
  needed=$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  surplus=$(echo "$needed" |
    grep -vE '^(libglib-2\.0|libgobject-2\.0|libgio-2\.0|libgmodule-2\.0|libffi|libc|ld-linux.*)\.so\.[0-9]+$')
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
  readelf -dW "$library" | grep -q 'Library soname: \[libconvoke-1\.so\.0\]'
}

claim "it needs GLib, GObject, GIO, GModule, libffi and libc only" needs_little
claim "it exports names of its own prefix only" exports_prefix
claim "it exports what tests/data/exported-symbols.txt lists (./run update-golden accepts a change)" exports_golden
claim "its stack is not executable" stack_is_not_executable
claim "it has no text relocations" no_text_relocations
claim "its soname carries API and ABI version" soname
finish
