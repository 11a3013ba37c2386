# SPDX-License-Identifier: LGPL-2.1-or-later
import contextlib
import io
import os
import threading

import tap
from convoke_case import Case, Convoke, ConvokeTest, Feed, GLib, GObject, SerialFeed
from gi.repository import Gio

TEA = 'org.example.RunTimeTea'
PriceFeed = ConvokeTest.PriceFeed


class TeaFactory(GObject.Object, Convoke.ClassFactory):
    """A class object in Python, which notes what it is asked for."""

    def __init__(self, make=Feed):
        GObject.Object.__init__(self)
        self.make = make
        self.asked = []

    def do_create_instance(self, outer, iface):
        self.asked.append((outer, iface))
        return self.make()


@Convoke.threading('serial')
class SerialFactory(TeaFactory):
    pass


def fail_with_error():
    raise GLib.Error.new_literal(ConvokeTest.error_quark(), 'no water', ConvokeTest.Error.HELD)


def fail_with_exception():
    raise KeyError('water')


class Register(Case):
    def test_class(self):
        """A class in Python is registered and activated, and unknown again after the block"""
        with Convoke.register_class(TEA, Feed):
            self.assertEqual(Convoke.activate(TEA, PriceFeed).get_price('oolong'), 3.0)
        self.assertError(Convoke.Error.NO_CLASS, Convoke.activate, TEA, PriceFeed)

    def test_factory(self):
        """OM-26, OM-38: a class factory in Python is asked for the interface that is wanted"""
        factory = TeaFactory()
        with Convoke.register_class(TEA, factory):
            feed = Convoke.activate(TEA, PriceFeed)
            self.assertEqual(feed.count_items(), 42)
        self.assertEqual(factory.asked, [(None, PriceFeed.__gtype__)])

    def test_function(self):
        """Any function that makes an instance will do"""
        with Convoke.register_class(TEA, lambda: Gio.ListStore(item_type=GObject.Object)):
            self.assertEqual(Convoke.activate(TEA, Gio.ListModel).get_n_items(), 0)

    def test_class_of_c(self):
        """A class in C, too"""
        with Convoke.register_class(TEA, ConvokeTest.Server):
            self.assertEqual(Convoke.activate(TEA, PriceFeed).count_items(), 42)

    def test_revoke(self):
        """OM-26: what was revoked cannot be revoked again; the block does not mind"""
        with Convoke.register_class(TEA, Feed) as registration:
            registration.revoke()
            self.assertTrue(registration.revoked)
            self.assertError(Convoke.Error.NOT_REGISTERED, registration.revoke)

    def test_single_use(self):
        """OM-28: a single-use registration serves once"""
        with Convoke.register_class(TEA, Feed, single_use=True):
            Convoke.activate(TEA, PriceFeed)
            self.assertError(Convoke.Error.NO_CLASS, Convoke.activate, TEA, PriceFeed)

    def test_suspended(self):
        """OM-34: a suspended class is there after a resume"""
        with Convoke.register_class(TEA, Feed, suspended=True):
            self.assertError(Convoke.Error.NO_CLASS, Convoke.activate, TEA, PriceFeed)
            Convoke.resume_class_objects()
            self.assertIsNotNone(Convoke.activate(TEA, PriceFeed))

    def test_wrong(self):
        """What makes no instances, and what is no name, is refused"""
        with self.assertRaises(TypeError):
            Convoke.register_class(TEA, 'tea')
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.register_class, '../tea', Feed)

    def test_placement(self):
        """D8: it tells that it was registered at run time, and no file"""
        with Convoke.register_class(TEA, Feed):
            placement = Convoke.dup_placement(Convoke.activate(TEA, PriceFeed, distance='process'))
        self.assertEqual((placement['distance'], placement['wanted']), ('in-process', 'process'))
        self.assertNotIn('file', placement)


