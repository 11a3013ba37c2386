#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page of what is covered keeps its word: what serves a feature is in the API, and what proves it is a test.

usage: test-coverage.py SOURCE-ROOT GIR...
"""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

# How the pages link to what a GIR has, by the kind of the link.
TYPES = {
    'class': 'class', 'iface': 'interface', 'struct': 'record', 'callback': 'callback', 'enum': 'enumeration',
    'flags': 'bitfield', 'error': 'enumeration', 'const': 'constant',
}
MEMBERS = {'method': 'method', 'ctor': 'constructor', 'func': 'function', 'vfunc': 'virtual-method'}

Row = collections.namedtuple('Row', 'line section there here proof')


# ---- the page ----

def rows(page):
    section = ''
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith('## '):
            section = line[3:]
        cells = [cell.strip() for cell in line.strip('|').split('|')] if line.startswith('| ') else []
        if cells and cells[0] != 'There':
            yield Row(number, section, *(cells + ['', ''])[:3])


def wrong_cells(page):
    return [f'line {number}: {line}' for number, line in enumerate(page.splitlines(), 1)
            if line.startswith('|') and line.count('|') != 4]


def twice(table):
    count = collections.Counter((row.section, row.there) for row in table)
    return [f'{section}: {there}' for (section, there), n in count.items() if n > 1]


def named_tests(row):
    return re.findall(r'`(/[a-z]+/[\w/-]+)`', row.proof)


def unproven(table):
    """Rows that say neither what serves and proves them, nor in a few words why not."""
    return [f'line {row.line}: {row.there}' for row in table
            if not (named_tests(row) and len(row.here) > 1) and len(row.proof.split()) < 4]


# ---- the API ----

def members(namespace, type_name, node):
    for kind, tag in MEMBERS.items():
        for member in node.findall(CORE + tag):
            yield f'{kind}@{namespace}.{type_name}.{member.get("name")}'
    for member in node.findall(CORE + 'property'):
        yield f'property@{namespace}.{type_name}:{member.get("name")}'
    for member in node.findall(GLIB + 'signal'):
        yield f'signal@{namespace}.{type_name}::{member.get("name")}'


def api(gir):
    """All names in a GIR: as links have them, and as C has them."""
    tree = xml.etree.ElementTree.parse(gir)
    names = set()
    for node in tree.iter():
        for key in (C + 'identifier', C + 'type', C + 'symbol'):
            names.add(node.get(key))
    for namespace in tree.iter(CORE + 'namespace'):
        name = namespace.get('name')
        names.update(f'func@{name}.{function.get("name")}' for function in namespace.findall(CORE + 'function'))
        for kind, tag in TYPES.items():
            for node in namespace.findall(CORE + tag):
                names.add(f'{kind}@{name}.{node.get("name")}')
                names.add(f'type@{name}.{node.get("name")}')
                names.update(members(name, node.get('name'), node))
    return names


def named_api(cell):
    """Links, constants, and functions and types of ours between backticks."""
    found = re.findall(r'\[(\w+@\w+[\w.:-]+)\]', cell)
    found += re.findall(r'%(CONVOKE_\w+)', cell)
    return found + re.findall(r'`((?:convoke_\w+|Convoke\w+))(?: ?\(\))?`', cell)


def unknown_names(table, names):
    return [f'line {row.line}: {name}' for row in table for cell in (row.here, row.proof)
            for name in named_api(cell) if name not in names]


# ---- the tests ----

class Tests:
    """The texts in which names of tests are looked for: a path can be put together from strings of one file."""

    def __init__(self, root):
        self._texts = [path.read_text(encoding='utf-8') for path in sorted((root / 'tests').rglob('*'))
                       if path.suffix in ('.c', '.h', '.py') and 'lib' not in path.relative_to(root).parts]

    def has(self, path):
        parts = path.split('/')
        cuts = [('/'.join(parts[:i]) + '/', '/'.join(parts[i:])) for i in range(2, len(parts))]
        return any(self._quoted(text, path) or self._of_python(text, parts)
                   or self._formatted(text, path) or any(self._put_together(text, *cut) for cut in cuts)
                   for text in self._texts)

    @staticmethod
    def _quoted(text, path):
        return f'"{path}"' in text or f"'{path}'" in text

    @staticmethod
    def _put_together(text, first, rest):
        return f'"{first}"' in text and f'"{rest}"' in text

    @staticmethod
    def _formatted(text, path):
        """By a format such as "/a/b/%s", whose parts are named elsewhere in the file."""
        for form in set(re.findall(r'"(/[\w/%-]*%s[\w/%-]*)"', text)):
            match = re.fullmatch(re.escape(form).replace('%s', r'([\w-]+)'), path)
            if match and all(f'"{part}"' in text for part in match.groups()):
                return True
        return False

    @staticmethod
    def _of_python(text, parts):
        """/python/Class/test_method."""
        return (parts[1] == 'python' and len(parts) == 4 and f'class {parts[2]}(' in text
                and f'    def {parts[3]}(' in text)


def missing_tests(table, tests):
    return [f'line {row.line}: {test}' for row in table for test in named_tests(row) if not tests.has(test)]


def tell(number, name, wrong):
    print(f'{"not ok" if wrong else "ok"} {number} {name}')
    for line in wrong:
        print('#', line)
    return not wrong


def main(root, *girs):
    root = pathlib.Path(root)
    page = (root / 'docs/coverage.md').read_text(encoding='utf-8')
    table = list(rows(page))
    names = set().union(*map(api, girs))
    claims = [
        ('each row of the page has three cells', wrong_cells(page)),
        ('no feature is there twice', twice(table)),
        ('each feature has what serves it and a test, or a reason', unproven(table)),
        ('what the page names is in the API', unknown_names(table, names)),
        ('the tests that the page names are there', missing_tests(table, Tests(root))),
    ]
    print(f'1..{len(claims)}')
    return 0 if all([tell(number, *claim) for number, claim in enumerate(claims, 1)]) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
