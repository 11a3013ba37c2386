# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import os
import subprocess
import sys
import threading

import tap
from convoke_case import Case, Convoke, ConvokeTest, GLib, SECONDS
from gi.repository import Gio

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'components')
TEA_FEED = 'org.example.TeaFeed'
TEA_HOUSE = 'org.example.TeaHouse'
PriceFeed = ConvokeTest.PriceFeed

os.environ['CONVOKE_COMPONENT_PATH'] = HERE


def run(main):
    """Runs a coroutine, bounded."""
    async def bounded():
        return await asyncio.wait_for(main, SECONDS)
    return asyncio.run(bounded())


class Import(Case):
    def test_asyncio(self):
        """Who awaits nothing does not pay for asyncio, least of all a host that is started for a component"""
        program = 'from gi.repository import Convoke; import sys; print("asyncio" in sys.modules)'
        done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual((done.stdout, done.returncode), ('False\n', 0), done.stderr)


class Activate(Case):
    def test_default_catalog(self):
        """activate() finds the class in CONVOKE_COMPONENT_PATH, and its object does what it is for"""
        feed = Convoke.activate(TEA_FEED, PriceFeed)
        self.assertEqual(feed.get_price('oolong'), 1.5)

    def test_without_interface(self):
        """Without an interface the object itself is given"""
        house = Convoke.activate(TEA_HOUSE)
        self.assertGreater(house.get_n_items(), 0)

    def test_own_catalog(self):
        """A catalog of one's own goes before that of the usual places"""
        empty = Convoke.Catalog.new([])
        self.assertError(Convoke.Error.NO_CLASS, Convoke.activate, TEA_FEED, PriceFeed, catalog=empty)
        self.assertEqual(empty.get_directories(), [])

    def test_placement(self):
        """dup_placement() is a dictionary that says where the object is and why; others have none"""
        house = Convoke.activate(TEA_HOUSE, Gio.ListModel)
        placement = Convoke.dup_placement(house)
        self.assertEqual(placement['class'], TEA_HOUSE)
        self.assertEqual(placement['distance'], 'in-process')
        self.assertEqual(os.path.basename(placement['file']), TEA_HOUSE + '.component')
        self.assertIsNone(Convoke.dup_placement(Gio.ListStore()))

    def test_thread(self):
        """At the distance thread the object is a proxy; a class in Python runs there"""
        house = Convoke.activate(TEA_HOUSE, Gio.ListModel, distance='thread', placement='must', timeout=SECONDS)
        self.assertTrue(Convoke.is_proxy(house))
        self.assertGreater(house.get_n_items(), 0)
        self.assertEqual(Convoke.dup_placement(house)['distance'], 'thread')

    def test_off(self):
        """placement goes before the keyfile, too"""
        house = Convoke.activate(TEA_HOUSE, Gio.ListModel, distance='thread', placement='off')
        self.assertFalse(Convoke.is_proxy(house))

    def test_errors(self):
        """Errors of the component arrive as they are; a class that is not there is NO_CLASS"""
        self.assertError(Convoke.Error.NO_CLASS, Convoke.activate, 'org.example.Nobody', PriceFeed)
        self.assertError(Convoke.Error.NO_INTERFACE, Convoke.activate, TEA_HOUSE, PriceFeed)
        with self.assertRaises(GLib.Error) as caught:
            Convoke.activate('org.example.Sealed', Gio.ListModel)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.BUSY))

    def test_properties(self):
        """An object is made with the properties that are wished, at any distance; an object among them is called there"""
        guests = Gio.ListStore()
        guests.append(Gio.ListStore())
        for distance in 'in-process', 'thread', 'process':
            with self.subTest(distance=distance):
                samovar = Convoke.activate('org.example.Samovar', Gio.ListModel, distance=distance, placement='must',
                                           properties={'cups': 3, 'tea-leaf': 'Assam', 'guests': guests})
                self.assertEqual(samovar.get_n_items(), 3 + 5 + 1)

    def test_no_properties(self):
        """None empties a property of text or of an object, at any distance; a number cannot be empty"""
        for distance in 'in-process', 'thread', 'process':
            with self.subTest(distance=distance):
                samovar = Convoke.activate('org.example.Samovar', Gio.ListModel, distance=distance, placement='must',
                                           properties={'cups': 3, 'tea-leaf': None, 'guests': None})
                self.assertEqual(samovar.get_n_items(), 3)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.activate, 'org.example.Samovar', Gio.ListModel,
                         properties={'cups': None})

    def test_wrong_properties(self):
        """A property that the class does not have, that is read only, or of another type or range is INVALID_ARGUMENT"""
        for name, value in ('spoons', 1), ('age', 1), ('cups', 'three'), ('cups', 13), ('tea-leaf', 5), ('guests', 'me'):
            with self.subTest(name=name, value=value):
                self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.activate, 'org.example.Samovar', Gio.ListModel,
                                 properties={name: value})

    def test_time(self):
        """A time that is over already is TIMEOUT"""
        self.assertError(Convoke.Error.TIMEOUT, Convoke.activate, TEA_FEED, PriceFeed, timeout=0)

    def test_cancelled(self):
        """A cancellable that is cancelled already is CANCELLED"""
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        self.assertError(Convoke.Error.CANCELLED, Convoke.activate, TEA_FEED, PriceFeed, cancellable=cancellable)

    def test_wrong_words(self):
        """A distance or placement that there is not is a ValueError naming those that there are"""
        with self.assertRaisesRegex(ValueError, "'in-process', 'thread', 'process', not 'far'"):
            Convoke.activate(TEA_FEED, PriceFeed, distance='far')
        with self.assertRaisesRegex(ValueError, "'prefer', 'must', 'off', not 'default'"):
            Convoke.activate(TEA_FEED, PriceFeed, placement='default')
        with self.assertRaises(TypeError):
            Convoke.activate(TEA_FEED, PriceFeed, timeout='soon')
        with self.assertRaises(TypeError):
            Convoke.activate(TEA_FEED, str)


