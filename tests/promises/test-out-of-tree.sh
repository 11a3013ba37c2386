#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-out-of-tree.sh SOURCE-ROOT BUILD-DIR PREFIX LIBDIR
# A project outside the tree (examples/outside) builds against an installed
# Convoke, and with Convoke as its subproject, and works. What takes a second
# has a minute; what compiles all of Convoke has more.

. "$(dirname "$0")/tap.sh"
source_root=$1
build=$2
prefix=$3
libdir=$4

tree=$tap_out/tree
lib=$tree$prefix/$libdir

# The tests run in an environment that finds the uninstalled parts.
unset GI_TYPELIB_PATH LD_LIBRARY_PATH CONVOKE_MODULE_PATH CONVOKE_HOST_PATH PYTHONPATH PKG_CONFIG_PATH DESTDIR
unset CFLAGS LDFLAGS

# Keyfiles are found where a claim says, and nowhere else.
export XDG_DATA_HOME="$tap_out/data" XDG_DATA_DIRS="$tap_out/none"

# copy NAME: the example as a project of its own.
copy ()
{
  cp -r "$source_root/examples/outside" "$tap_out/$1"
}

# The .pc file of the tree, as if the tree were the root.
installs ()
{
  DESTDIR=$tree meson install -C "$build" --no-rebuild --quiet || return 1
  mkdir -p "$tap_out/pc"
  sed "s|^prefix=.*|prefix=$tree$prefix|" "$lib/pkgconfig/convoke-1.pc" >"$tap_out/pc/convoke-1.pc"
}

builds_against_installed ()
{
  copy installed
  export PKG_CONFIG_PATH="$tap_out/pc"
  timeout 60 meson setup --wrap-mode=nofallback -Dwerror=true "$tap_out/installed/build" "$tap_out/installed" &&
    timeout 60 ninja -C "$tap_out/installed/build"
}

runs_installed ()
{
  LD_LIBRARY_PATH=$lib timeout 60 meson test -C "$tap_out/installed/build" --no-rebuild --print-errorlogs
}

# It is found where it was installed, by a program that is told nothing but where its data are.
runs_as_installed ()
{
  meson configure "$tap_out/installed/build" --prefix="$tap_out/outside" --libdir=lib --datadir=share &&
    timeout 60 meson install -C "$tap_out/installed/build" --quiet &&
    LD_LIBRARY_PATH=$lib XDG_DATA_DIRS=$tap_out/outside/share timeout 60 "$tap_out/outside/bin/count" process |
      grep -x '3 things, elsewhere'
}

# Without optimisation, which nobody looks at here.
configures_as_subproject ()
{
  copy subproject
  mkdir "$tap_out/subproject/subprojects" || return 1
  ln -s "$source_root" "$tap_out/subproject/subprojects/convoke"
  timeout 120 meson setup --wrap-mode=forcefallback -Dbuildtype=plain "$tap_out/subproject/build" "$tap_out/subproject"
}

# A subproject brings its library, its hosts and its modules, and no work that nobody wants.
is_only_what_is_wanted ()
{
  meson introspect --targets "$tap_out/subproject/build" | tr ',' '\n' | sed -n 's/.*"defined_in": "\(.*\)"/\1/p' >"$tap_out/targets"
  grep -q 'convoke/gobj/meson.build' "$tap_out/targets" &&
    ! grep -E 'convoke/(tests|bench|docs|examples)/' "$tap_out/targets" &&
    ! meson introspect --tests "$tap_out/subproject/build" | grep -F '"convoke'
}

builds_as_subproject ()
{
  timeout 480 ninja -C "$tap_out/subproject/build" count libshelf.so subprojects/convoke/tools/convoke-host \
    subprojects/convoke/gobj/libconvoke-typelib-1.0.so
}

runs_as_subproject ()
{
  timeout 60 meson devenv -C "$tap_out/subproject/build" meson test --no-rebuild --print-errorlogs
}

claim "meson install works into a DESTDIR" installs
claim "a project builds against the installed Convoke" builds_against_installed
claim "its component works at every distance" runs_installed
claim "it works where it is installed itself" runs_as_installed
claim "a project has Convoke as its subproject" configures_as_subproject
claim "a subproject has neither tests nor benchmarks, examples and pages" is_only_what_is_wanted
claim "a project builds with Convoke as its subproject" builds_as_subproject
claim "its component works at every distance, too" runs_as_subproject
finish
