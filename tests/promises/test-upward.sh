#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-upward.sh CC ARCHIVE...
# The archives are the folders, lowest first. Each is linked whole over those
# below it, with nothing undefined: a call upwards has nothing to link to.
. "$(dirname "$0")/tap.sh"
cc=$1
shift

libs=$(pkg-config --libs gio-2.0 gobject-2.0 gmodule-no-export-2.0 libffi)

links ()
{
  # shellcheck disable=SC2086 # lists of words
  $cc -shared -o "$tap_out/whole.so" -Wl,--whole-archive "$@" -Wl,--no-whole-archive -Wl,-z,defs $libs -pthread
}

# Links the first N archives.
first ()
{
  n=$1
  shift
  for archive in "$@"; do
    shift
    [ "$n" -gt 0 ] && set -- "$@" "$archive"
    n=$((n - 1))
  done
  links "$@"
}

i=0
for archive in "$@"; do
  i=$((i + 1))
  claim "$(basename "$archive" .a) calls nothing above it" first $i "$@"
done

# The check itself: an archive with an upward call must fail.
planted ()
{
  echo 'extern void convoke_not_below (void); void convoke_planted (void) { convoke_not_below (); }' >"$tap_out/planted.c"
  $cc -c -fPIC -o "$tap_out/planted.o" "$tap_out/planted.c" && ar rc "$tap_out/planted.a" "$tap_out/planted.o" || return 1
  ! links "$tap_out/planted.a"
}
claim "an upward call is found" planted
finish
