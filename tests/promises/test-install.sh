#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-install.sh SOURCE-ROOT BUILD-DIR PYTHON CC PREFIX LIBDIR LIBEXECDIR
# What "meson install" puts in place is whole: a program and a script that see
# nothing else work.

. "$(dirname "$0")/tap.sh"
source_root=$1
build=$2
python=$3
cc=$4
prefix=$5
libdir=$6
libexecdir=$7

tree=$tap_out/tree
lib=$tree$prefix/$libdir

# The tests run in an environment that finds the uninstalled parts.
unset GI_TYPELIB_PATH LD_LIBRARY_PATH CONVOKE_MODULE_PATH CONVOKE_HOST_PATH PYTHONPATH PKG_CONFIG_PATH

installs ()
{
  DESTDIR=$tree meson install -C "$build" --no-rebuild --quiet
}

has_every_header ()
{
  sed -n 's/^#include <\(convoke-.*\.h\)>/\1/p' "$source_root/convoke.h" >"$tap_out/headers"
  test -s "$tap_out/headers" || return 1
  while read -r header; do
    test -f "$tree$prefix/include/convoke-1/$header" || { echo "missing: $header"; return 1; }
  done <"$tap_out/headers"
  ! find "$tree" -name '*-private.h' | grep .
}

has_every_part ()
{
  for part in "$lib/libconvoke-1.so" "$lib/libconvoke-1.so.0" "$lib/pkgconfig/convoke-1.pc" \
    "$lib/girepository-1.0/Convoke-1.typelib" "$tree$prefix/share/gir-1.0/Convoke-1.gir" \
    "$tree$prefix/$libexecdir/convoke-1/convoke-host" "$tree$prefix/$libexecdir/convoke-1/convoke-host-python" \
    "$tree$prefix/bin/convoke"; do
    test -e "$part" || { echo "missing: $part"; return 1; }
  done
  modules=$(find "$lib/convoke-1" -name '*.so' | wc -l)
  echo "$modules modules"
  test "$modules" -ge 2
}

# What is loaded at run time; information for debuggers may name the place.
has_no_build_paths ()
{
  ! find "$tree" -type f \( -name '*.pc' -o -name '*.gir' -o -name '*.py' \) -exec grep -HF "$build" {} + &&
    ! find "$tree" -type f -name '*.so*' -exec strings --data -f {} + | grep -F "$build" &&
    ! find "$tree" -type f -name '*.so*' -exec readelf -dW {} + | grep -E 'R(UN)?PATH'
}

# The .pc file of the tree, as if the tree were the root.
compile ()
{
  mkdir -p "$tap_out/pc"
  sed "s|^prefix=.*|prefix=$tree$prefix|" "$lib/pkgconfig/convoke-1.pc" >"$tap_out/pc/convoke-1.pc"
  cat >"$tap_out/program.c" <<'END'
#include <convoke.h>

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  guint n_items = 7;

  g_list_store_append (store, store);
  if (!convoke_require ("Gio", "2.0", &error) ||
      !(call = convoke_create_call (G_OBJECT (store), G_TYPE_LIST_MODEL, &error)) ||
      !convoke_call_begin (call, "get_n_items", &error) ||
      !convoke_call_wait (call, 10 * G_USEC_PER_SEC, &error) ||
      !convoke_call_finish (call, "get_n_items", &error, &n_items))
    g_error ("%s", error->message);
  g_list_store_remove_all (store);
  return n_items == 1 ? 0 : 1;
}
END
  flags=$(PKG_CONFIG_PATH=$tap_out/pc pkg-config --cflags --libs convoke-1) || return 1
  # shellcheck disable=SC2086 # lists of words
  $cc -Wall -Wextra -Wno-unused-parameter -Werror -o "$tap_out/program" "$tap_out/program.c" $flags
}

runs ()
{
  LD_LIBRARY_PATH=$lib "$tap_out/program"
}

# A program can know where the library is by itself; what it starts has to, too.
host_runs ()
{
  env -i "$tree$prefix/$libexecdir/convoke-1/convoke-host" 2>&1 | grep -F 'descriptor 3 is no socket'
}

runs_python ()
{
  override=$(find "$tree" -path '*/gi/overrides/Convoke.py')
  test -n "$override" || { echo "no override"; return 1; }
  site=$(dirname "$(dirname "$(dirname "$override")")")
  cat >"$tap_out/program.py" <<'END'
import gi
gi.require_version('Convoke', '1')
from gi.repository import Convoke, Gio
store = Gio.ListStore()
store.append(Gio.SimpleAction.new('a', None))
call = Convoke.create_call(store, Gio.ListModel)
call.begin_get_n_items()
call.wait(timeout=10.0)
assert call.finish_get_n_items() == 1
END
  LD_LIBRARY_PATH=$lib GI_TYPELIB_PATH=$lib/girepository-1.0 PYTHONPATH=$site \
    "$python" "$tap_out/program.py"
}

