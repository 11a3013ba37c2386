# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import threading

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, GObject, SECONDS, feed_class

PriceFeed = ConvokeTest.PriceFeed
TIMEOUT = Convoke.Error.TIMEOUT


class Wait(Case):
    def begin(self, feed, item):
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price(item)
        return call

    def test_event(self):
        """An event counts in seconds; a poll that fails is TIMEOUT (SY-1, P-1)"""
        event = Convoke.Event.new(False)
        self.assertError(TIMEOUT, event.wait, 0)
        event.signal()
        self.assertTrue(event.wait(SECONDS))
        self.assertError(TIMEOUT, event.wait, timeout=0.01)

    def test_any(self):
        """wait_any() gives the first that is signalled, and consumes that one only (SY-23, SY-28)"""
        first, second = Convoke.Event.new(False), Convoke.Event.new(False)
        self.assertError(TIMEOUT, Convoke.wait_any, [first, second], 0)
        first.signal()
        second.signal()
        self.assertIs(Convoke.wait_any(iter([first, second]), timeout=SECONDS), first)
        self.assertIs(Convoke.wait_any([first, second]), second)
        self.assertError(TIMEOUT, Convoke.wait_any, [first, second], timeout=0.01)

    def test_nothing(self):
        """Nothing to wait for is NO_SYNC, and an object of another kind a TypeError (SY-21)"""
        self.assertError(Convoke.Error.NO_SYNC, Convoke.wait_any, [])
        self.assertError(Convoke.Error.NO_SYNC, Convoke.wait_any, [Convoke.create_call(AnyFeed(), PriceFeed)])
        self.assertRaises(TypeError, Convoke.wait_any, [GObject.Object()])

    def test_all(self):
        """wait_all() waits for all, and takes nothing before (SY-23)"""
        first, second = Convoke.Event.new(False), Convoke.Event.new(False)
        first.signal()
        self.assertError(TIMEOUT, Convoke.wait_all, [first, second], 0)
        thread = threading.Thread(target=second.signal)
        thread.start()
        Convoke.wait_all([first, second], SECONDS)
        thread.join()
        self.assertError(TIMEOUT, first.wait, 0)
        self.assertError(TIMEOUT, second.wait, 0)

    def test_calls(self):
        """Calls and events together, on workers and on the waiting thread's own objects (SY-26)"""
        for feed in (AnyFeed(), feed_class()()):
            never = Convoke.Event.new(True)
            calls = [self.begin(feed, item) for item in ('tea', 'espresso')]
            call = Convoke.wait_any([never] + calls, timeout=SECONDS)
            self.assertIn(call.finish_get_price(), (1.5, 4.0))
            calls.remove(call)
            self.assertIs(Convoke.wait_any([never] + calls, timeout=SECONDS), calls[0])

    def test_set(self):
        """A WaitSet gives each of its calls once, and then ends (SY-34)"""
        feed = AnyFeed()
        waiting = Convoke.WaitSet(self.begin(feed, 'x' * n) for n in range(1, 11))
        self.assertEqual(len(waiting), 10)
        self.assertEqual(sorted(call.finish_get_price() for call in waiting), [0.5 * n for n in range(1, 11)])
        self.assertEqual(len(waiting), 0)
        self.assertError(Convoke.Error.NO_SYNC, waiting.wait)

    def test_set_expires(self):
        """The wait of a WaitSet expires with TIMEOUT, and its members stay (SY-33, P-1)"""
        waiting = Convoke.WaitSet([Convoke.Event.new(True)])
        self.assertError(TIMEOUT, waiting.wait, 0)
        self.assertError(TIMEOUT, waiting.wait, timeout=0.01)
        self.assertEqual(len(waiting), 1)

    def test_event_handle(self):
        """An event uses a descriptor that Python has (SY-15)"""
        if not hasattr(os, 'eventfd'):
            self.skipTest('this Python has no os.eventfd()')
        fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.addCleanup(os.close, fd)
        event = Convoke.Event.new(False)
        event.set_event_handle(fd)
        os.eventfd_write(fd, 1)
        self.assertIs(Convoke.wait_any([event], timeout=SECONDS), event)
        self.assertError(TIMEOUT, event.wait, 0)

    def test_own_class(self):
        """An object in Python that has a descriptor can be one of several (SY-30)"""
        class Wrapped(GObject.Object, Convoke.Synchronize, Convoke.SynchronizeHandle):
            def __init__(self):
                super().__init__()
                self.event = Convoke.Event.new(False)

            def do_wait(self, flags, timeout):
                return Convoke.Synchronize.wait(self.event, flags, timeout)

            def do_get_fd(self):
                return self.event.get_fd()

        wrapped, never = Wrapped(), Convoke.Event.new(True)
        self.assertError(TIMEOUT, Convoke.wait_any, [never, wrapped], 0)
        wrapped.event.signal()
        self.assertIs(Convoke.wait_any([never, wrapped], timeout=SECONDS), wrapped)


if __name__ == '__main__':
    tap.main()
