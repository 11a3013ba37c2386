#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-run.sh SOURCE-ROOT
# What ./run does about packages, with a machine made of functions.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tap.sh"
. "$1/run"

installed=""
user=0
sudo_works=no

dpkg-query () { for name in $installed; do echo "installed $name"; done; }
id () { echo $user; }
env () { shift; "$@"; }
apt-get () { echo "apt-get $*" >>"$tap_out/done"; }
sudo () { [ $sudo_works = yes ] || return 1; [ "$1" = -n ] && shift; [ "$1" = true ] || echo "by sudo" >>"$tap_out/done"; "$@"; }

all_packages () { awk '/^[^#]/ { sub (/\|.*/, "", $1); print $1 }' packages.debian; }
all_but () { all_packages | grep -vx "$1" | tr '\n' ' '; }

does_nothing_when_all_is_there ()
{
  installed=$(all_packages)
  install_packages test
  test ! -e "$tap_out/done"
}

installs_what_is_missing ()
{
  installed=$(all_but valgrind)
  install_packages test
  grep -qx 'apt-get update' "$tap_out/done" &&
    grep -qx 'apt-get install -y --no-install-recommends --no-remove valgrind' "$tap_out/done"
}

installs_for_the_command_only ()
{
  installed=$(all_but valgrind)
  install_packages demo
  test ! -e "$tap_out/done"
}

takes_an_alternative ()
{
  installed="$(all_but libcurl4-openssl-dev) libcurl4-gnutls-dev"
  install_packages build
  test ! -e "$tap_out/done"
}

uses_sudo ()
{
  installed=$(all_but meson)
  user=1000
  sudo_works=yes
  install_packages build
  grep -qx 'by sudo' "$tap_out/done" && grep -q 'apt-get install .* meson$' "$tap_out/done"
}

asks_without_rights ()
{
  installed=$(all_but meson)
  user=1000
  (install_packages build) >"$tap_out/said" 2>&1 </dev/null && return 1
  test "$(grep -c 'apt-get install .* meson$' "$tap_out/said")" = 1 && test ! -e "$tap_out/done"
}

every_package_says_why ()
{
  ! awk '/^[^#]/ && NF < 4 { print }' packages.debian | grep .
}

knows_its_commands ()
{
  "$root/run" help >"$tap_out/said" || return 1
  for command in demo desktop test bench build docs fuzz tsan clean help; do
    grep -q "^  $command" "$tap_out/said" || { echo "$command"; return 1; }
  done
  ! "$root/run" no-such-command >/dev/null 2>&1
}

# What meson is told where pkg-config finds nothing but the packages named.
configured_with ()
{
  pkg-config () { case " $found " in *" ${2%% *} "*) true ;; *) false ;; esac; }
  meson () { mkdir -p "$2" && echo "$*" >"$tap_out/configured"; }
  found=$1
  configure "$tap_out/build" >/dev/null && cat "$tap_out/configured"
}

needs_nothing_optional ()
{
  configured_with "libpeas-1.0" | grep -F -e '-Dpeas=enabled' | grep -qF -e '-Dinet=disabled' &&
    configured_with "libcurl" | grep -F -e '-Dpeas=disabled' | grep -qF -e '-Dinet=enabled'
}

fresh () { rm -f "$tap_out/done"; }

claim "it does nothing when all packages are there" does_nothing_when_all_is_there
fresh
claim "it installs what is missing, and only that" installs_what_is_missing
fresh
claim "it leaves alone what another command needs" installs_for_the_command_only
fresh
claim "an alternative package will do" takes_an_alternative
fresh
claim "a user with sudo installs by sudo" uses_sudo
fresh
claim "without rights it names the one line to ask for, and fails" asks_without_rights
claim "every package has a reason" every_package_says_why
claim "it builds without what is optional where that is not there" needs_nothing_optional
claim "help tells every command, and an unknown one fails" knows_its_commands
finish