class ActivateAsync(Case):
    def test_await(self):
        """activate_async() is awaited; in the caller's process the component is made on the loop's thread"""
        async def main():
            return await Convoke.activate_async(TEA_HOUSE, Gio.ListModel)
        house = run(main())
        self.assertGreater(house.get_n_items(), 0)

    def test_await_then_call(self):
        """What was awaited can be called and awaited at once"""
        async def main():
            feed = await Convoke.activate_async(TEA_FEED, PriceFeed, distance='thread')
            return await Convoke.aio(feed, PriceFeed).get_price('oolong', timeout=SECONDS)
        self.assertEqual(run(main()), 1.5)

    def test_many(self):
        """Many can be awaited at once"""
        async def main():
            return await asyncio.gather(*[Convoke.activate_async(TEA_FEED, PriceFeed) for _ in range(20)])
        self.assertEqual({feed.count_items is not None for feed in run(main())}, {True})

    def test_error(self):
        """An error is raised where it is awaited"""
        async def main():
            await Convoke.activate_async('org.example.Nobody', PriceFeed)
        self.assertError(Convoke.Error.NO_CLASS, run, main())

    def test_cancel(self):
        """Cancelling the task ends the wait, and the loop goes on"""
        async def main():
            future = Convoke.activate_async(TEA_FEED, PriceFeed, distance='thread')
            future.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await future
            return await Convoke.activate_async(TEA_FEED, PriceFeed)
        self.assertEqual(run(main()).get_price('tea'), 0.75)

    def test_on_a_thread(self):
        """A loop of another thread can await, too"""
        found = []

        async def main():
            found.append(await Convoke.activate_async(TEA_FEED, PriceFeed))

        thread = threading.Thread(target=run, args=(main(),))
        thread.start()
        thread.join(SECONDS)
        self.assertEqual(found[0].get_price('tea'), 0.75)


if __name__ == '__main__':
    tap.main()
