# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the binding share."""

import gc
import itertools
import threading
import time
import unittest

import gi
gi.require_version('Convoke', '1')
gi.require_version('ConvokeTest', '1')
from gi.repository import Convoke, ConvokeTest, GLib, GObject

SECONDS = 20.0


def feed_class(**methods):
    """A class that implements in Python what ConvokeTest.Server implements in C.

    Never derive from one: PyGObject 3.42 puts the methods that a subclass overrides into the parent's interface.
    """
    return type('Feed%d' % next(_numbers), (GObject.Object, ConvokeTest.PriceFeed), dict(_FEED, **methods))


_numbers = itertools.count()


def _init(self):
    GObject.Object.__init__(self)
    self.threads = []
    self.notes = []


def _get_price(self, item):
    self.threads.append(threading.get_ident())
    if item == 'missing':
        raise GLib.Error.new_literal(ConvokeTest.error_quark(), 'No such item: missing',
                                     ConvokeTest.Error.NO_SUCH_ITEM)
    return 0.5 * len(item)


def _count_items(self):
    self.threads.append(threading.get_ident())
    return 42


_FEED = {
    '__module__': __name__,
    '__init__': _init,
    'currency': GObject.Property(type=str, default='EUR'),
    'do_get_price': _get_price,
    'do_get_price_slowly': _get_price,
    'do_count_items': _count_items,
    'do_describe': lambda self: 'a feed in Python',
    'do_note': lambda self, text: self.notes.append(text),
}

Feed = feed_class()
AnyFeed = Convoke.threading('any')(feed_class())
SerialFeed = Convoke.threading('serial')(feed_class())


class Case(unittest.TestCase):
    """Ends with nothing left over."""

    def setUp(self):
        gc.collect()
        self.servers = ConvokeTest.Server.count_live()

    def tearDown(self):
        self.assertComes(lambda: ConvokeTest.Server.count_live() == self.servers, 'a server leaked')

    def assertComes(self, condition, message=None):
        """Something holds soon: a worker lets go of an object after the caller has its result."""
        gc.collect()
        end = time.monotonic() + SECONDS
        while not condition() and time.monotonic() < end:
            time.sleep(0.001)
        self.assertTrue(condition(), message)

    def server(self, gate=None, threading=Convoke.Threading.ANY):
        """A server in C."""
        server = ConvokeTest.Server.new()
        server.set_gate(gate)
        apartment = (Convoke.Apartment.dup_any() if threading == Convoke.Threading.ANY
                     else Convoke.Apartment.new_serial() if threading == Convoke.Threading.SERIAL
                     else Convoke.Apartment.new_for_context(None))
        apartment.bind(server)
        return server

    def assertError(self, code, function, *args, **kwargs):
        with self.assertRaises(GLib.Error) as caught:
            function(*args, **kwargs)
        self.assertCode(caught.exception, code)
        return caught.exception

    def assertCode(self, error, code):
        domain = Convoke.error_quark() if isinstance(code, Convoke.Error) else ConvokeTest.error_quark()
        self.assertTrue(error.matches(domain, code), str(error))
