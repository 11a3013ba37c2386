# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the binding share."""

import gc
import threading
import unittest

import gi
gi.require_version('Convoke', '1')
gi.require_version('ConvokeTest', '1')
from gi.repository import Convoke, ConvokeTest, GLib, GObject

SECONDS = 20.0


class Feed(GObject.Object, ConvokeTest.PriceFeed):
    """Implements in Python what ConvokeTest.Server implements in C."""

    currency = GObject.Property(type=str, default='EUR')

    def __init__(self):
        super().__init__()
        self.threads = []
        self.notes = []

    def do_get_price(self, item):
        self.threads.append(threading.get_ident())
        if item == 'missing':
            raise GLib.Error.new_literal(ConvokeTest.error_quark(), 'No such item: missing',
                                         ConvokeTest.Error.NO_SUCH_ITEM)
        return 0.5 * len(item)

    def do_get_price_slowly(self, item):
        return self.do_get_price(item)

    def do_count_items(self):
        self.threads.append(threading.get_ident())
        return 42

    def do_describe(self):
        return 'a feed in Python'

    def do_note(self, text):
        self.notes.append(text)


@Convoke.threading('any')
class AnyFeed(Feed):
    """Its methods run on any thread."""


@Convoke.threading('serial')
class SerialFeed(Feed):
    """Its methods run on one thread at a time."""


class Case(unittest.TestCase):
    """Ends with nothing left over."""

    def setUp(self):
        gc.collect()
        self.servers = ConvokeTest.Server.count_live()

    def tearDown(self):
        gc.collect()
        self.assertEqual(ConvokeTest.Server.count_live(), self.servers, 'a server leaked')

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
