# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where a server lives, and how one gets at it."""

import threading

import gi
gi.require_version('Convoke', '1')
from gi.repository import Convoke, GLib

from told import ConvokeTest
import servers

is_proxy = Convoke.is_proxy


class _Home:
    """A thread that runs a main context of its own."""

    def __init__(self):
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        self.context.push_thread_default()
        self.loop.run()
        self.context.pop_thread_default()

    def end(self):
        self.context.invoke_full(GLib.PRIORITY_DEFAULT, self.loop.quit)
        self.thread.join()


_homes = []


def create(server, distance, name):
    """server: 'c' or 'python'; distance: 'direct', 'thread' or 'process'."""
    Convoke.require('ConvokeTest', '1')
    object = getattr(ConvokeTest if server == 'c' else servers, name)()
    if distance == 'thread':
        _homes.append(_Home())
        Convoke.Apartment.new_for_context(_homes[-1].context).bind(object)
        object = Convoke.create_proxy(object)
    return object


def end():
    for home in _homes:
        home.end()
