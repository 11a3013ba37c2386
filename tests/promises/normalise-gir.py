#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints a GIR without what is no API: documentation and places in sources."""

import sys
import xml.etree.ElementTree as ET

CORE = 'http://www.gtk.org/introspection/core/1.0'
NOT_API = {f'{{{CORE}}}{tag}' for tag in ('doc', 'doc-deprecated', 'doc-stability', 'doc-version', 'source-position')}


def strip(element):
    for child in list(element):
        if child.tag in NOT_API:
            element.remove(child)
        else:
            strip(child)
    element.text = element.tail = None


def main(path):
    ET.register_namespace('', CORE)
    ET.register_namespace('c', 'http://www.gtk.org/introspection/c/1.0')
    ET.register_namespace('glib', 'http://www.gtk.org/introspection/glib/1.0')
    root = ET.parse(path).getroot()
    strip(root)
    ET.indent(root, ' ')
    print(ET.tostring(root, encoding='unicode'))


if __name__ == '__main__':
    main(sys.argv[1])
