# SPDX-License-Identifier: LGPL-2.1-or-later
"""A plug-in in Python: the headings of a text in Markdown."""

import gi
gi.require_version('Viewer', '1')
from gi.repository import GObject, Viewer


class Outline(GObject.Object, Viewer.Plugin):
    __gtype_name__ = 'Outline'

    def do_run(self, document):
        headings = [line for line in document.get_text().splitlines() if line.startswith('#')]
        return '\n'.join(self._entry(line) for line in headings) or 'No headings'

    @staticmethod
    def _entry(line):
        title = line.lstrip('#')
        return '    ' * (len(line) - len(title) - 1) + '• ' + title.strip()
