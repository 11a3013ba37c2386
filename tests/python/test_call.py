# SPDX-License-Identifier: LGPL-2.1-or-later
import gc
import threading
import weakref

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, Feed, GLib, GObject, SECONDS, SerialFeed, feed_class

PriceFeed = ConvokeTest.PriceFeed


class Call(Case):
    def test_begin_finish(self):
        """begin_x, wait, finish_x: the result of the method (CF-19)"""
        call = Convoke.create_call(self.server(), PriceFeed)
        call.begin_get_price('espresso')
        self.assertTrue(call.wait(timeout=SECONDS))
        self.assertEqual(call.finish_get_price(), 4.0)
        self.assertEqual(call.get_state(), Convoke.CallState.IDLE)

    def test_every_method(self):
        """Every method of the interface has its pair, also those that cannot fail (CF-1)"""
        server = self.server()
        call = Convoke.create_call(server, PriceFeed)
        call.begin_count_items()
        call.wait()
        self.assertEqual(call.finish_count_items(), 42)
        call.begin_describe()
        call.wait()
        self.assertEqual(call.finish_describe(), 'a feed of prices')
        call.begin('note', 'five cups')
        call.wait()
        self.assertIsNone(call.finish('note'))
        self.assertEqual(server.dup_last_note(), 'five cups')

    def test_no_such_method(self):
        """A method that the interface does not have is an AttributeError"""
        call = Convoke.create_call(self.server(), PriceFeed)
        for name in ('begin_absent', 'finish_absent', 'absent', 'begin_', 'begin_price_changed'):
            self.assertFalse(hasattr(call, name), name)

    def test_wrong_arguments(self):
        """Wrong arguments are a TypeError and begin nothing (CF-15)"""
        call = Convoke.create_call(self.server(), PriceFeed)
        self.assertRaises(TypeError, call.begin_get_price)
        self.assertRaises(TypeError, call.begin_get_price, 7)
        self.assertRaises(TypeError, call.begin_get_price, None)
        self.assertEqual(call.get_state(), Convoke.CallState.IDLE)

    def test_notices(self):
        """Callbacks where it happens and where it was begun, and that the request has left, before the end (RA-5)"""
        call = Convoke.create_call(self.server(), PriceFeed)
        notices = Convoke.CallNotice
        direct, issuer = [], []
        call.add_direct_callback(lambda call, notice: direct.append(notice))
        call.add_issuer_callback(lambda call, notice: issuer.append((notice, threading.get_ident())))
        call.set_notify_sent(True)
        call.begin_get_price('tea')
        call.wait(SECONDS)
        while len(issuer) < 2:
            GLib.MainContext.default().iteration(True)
        self.assertComes(lambda: len(direct) == 2)
        self.assertEqual(direct, [notices.SENT, notices.COMPLETED])
        self.assertEqual(issuer, [(notices.SENT, threading.get_ident()), (notices.COMPLETED, threading.get_ident())])
        self.assertEqual(call.finish_get_price(), 1.5)

    def test_event(self):
        """An event of the program's own is reset by begin and set by the end (RA-6)"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        event = Convoke.Event.new(True)
        call.set_event(event)
        event.signal()
        call.begin_get_price_slowly('tea')
        self.assertError(Convoke.Error.TIMEOUT, event.wait, timeout=0)
        gate.open()
        event.wait(timeout=SECONDS)
        self.assertEqual(call.finish_get_price_slowly(), 1.5)

    def test_unordered(self):
        """A call whose order was given up passes those that wait (RA-30)"""
        started = []
        feed = feed_class(do_get_price=lambda self, item: started.append(item) or 1.0)()
        calls = []
        for item in ('a', 'b', 'X'):
            call = Convoke.create_call(feed, PriceFeed)
            call.set_ordered(item != 'X')
            call.begin_get_price(item)
            calls.append(call)
        calls[2].wait(SECONDS)
        self.assertEqual(started, ['X'])
        for call in calls:
            call.wait(SECONDS)
        self.assertEqual(started, ['X', 'a', 'b'])

    def test_error_of_method(self):
        """The error of the method arrives at finish with its domain, code and message (D13)"""
        call = Convoke.create_call(self.server(), PriceFeed)
        call.begin_get_price('missing')
        call.wait(SECONDS)
        error = self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, call.finish_get_price)
        self.assertEqual(error.message, 'No such item: missing')

    def test_order(self):
        """Begin while pending, finish while pending or idle, finish of another method (CF-16, CF-17, P-2, P-3)"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        self.assertError(Convoke.Error.CALL_COMPLETE, call.finish_get_price)
        call.begin_get_price_slowly('espresso')
        self.assertError(Convoke.Error.CALL_PENDING, call.begin_get_price, 'tea')
        self.assertError(Convoke.Error.CALL_PENDING, call.begin_count_items)
        self.assertError(Convoke.Error.CALL_PENDING, call.finish_get_price_slowly)
        gate.open()
        call.wait(SECONDS)
        self.assertError(Convoke.Error.CALL_COMPLETE, call.finish_get_price)
        self.assertError(Convoke.Error.CALL_COMPLETE, call.finish_count_items)
        self.assertEqual(call.finish_get_price_slowly(), 4.0)
        self.assertError(Convoke.Error.CALL_COMPLETE, call.finish_get_price_slowly)

    def test_wait_expires(self):
        """A wait that expires is TIMEOUT and leaves the call pending (P-1)"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        call.begin_get_price_slowly('tea')
        self.assertError(Convoke.Error.TIMEOUT, call.wait, 0)
        self.assertError(Convoke.Error.TIMEOUT, call.wait, timeout=0.01)
        self.assertEqual(call.get_state(), Convoke.CallState.PENDING)
        gate.open()
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price_slowly(), 1.5)

    def test_deadline(self):
        """timeout is in seconds, and a call that takes longer ends with TIMEOUT"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        self.assertIsNone(call.timeout)
        call.timeout = 0.02
        self.assertEqual(call.timeout, 0.02)
        call.begin_get_price_slowly('tea')
        call.wait(SECONDS)
        self.assertError(Convoke.Error.TIMEOUT, call.finish_get_price_slowly)
        call.timeout = None
        self.assertIsNone(call.timeout)
        gate.open()

    def test_cancel(self):
        """Cancel completes the call with CANCELLED (CX-3)"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        call.begin_get_price_slowly('tea')
        gate.wait_held(1)
        call.cancel(grace=0)
        call.wait(SECONDS)
        self.assertError(Convoke.Error.CANCELLED, call.finish_get_price_slowly)
        gate.open()

    def test_two_at_once(self):
        """Two calls are under way at once; each waits for its own (CF-9)"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)
        calls = [Convoke.create_call(server, PriceFeed) for _ in range(2)]
        calls[0].begin_get_price_slowly('tea')
        calls[1].begin_get_price_slowly('coffee')
        self.assertTrue(gate.wait_held(2))
        gate.open()
        for call in calls:
            call.wait(SECONDS)
        self.assertEqual([call.finish_get_price_slowly() for call in calls], [1.5, 3.0])

    def test_no_interface(self):
        """An interface that the object lacks is NO_INTERFACE; what is no interface is a TypeError"""
        self.assertError(Convoke.Error.NO_INTERFACE, Convoke.create_call, GObject.Object(), PriceFeed)
        self.assertRaises(TypeError, Convoke.create_call, self.server(), GObject.Object)

    def test_dropped(self):
        """A call object that is dropped is gone, idle, pending or signalled (CF-22)"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)
        for ends in ('idle', 'pending', 'signalled', 'finished'):
            call = Convoke.create_call(server, PriceFeed)
            gone = weakref.ref(call)
            gate.close()
            if ends != 'idle':
                call.begin_get_price_slowly('tea')
            if ends != 'pending':
                gate.open()
            if ends in ('signalled', 'finished'):
                call.wait(SECONDS)
            if ends == 'finished':
                call.finish_get_price_slowly()
            del call
            gc.collect()
            self.assertIsNone(gone(), ends)
            gate.open()
            gate.wait_held(0)

    def test_callback(self):
        """set_callback tells of the completion on the main context"""
        call = Convoke.create_call(self.server(), PriceFeed)
        loop = GLib.MainLoop()
        notices = []

        def told(call, notice):
            notices.append(notice)
            loop.quit()

        call.set_callback(None, told)
        call.begin_get_price('tea')
        loop.run()
        self.assertEqual(notices, [Convoke.CallNotice.COMPLETED])
        self.assertEqual(call.finish_get_price(), 1.5)


    def test_sink(self):
        """A completion sink in Python is reset by begin and signalled on completion (CF-26)"""
        signalled = threading.Event()
        log = []

        class Sink(GObject.Object, Convoke.Synchronize):
            def do_reset(self):
                log.append('reset')
                return True

            def do_signal(self):
                log.append('signal')
                signalled.set()
                return True

        call = Convoke.create_call(self.server(), PriceFeed, sink=Sink())
        call.begin_get_price('tea')
        self.assertTrue(signalled.wait(SECONDS))
        self.assertEqual(call.finish_get_price(), 1.5)
        self.assertEqual(log, ['reset', 'signal'])

    def test_progress(self):
        """progress tells what the implementation reported last"""
        gate = threading.Event()

        def get_price_slowly(self, item):
            context = Convoke.CallContext.dup_current()
            context.report_amount(2, 8, 'cups')
            context.report_fraction(0.25)
            context.report_status('grinding')
            gate.set()
            return 1.0

        feed = Convoke.threading('any')(feed_class(do_get_price_slowly=get_price_slowly))()
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price_slowly('tea')
        self.assertTrue(gate.wait(SECONDS))
        self.assertEqual(call.progress, (0.25, 2, 8, 'cups', 'grinding'))
        self.assertEqual(call.progress.unit, 'cups')
        call.wait(SECONDS)
        call.finish_get_price_slowly()


class Python(Case):
    def test_own_context(self):
        """An object without declared threading runs on the thread of its context, in the wait for it (D11)"""
        feed = Feed()
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price('espresso')
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price(), 4.0)
        self.assertEqual(feed.threads, [threading.get_ident()])

    def test_any(self):
        """An object in Python that any thread may call runs on a worker"""
        feed = AnyFeed()
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price('espresso')
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price(), 4.0)
        self.assertNotIn(threading.get_ident(), feed.threads)

    def test_serial(self):
        """Many calls to a serial object in Python never meet"""
        inside, most = [0], [0]

        def get_price(self, item):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.001)
            inside[0] -= 1
            return 1.0

        feed = Convoke.threading('serial')(feed_class(do_get_price=get_price))()
        calls = [Convoke.create_call(feed, PriceFeed) for _ in range(8)]
        for call in calls:
            call.begin_get_price('tea')
        for call in calls:
            call.wait(SECONDS)
            call.finish_get_price()
        self.assertEqual(most[0], 1)

    def test_threading(self):
        """The decorator declares the threading of a class"""
        self.assertEqual(Convoke.type_get_threading(Feed), Convoke.Threading.CONTEXT)
        self.assertEqual(Convoke.type_get_threading(SerialFeed), Convoke.Threading.SERIAL)
        self.assertEqual(Convoke.type_get_threading(AnyFeed), Convoke.Threading.ANY)
        self.assertRaises(ValueError, Convoke.threading, 'sometimes')

    def test_seconds(self):
        """A time that is over is none, infinity is for ever, and what is no time is refused"""
        gate = ConvokeTest.Gate.new()
        call = Convoke.create_call(self.server(gate), PriceFeed)
        call.begin_get_price_slowly('tea')
        for seconds in (0, -1, -0.000001, float('-inf')):
            self.assertError(Convoke.Error.TIMEOUT, call.wait, seconds)
        self.assertRaises(TypeError, call.wait, '1')
        self.assertRaises(TypeError, setattr, call, 'timeout', '1')
        gate.open()
        call.wait(float('inf'))
        call.finish_get_price_slowly()
        for seconds, kept in ((None, None), (float('inf'), None), (1e300, None), (2.5, 2.5)):
            call.timeout = seconds
            self.assertEqual(call.timeout, kept)

    def test_dir(self):
        """A call object lists the methods that it has for its interface"""
        names = dir(Convoke.create_call(self.server(), PriceFeed))
        self.assertIn('begin_get_price', names)
        self.assertIn('finish_get_price', names)
        self.assertIn('wait', names)

    def test_error(self):
        """A GLib.Error that Python raises arrives as it was"""
        call = Convoke.create_call(AnyFeed(), PriceFeed)
        call.begin_get_price('missing')
        call.wait(SECONDS)
        error = self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, call.finish_get_price)
        self.assertEqual(error.message, 'No such item: missing')

    def test_proxy(self):
        """A proxy calls an object of this thread from another one, while this one waits"""
        feed = Feed()
        proxy = Convoke.create_proxy(feed)
        self.assertTrue(Convoke.is_proxy(proxy))
        self.assertIsInstance(proxy, PriceFeed)
        loop = GLib.MainLoop()
        prices = []

        def ask():
            prices.append(proxy.get_price('espresso'))
            prices.append(proxy.describe())
            GLib.idle_add(loop.quit)

        thread = threading.Thread(target=ask)
        thread.start()
        loop.run()
        thread.join()
        self.assertEqual(prices, [4.0, 'a feed in Python'])
        self.assertEqual(feed.threads, [threading.get_ident()])

    def test_threads(self):
        """Threads call one object in Python at once through call objects"""
        feed = AnyFeed()
        prices = []

        def ask():
            call = Convoke.create_call(feed, PriceFeed)
            for _ in range(50):
                call.begin_get_price('tea')
                call.wait(SECONDS)
                prices.append(call.finish_get_price())

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(prices, [1.5] * 200)


class Loader(Case):
    def test_in_python(self):
        """The loader of Python components works where the process is Python"""
        import os
        directory = os.path.join(os.environ['G_TEST_SRCDIR'], 'python', 'components')
        loader = Convoke.Loader.open('python')
        house = loader.create_instance(directory, 'tea_house', 'TeaHouse')
        self.assertEqual(house.teas, ['assam', 'ceylon', 'darjeeling'])
        self.assertEqual(house.get_n_items(), 3)
        error = self.assertError(Convoke.Error.FAILED, loader.create_instance, directory, 'tea_house', 'Broken')
        self.assertIn('ValueError: no water', error.message)


if __name__ == '__main__':
    tap.main()
