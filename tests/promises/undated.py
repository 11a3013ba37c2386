#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lists what a GIR declares without documentation or without a Since."""

import sys
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
DECLARED = {CORE + tag for tag in ('class', 'interface', 'record', 'enumeration', 'bitfield', 'callback', 'function',
                                   'method', 'constructor', 'constant')}


def is_noise(element):
    """Class structs and private records: the scanner makes them, nobody calls them."""
    return any(name.endswith('is-gtype-struct-for') for name in element.attrib) or element.get('disguised') == '1'


def walk(element, path):
    for child in element:
        if child.tag not in DECLARED or is_noise(child):
            continue
        name = f'{path}.{child.get("name")}'
        in_record = element.tag == CORE + 'record'
        if child.find(CORE + 'doc') is None and not in_record:
            print(f'{name}: no documentation')
        if child.get('version') is None and not in_record:
            print(f'{name}: no Since')
        walk(child, name)


walk(ET.parse(sys.argv[1]).getroot().find(CORE + 'namespace'), 'Convoke')