class Fails(Case):
    def assertFails(self, make, domain, code, words):
        for maker in (make, TeaFactory(make)):
            with Convoke.register_class(TEA, maker), self.assertRaises(GLib.Error) as caught:
                Convoke.activate(TEA, PriceFeed)
            self.assertTrue(caught.exception.matches(domain, code), str(caught.exception))
            self.assertIn(words, caught.exception.message)

    def test_error(self):
        """A GLib.Error of the factory arrives as it is"""
        self.assertFails(fail_with_error, ConvokeTest.error_quark(), ConvokeTest.Error.HELD, 'no water')

    def test_exception(self):
        """Any other exception is SERVER_FAULT, with its words"""
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertFails(fail_with_exception, Convoke.error_quark(), Convoke.Error.SERVER_FAULT, 'KeyError')

    def test_nothing(self):
        """OM-25: a factory that gives None is SERVER_FAULT"""
        self.assertFails(lambda: None, Convoke.error_quark(), Convoke.Error.SERVER_FAULT, 'made no instance')

    def test_no_object(self):
        """OM-25: a factory that gives what is no object is SERVER_FAULT, which says what it gave"""
        self.assertFails(lambda: 5, Convoke.error_quark(), Convoke.Error.SERVER_FAULT, 'made 5, which is no object')

    def test_interface(self):
        """OM-25: an instance without the interface is NO_INTERFACE"""
        self.assertFails(Gio.Cancellable, Convoke.error_quark(), Convoke.Error.NO_INTERFACE, 'GCancellable')

    def test_no_factory(self):
        """OM-30: a class object that is no factory is had by itself and activates nothing"""
        store = Gio.ListStore()
        with Convoke.register_class(TEA, store):
            self.assertError(Convoke.Error.NO_INTERFACE, Convoke.activate, TEA, PriceFeed)
            catalog = Convoke.Catalog.dup_default()
            self.assertIs(catalog.dup_class_object(TEA, GObject.Object, None), store)

    def test_outer(self):
        """OM-18: what register_class() makes of a class is no part of others, whatever is asked for"""
        with Convoke.register_class(TEA, Feed):
            factory = Convoke.Catalog.dup_default().dup_class_object(TEA, Convoke.ClassFactory, None)
            outer = Convoke.Component()
            for iface in (GObject.Object, PriceFeed):
                self.assertError(Convoke.Error.NO_AGGREGATION, factory.create_instance, outer, iface)


class Elsewhere(Case):
    def test_thread(self):
        """D11: what belongs to another thread's context than the caller's is a proxy there"""
        found = []
        with Convoke.register_class(TEA, SerialFeed):
            thread = threading.Thread(target=lambda: found.append(Convoke.activate(TEA, PriceFeed)))
            thread.start()
            thread.join()
        self.assertTrue(Convoke.is_proxy(found[0]))
        self.assertEqual(found[0].get_price('oolong'), 3.0)


class Keyfile(Case):
    def test_class_object(self):
        """OM-39: the class object of a class in Python that has a keyfile makes its instances, and no parts"""
        catalog = Convoke.Catalog.new([os.path.join(os.path.dirname(os.path.abspath(__file__)), 'components')])
        factory = catalog.dup_class_object('org.example.TeaFeed', Convoke.ClassFactory, None)
        self.assertEqual(factory.create_instance(None, PriceFeed).get_price('oolong'), 1.5)
        self.assertError(Convoke.Error.NO_AGGREGATION, factory.create_instance, Convoke.Component(), GObject.Object)


class Proxy(Case):
    def test_lock(self):
        """OM-43: a lock of a factory's proxy asks nobody, and keeps the proxy"""
        factory = SerialFactory()
        proxy = Convoke.create_proxy(factory)
        self.assertTrue(Convoke.is_proxy(proxy))
        proxy.lock_server(True)
        self.assertTrue(Convoke.server_process_is_in_use())
        proxy.lock_server(False)
        self.assertFalse(Convoke.server_process_is_in_use())
        self.assertEqual(factory.asked, [])

    def test_create(self):
        """A factory makes instances through its proxy, too"""
        proxy = Convoke.create_proxy(SerialFactory())
        self.assertEqual(proxy.create_instance(None, PriceFeed).count_items(), 42)


class Interfaces(Case):
    def test_partial(self):
        """OM-38: each interface has its own answer"""
        with Convoke.register_class(TEA, Feed):
            answers = Convoke.activate_interfaces(TEA, PriceFeed, Gio.ListModel)
            self.assertFalse(answers.is_complete())
            self.assertEqual(answers[PriceFeed].get_price('oolong'), 3.0)
            with self.assertRaises(GLib.Error) as caught:
                answers[Gio.ListModel]
            self.assertCode(caught.exception, Convoke.Error.NO_INTERFACE)

    def test_none(self):
        """OM-38: none of them is NO_INTERFACE"""
        with Convoke.register_class(TEA, Gio.Cancellable):
            self.assertError(Convoke.Error.NO_INTERFACE, Convoke.activate_interfaces, TEA, PriceFeed, Gio.ListModel)


class Process(Case):
    def test_count(self):
        """OM-35: the use count; at its end activations are SERVER_STOPPING"""
        with Convoke.register_class(TEA, Feed):
            self.assertEqual((Convoke.server_process_hold(), Convoke.server_process_release()), (1, 0))
            self.assertError(Convoke.Error.SERVER_STOPPING, Convoke.activate, TEA, PriceFeed)
            Convoke.resume_class_objects()
            self.assertIsNotNone(Convoke.activate(TEA, PriceFeed))

    def test_lock(self):
        """OM-40: a factory in Python is locked and unlocked, in balance"""
        factory = TeaFactory()
        factory.lock_server(True)
        self.assertTrue(Convoke.server_process_is_in_use())
        factory.lock_server(False)
        self.assertFalse(Convoke.server_process_is_in_use())
        self.assertError(Convoke.Error.UNEXPECTED, factory.lock_server, False)


if __name__ == '__main__':
    tap.main()
