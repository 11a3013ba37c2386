# SPDX-License-Identifier: LGPL-2.1-or-later
"""Aggregates, seen from Python and made of parts in Python."""

import os
import tempfile
import threading

import tap
from convoke_case import Case, Convoke, ConvokeTest, Feed, feed_class, GLib, GObject
from gi.repository import Gio

PriceFeed = ConvokeTest.PriceFeed


class Document(Convoke.Component):
    title = GObject.Property(type=str, default='untitled')

    def greet(self):
        return 'This is ' + self.title


def lines(n):
    store = Gio.ListStore(item_type=GObject.Object)
    for _ in range(n):
        store.append(GObject.Object())
    return store


class Compose(Case):
    def test_one_object(self):
        """OM-14: an aggregate of an outer in Python and parts in C has the methods of all of them"""
        document = Convoke.compose(Document, lines(3), Gio.SimpleAction.new('save', None), title='notes')
        self.assertIsInstance(document, Document)
        self.assertIsInstance(document, Gio.ListModel)
        self.assertIsInstance(document, Gio.Action)
        self.assertEqual((document.get_n_items(), document.get_name(), document.greet()), (3, 'save', 'This is notes'))

    def test_part_in_python(self):
        """A part in Python is called, and its exceptions arrive as errors"""
        def fail(self, item):
            raise KeyError(item)

        document = Convoke.compose(Document, feed_class(do_get_price=fail)())
        self.assertEqual(document.count_items(), 42)
        with self.assertRaises(GLib.Error) as caught:
            document.get_price('tea')
        self.assertTrue(caught.exception.matches(Convoke.error_quark(), Convoke.Error.SERVER_FAULT))

    def test_properties(self):
        """Properties of a part are the aggregate's, and their changes are told"""
        feed = Feed()
        document = Convoke.compose(Document, feed)
        told = []
        document.connect('notify::currency', lambda *args: told.append(args[0]))
        document.props.currency = 'SEK'
        self.assertEqual((feed.currency, document.props.currency), ('SEK', 'SEK'))
        self.assertEqual(told, [document])

    def test_signals(self):
        """A part's signal is the aggregate's"""
        store = lines(0)
        document = Convoke.compose(Document, store)
        heard = []
        document.connect('items-changed', lambda *args: heard.append(args))
        store.append(GObject.Object())
        self.assertEqual(heard, [(document, 0, 0, 1)])

    def test_named(self):
        """OM-22: of a part that is named for an interface the others are not there"""
        document = Convoke.compose(Document, (ConvokeTest.Server.new(), PriceFeed))
        self.assertIsInstance(document, PriceFeed)
        self.assertNotIsInstance(document, ConvokeTest.Every)

    def test_two_givers(self):
        """Two parts for one interface are an error"""
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.compose, Document, lines(1), lines(2))

    def test_reserved(self):
        """A reserved interface is filled by a part in Python"""
        document = Convoke.compose(Document, reserve=[PriceFeed])
        self.assertError(Convoke.Error.NO_INTERFACE, document.get_price, 'tea')
        self.assertTrue(document.fill(Feed()))
        self.assertEqual(document.get_price('oolong'), 3.0)

    def test_part_is_the_aggregate(self):
        """OM-14: a part answers as its aggregate"""
        feed = Feed()
        document = Convoke.compose(Document, feed)
        self.assertIs(Convoke.query_interface(feed, PriceFeed.__gtype__), document)
        self.assertTrue(Convoke.same_object(feed, document))

    def test_property_without_value(self):
        """A property of the outer can be None at its construction"""
        self.assertIsNone(Convoke.compose(Document, lines(1), title=None).title)

    def test_not_an_outer(self):
        """A class that is not derived from Component is refused"""
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.compose, GObject.Object, lines(1))

    def test_from_a_thread(self):
        """The same aggregate is called from another thread, through its proxy"""
        document = Convoke.compose(Document, lines(2), Feed())
        proxy = Convoke.create_proxy(document)
        answers = []

        def ask():
            answers.append((proxy.get_n_items(), proxy.get_price('oolong')))
            GLib.MainContext.default().wakeup()

        thread = threading.Thread(target=ask)
        thread.start()
        while not answers:
            GLib.MainContext.default().iteration(True)
        thread.join()
        self.assertEqual(answers, [(2, 3.0)])

    def test_activated(self):
        """A factory can give aggregates: a class of the program is made of parts"""
        with Convoke.register_class('org.example.Composed', lambda: Convoke.compose(Document, lines(1), Feed())):
            document = Convoke.activate('org.example.Composed', PriceFeed)
            self.assertEqual(document.count_items(), 42)
            self.assertEqual(document.get_n_items(), 1)


KEYFILE = """[Component]
Interfaces=Gio-2.0.ListModel;ConvokeTest-1.Partner;ConvokeTest-1.PriceFeed;
Module=%s
Type=Aggregate
"""


class Distances(Case):
    """One aggregate of three parts in C, wherever it lives."""

    def setUp(self):
        super().setUp()
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        with open(os.path.join(self.directory.name, 'test.Aggregate.component'), 'w') as file:
            file.write(KEYFILE % os.environ['CONVOKE_TEST_AGGREGATE_MODULE'])
        self.catalog = Convoke.Catalog.new([self.directory.name])

    def check(self, distance):
        object = Convoke.activate('test.Aggregate', catalog=self.catalog, distance=distance, placement='must')
        for interface in (Gio.ListModel, ConvokeTest.Partner, PriceFeed):
            self.assertTrue(Convoke.same_object(Convoke.query_interface(object, interface.__gtype__), object))
        self.assertEqual((object.get_n_items(), object.count_items()), (3, 42))
        object.props.currency = 'ISK'
        self.assertEqual(object.props.currency, 'ISK')

    def test_here(self):
        """An aggregate of this process is called from Python"""
        self.check('in-process')

    def test_thread(self):
        """An aggregate on a thread of its own is called from Python"""
        self.check('thread')

    def test_process(self):
        """An aggregate in another process is called from Python"""
        self.check('process')


if __name__ == '__main__':
    tap.main()