# The hosts are found from where the library is; the component is the script itself, made elsewhere.
activates_python ()
{
  override=$(find "$tree" -path '*/gi/overrides/Convoke.py')
  site=$(dirname "$(dirname "$(dirname "$override")")")
  mkdir -p "$tap_out/components"
  cat >"$tap_out/components/installed.Store.component" <<'END'
[Component]
Interfaces=Gio-2.0.ListModel
Loader=python
Module=installed_store
Type=Store
Distance=process
Placement=must
END
  cat >"$tap_out/components/installed_store.py" <<'END'
from gi.repository import Gio, GObject
class Store(GObject.Object, Gio.ListModel):
    def do_get_n_items(self):
        import os
        return os.getpid()
END
  cat >"$tap_out/activate.py" <<'END'
import os
import gi
gi.require_version('Convoke', '1')
from gi.repository import Convoke, Gio
catalog = Convoke.Catalog.new([os.environ['COMPONENTS']])
store = Convoke.activate('installed.Store', Gio.ListModel, catalog=catalog)
assert store.get_n_items() not in (0, os.getpid())
END
  COMPONENTS=$tap_out/components \
    LD_LIBRARY_PATH=$lib GI_TYPELIB_PATH=$lib/girepository-1.0 PYTHONPATH=$site \
    "$python" "$tap_out/activate.py"
}

# A C++ program may include the headers.
compiles_as_cxx ()
{
  flags=$(PKG_CONFIG_PATH=$tap_out/pc pkg-config --cflags convoke-1) || return 1
  echo '#include <convoke.h>' >"$tap_out/program.cc"
  # shellcheck disable=SC2086 # lists of words
  c++ -Wall -Werror -fsyntax-only "$tap_out/program.cc" $flags
}

# Each header says what it needs, and is not to be included alone.
headers_are_guarded ()
{
  flags=$(PKG_CONFIG_PATH=$tap_out/pc pkg-config --cflags convoke-1) || return 1
  echo '#include <convoke-event.h>' >"$tap_out/alone.c"
  # shellcheck disable=SC2086 # lists of words
  ! $cc -fsyntax-only "$tap_out/alone.c" $flags
}

has_inet ()
{
  sed -n 's/^#include <\(convoke-inet-.*\.h\)>/\1/p' "$source_root/components/inet/convoke-inet.h" >"$tap_out/inet-headers"
  test -s "$tap_out/inet-headers" || return 1
  while read -r header; do
    test -f "$tree$prefix/include/convoke-1/$header" || { echo "missing: $header"; return 1; }
  done <"$tap_out/inet-headers"
  for part in "$lib/libconvoke-inet-1.so.0" "$lib/girepository-1.0/ConvokeInet-1.typelib" "$tree$prefix/share/gir-1.0/ConvokeInet-1.gir"; do
    test -e "$part" || { echo "missing: $part"; return 1; }
  done
}

# It begins nothing: what is no URL is refused.
inet_in_c ()
{
  sed "s|^prefix=.*|prefix=$tree$prefix|" "$lib/pkgconfig/convoke-inet-1.pc" >"$tap_out/pc/convoke-inet-1.pc"
  cat >"$tap_out/inet.c" <<'END'
#include <convoke-inet.h>

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeInetSession) session = convoke_inet_session_new ("installed", FALSE, NULL);
  ConvokeHandleOutcome outcome = convoke_inet_session_open_url (session, "no url", NULL, CONVOKE_INET_REQUEST_NONE, 0, NULL, &error);

  return outcome == CONVOKE_HANDLE_OUTCOME_FAILED && g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT) ? 0 : 1;
}
END
  flags=$(PKG_CONFIG_PATH=$tap_out/pc pkg-config --cflags --libs convoke-inet-1) || return 1
  # shellcheck disable=SC2086 # lists of words
  $cc -Wall -Wextra -Wno-unused-parameter -Werror -o "$tap_out/inet" "$tap_out/inet.c" $flags &&
    LD_LIBRARY_PATH=$lib "$tap_out/inet"
}

inet_in_python ()
{
  override=$(find "$tree" -path '*/gi/overrides/Convoke.py')
  cat >"$tap_out/inet.py" <<'END'
import gi
gi.require_version('ConvokeInet', '1')
from gi.repository import Convoke, ConvokeInet, GLib
session = ConvokeInet.Session.new('installed', False)
try:
    session.open_url('no url', None, ConvokeInet.RequestFlags.NONE, 0)
except GLib.Error as error:
    assert error.matches(Convoke.error_quark(), Convoke.Error.INVALID_ARGUMENT)
else:
    raise AssertionError
END
  LD_LIBRARY_PATH=$lib GI_TYPELIB_PATH=$lib/girepository-1.0 PYTHONPATH=$(dirname "$(dirname "$(dirname "$override")")") \
    "$python" "$tap_out/inet.py"
}

# claim_inet TEXT COMMAND: of a module that is only there with libcurl.
claim_inet ()
{
  if [ -e "$build/components/inet/libconvoke-inet-1.so" ]; then
    claim "$@"
  else
    skip "$1" "built without libcurl"
  fi
}

claim "meson install works into a DESTDIR" installs
claim "every header of convoke.h is installed, and no private one" has_every_header
claim "library, .pc, GIR, typelib and modules are installed" has_every_part
claim "nothing installed names the build folder" has_no_build_paths
claim "a program compiles against the installed .pc" compile
claim "that program runs with what is installed" runs
claim "the host finds the library that it was installed with" host_runs
claim "a script runs with the installed typelib and override" runs_python
claim "a component becomes one of another process with what is installed" activates_python
claim "the headers compile as C++" compiles_as_cxx
claim "a single header cannot be included" headers_are_guarded
claim_inet "the module for HTTP is installed, whole" has_inet
claim_inet "a program compiles against convoke-inet-1.pc, and runs" inet_in_c
claim_inet "a script finds ConvokeInet" inet_in_python
finish
