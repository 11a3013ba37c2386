#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: test-sources.sh SOURCE-ROOT
# What holds for every source file.

. "$(dirname "$0")/tap.sh"
cd "$1" || exit 1

# Every file of the project; build folders, however they are called, and git's own are none.
sources ()
{
  find . \( -path './build*' -o -name .git -o -path ./subprojects -o -name __pycache__ -o -type d -exec test -d '{}/meson-private' \; \) \
    -prune -o -type f "$@" -print
}

# Those that take a comment and so say their licence.
code ()
{
  sources \( -name '*.[chS]' -o -name '*.py' -o -name '*.sh' -o -name '*.js' -o -name '*.vala' -o -name 'meson.build' -o -path ./run \)
}

licence_in_first_lines ()
{
  missing=$(code | while read -r file; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: LGPL-2.1-or-later' || echo "$file"
  done)
  echo "$missing"
  test -z "$missing"
}

# The brackets keep the patterns from finding themselves.
no_machine_paths ()
{
  found=$(sources -size -1000k |
    xargs -d '\n' grep -nIE '/(wor[k]|hom[e]/[a-z]+|roo[t]|tm[p]/(wt|b-)[/a-z])/' /dev/null)
  echo "$found"
  test -z "$found"
}

no_tabs_or_trailing_space ()
{
  found=$(code | xargs -d '\n' grep -nIP '\t|[ ]+$' /dev/null)
  echo "$found"
  test -z "$found"
}

includes_only_the_public_header ()
{
  found=$(find examples bench docs -name '*.c' -exec grep -nE '#include .*convoke-[a-z-]+\.h' {} + 2>/dev/null |
    grep -v '<convoke-inet.h>')
  echo "$found"
  test -z "$found"
}

# What a reader of the documentation meets by name is told there.
rule_names='\b(CF|SV|CX|SY|SEC|OM|MF|RA|TA|WI|P)-[0-9]+\b'

cited_rules_are_told ()
{
  told=$(grep -oE '^\|[^|]*' docs/rules.md | grep -oE "$rule_names" | sort -u)
  missing=$(grep -rhoE "$rule_names" gobj callfactory marshal bindings components docs \
      --include='*.[ch]' --include='*.py' --include='*.md' |
    sort -u | grep -vxF -e "$told")
  echo "$missing"
  test -z "$missing"
}

# The largest folder says where what is.
every_unit_is_shown ()
{
  for file in callfactory/*.c; do
    unit=${file#callfactory/convoke-}
    grep -qF "\`${unit%.c}\`" callfactory/README.md || echo "$unit"
  done >"$tap_out/hidden"
  cat "$tap_out/hidden"
  test ! -s "$tap_out/hidden"
}

claim "every source file names its licence" licence_in_first_lines
claim "no file names a path of somebody's machine" no_machine_paths
claim "every rule that the documentation cites is told in docs/rules.md" cited_rules_are_told
claim "no tabs, no spaces at the end of a line" no_tabs_or_trailing_space
claim "examples and benchmarks include <convoke.h> and <convoke-inet.h> alone" includes_only_the_public_header
claim "callfactory/README.md says of every unit what it is" every_unit_is_shown
finish
