# SPDX-License-Identifier: LGPL-2.1-or-later
"""The component that is called, in Python."""

import gi

gi.require_version('ConvokeBench', '1')

from gi.repository import ConvokeBench, GObject  # noqa: E402


class BenchAdder(GObject.Object, ConvokeBench.Echo):
    def do_add(self, number, text):
        return number + len(text)
