#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of codes and numbers in docs/errors.md is what the library says.

usage: error-table.py PAGE           tests it, as TAP
       error-table.py --update PAGE  writes it
"""

import re
import sys

import gi
gi.require_version('Convoke', '1')
from gi.repository import Convoke, GLib

FAMILIES = ['COM', 'MF', 'RPC', 'TAPI', 'INET']
START = '<!-- table -->\n'
END = '<!-- end of table -->\n'


def number(code, family):
    error = GLib.Error.new_literal(Convoke.error_quark(), '', code)
    status = Convoke.error_to_status(error, getattr(Convoke.ErrorFamily, family))
    return f'{status:08X}' if status > 0xFFFF else str(status)


def codes():
    """The enumeration's members, in the order of their values."""
    members = {int(value): name for name, value in vars(Convoke.Error).items() if isinstance(value, Convoke.Error)}
    return [(value, members[value]) for value in sorted(members)]


def table():
    lines = ['| code | name | ' + ' | '.join(FAMILIES) + ' |', '|---|---|' + '---|' * len(FAMILIES)]
    for value, name in codes():
        cells = [f'`{name}`', f'`{Convoke.error_get_name(value)}`'] + [number(value, family) for family in FAMILIES]
        lines.append('| ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines) + '\n'


def main(arguments):
    page = arguments[-1]
    with open(page, encoding='utf-8') as file:
        text = file.read()
    written = re.search(re.escape(START) + '(.*)' + re.escape(END), text, re.DOTALL)
    if arguments[0] == '--update':
        with open(page, 'w', encoding='utf-8') as file:
            file.write(text[:written.start(1)] + '\n' + table() + '\n' + text[written.end(1):])
        return 0
    good = written.group(1).strip() == table().strip()
    print('1..1')
    print(f'{"ok" if good else "not ok"} 1 the page\'s table of codes is what the library says (./run update-golden)')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
