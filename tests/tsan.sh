#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs the threads' tests under ThreadSanitizer.
#
# usage: tsan.sh [DIR [MESON-TEST-ARGUMENT...]]
#
# The sanitizer is exact only if it sees GLib's own locks, so a GLib is built
# with it first, from Debian's source package. The source, that GLib and the
# build of this project are kept in DIR (default: build-tsan in the root). The
# package lists that this needs are in DIR too: the system's are not touched,
# and no rights are needed.

set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
dir=$(mkdir -p "${1:-$root/build-tsan}" && cd "${1:-$root/build-tsan}" && pwd -P)
[ $# -gt 0 ] && shift

export PATH="/usr/bin:/bin:$PATH"

say ()
{
  printf '\n== %s\n' "$*"
}

# apt-get with lists and caches of our own, and source packages only.
own_apt ()
{
  apt-get -q -o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts="$dir/apt/sources" \
    -o Dir::State="$dir/apt/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$dir/apt/cache" \
    -o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

# The system's own sources, asked for source packages instead.
write_sources ()
{
  local file

  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" > "$dir/apt/sources/${file##*/}"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file" > "$dir/apt/sources/${file##*/}.list"
  done
  return 0
}

fetch_glib ()
{
  mkdir -p "$dir/apt/sources" "$dir/apt/state/lists/partial" "$dir/apt/cache/archives/partial"
  write_sources

  say "The source of GLib"
  own_apt update
  rm -rf "$dir/fetch"
  mkdir "$dir/fetch"
  (cd "$dir/fetch" && own_apt source glib2.0)
  mv "$dir"/fetch/glib2.0-*/ "$dir/glib-source"
  rm -rf "$dir/fetch"
}

# Without __amd64__ GLib's bit locks are C, which the sanitizer sees, and not assembly.
build_glib ()
{
  say "GLib under the sanitizer"
  rm -rf "$dir/glib"
  meson setup "$dir/glib" "$dir/glib-source" -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false \
    -Dc_args=-U__amd64__ \
    -Dtests=false -Dselinux=disabled -Dlibmount=disabled -Dnls=disabled -Dlibelf=disabled -Dxattr=false
  ninja -C "$dir/glib"
  touch "$dir/glib-is-built"
}

build_convoke ()
{
  say "The project under the sanitizer"
  if [ ! -f "$dir/convoke/build.ninja" ]; then
    rm -rf "$dir/convoke"
    meson setup "$dir/convoke" "$root" -Db_sanitize=thread -Db_lundef=false -Dsync_points=true \
      -Dpython=disabled -Ddocs=disabled -Dexamples=disabled -Dbench=disabled
  fi
  ninja -C "$dir/convoke"
}

[ -d "$dir/glib-source" ] || fetch_glib
[ -f "$dir/glib-is-built" ] || build_glib
build_convoke

say "The tests"
libraries=
for library in glib gobject gio gmodule gthread; do
  libraries=$libraries${libraries:+:}$dir/glib/$library
done
LD_LIBRARY_PATH=$libraries meson test -C "$dir/convoke" --no-rebuild --print-errorlogs --suite tsan "$@"
