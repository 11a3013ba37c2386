#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: exported-symbols.sh LIBRARY
# The names that a shared library exports, sorted, one per line.
nm --dynamic --defined-only --extern-only "$1" | awk '{ print $NF }' | LC_ALL=C sort -u
