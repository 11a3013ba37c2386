# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# TAP for the shell tests: source it, "claim TEXT COMMAND..." for each claim,
# "finish" at the end. What a failing command printed is shown as comments.

tap_count=0
tap_failed=0
tap_out=$(mktemp -d)
trap 'rm -rf "$tap_out"' EXIT

claim ()
{
  text=$1
  shift
  tap_count=$((tap_count + 1))
  if ("$@") >"$tap_out/output" 2>&1; then
    echo "ok $tap_count $text"
  else
    echo "not ok $tap_count $text"
    sed 's/^/# /' "$tap_out/output"
    tap_failed=1
  fi
}

skip ()
{
  tap_count=$((tap_count + 1))
  echo "ok $tap_count $1 # SKIP $2"
}

finish ()
{
  echo "1..$tap_count"
  exit $tap_failed
}
