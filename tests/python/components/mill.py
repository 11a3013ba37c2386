# SPDX-License-Identifier: LGPL-2.1-or-later
"""A component that works on pipes."""

import gi
gi.require_version('Convoke', '1')
gi.require_version('ConvokeTestMill', '1')
from gi.repository import Convoke, ConvokeTestMill, GLib, GObject


@Convoke.threading('serial')
class Mill(GObject.Object, ConvokeTestMill.Mill):
    def do_take(self, input):
        return sum(len(chunk) if isinstance(chunk, bytes) else 1 for chunk in input)

    def do_give(self, output, n, size):
        for i in range(n):
            output.push(bytes([i % 256]) * size)
        output.end()
        return True

    def do_grind(self, input, output):
        data = b''.join(input)
        output.push(data)
        output.end()
        return len(data)

    def do_work(self, what, pipe):
        if what == 'pull':
            return len(pipe.pull())
        if what == 'abort':
            pipe.abort(GLib.Error.new_literal(GLib.quark_from_string('mill'), 'the millstone broke', 3))
        return 0
