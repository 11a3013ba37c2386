# SPDX-License-Identifier: LGPL-2.1-or-later
import contextlib
import gc
import io
import os
import threading
import weakref

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, Feed, GLib, SECONDS, feed_class

PriceFeed = ConvokeTest.PriceFeed


def deferring_feed():
    """A feed whose slow method is deferred: (feed, the list that the server calls go to)."""
    deferred = []

    def get_price_slowly(self, item):
        deferred.append(Convoke.ServerCall.defer(self))
        return -1.0

    return Convoke.threading('any')(feed_class(do_get_price_slowly=get_price_slowly))(), deferred


def printed():
    """Takes what is printed of exceptions."""
    return contextlib.redirect_stderr(io.StringIO())


class Component(Case):
    def begin(self, feed, item='tea'):
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price_slowly(item)
        return call

    def wait_deferred(self, deferred):
        self.assertComes(lambda: deferred)
        return deferred.pop()

    def test_complete_later(self):
        """A deferred call ends when somebody completes it, on another thread, long after the method returned"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        server_call = self.wait_deferred(deferred)
        self.assertEqual(server_call.dup_method(), 'get_price_slowly')
        self.assertError(Convoke.Error.TIMEOUT, call.wait, 0)
        thread = threading.Thread(target=server_call.complete, args=(7.25,))
        thread.start()
        call.wait(SECONDS)
        thread.join()
        self.assertEqual(call.finish_get_price_slowly(), 7.25)

    def test_complete_twice(self):
        """Completing or aborting a second time is CALL_COMPLETE and changes nothing (SV-11)"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        server_call = self.wait_deferred(deferred)
        server_call.complete(1.0)
        self.assertError(Convoke.Error.CALL_COMPLETE, server_call.complete, 2.0)
        error = GLib.Error.new_literal(ConvokeTest.error_quark(), 'no', ConvokeTest.Error.HELD)
        self.assertError(Convoke.Error.CALL_COMPLETE, server_call.abort, error)
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price_slowly(), 1.0)

    def test_subscribe(self):
        """Who works on a call is told of its cancel, once, and may end it there (RA-26, RA-14)"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        server_call = self.wait_deferred(deferred)
        told = []

        def tell(server_call, event, mark):
            told.append((event, mark))
            server_call.abort(GLib.Error.new_literal(ConvokeTest.error_quark(), 'obeyed', ConvokeTest.Error.HELD))

        events = Convoke.ServerCallEvents
        server_call.subscribe(events.CANCEL | events.DISCONNECT, None, tell, 'mark')
        self.assertEqual(server_call.get_cancel_status(), 1791)
        call.cancel(grace=None)
        call.wait(SECONDS)
        self.assertError(ConvokeTest.Error.HELD, call.finish_get_price_slowly)
        self.assertEqual(told, [(events.CANCEL, 'mark')])
        self.assertError(Convoke.Error.CALL_COMPLETE, server_call.subscribe, events.CANCEL, None, tell, 'late')

    def test_subscribe_in_queue(self):
        """The same on a work queue (P-11)"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        server_call = self.wait_deferred(deferred)
        queue = Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL)
        server_call.subscribe_in_queue(Convoke.ServerCallEvents.CANCEL, queue,
                                       lambda server_call, event: server_call.complete(4.0))
        call.cancel(grace=None)
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price_slowly(), 4.0)

    def test_at_hand(self):
        """What was called, by whom and for how long is at hand (P-7)"""
        feed, deferred = deferring_feed()
        call = Convoke.create_call(feed, PriceFeed)
        call.timeout = SECONDS
        call.begin_get_price_slowly('tea')
        server_call = self.wait_deferred(deferred)
        self.assertIs(server_call.dup_object(), feed)
        self.assertEqual(server_call.get_interface(), PriceFeed.__gtype__)
        self.assertEqual(server_call.get_request_id(), call.get_request_id())
        self.assertEqual(server_call.dup_credentials().get_unix_pid(), os.getpid())
        self.assertTrue(0 < server_call.get_time_left() <= SECONDS * 1000000)
        server_call.complete(1.0)
        call.wait(SECONDS)
        call.finish_get_price_slowly()

    def test_wrong_results(self):
        """Results of the wrong type or number are refused and leave the call as it was"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        server_call = self.wait_deferred(deferred)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, server_call.complete)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, server_call.complete, 1.0, 2.0)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, server_call.complete, 'cheap')
        server_call.complete(3)
        call.wait(SECONDS)
        self.assertEqual(call.finish_get_price_slowly(), 3.0)

    def test_abort(self):
        """An abort reaches the caller with its domain, code and message"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        self.wait_deferred(deferred).abort(
            GLib.Error.new_literal(ConvokeTest.error_quark(), 'out of cups', ConvokeTest.Error.HELD))
        call.wait(SECONDS)
        error = self.assertError(ConvokeTest.Error.HELD, call.finish_get_price_slowly)
        self.assertEqual(error.message, 'out of cups')

    def test_dropped(self):
        """A server call that is dropped ends its call with SERVER_FAULT (SV-12)"""
        feed, deferred = deferring_feed()
        call = self.begin(feed)
        self.wait_deferred(deferred)
        gc.collect()
        call.wait(SECONDS)
        self.assertError(Convoke.Error.SERVER_FAULT, call.finish_get_price_slowly)

    def test_too_late(self):
        """Completing after the deadline is TOO_LATE; the caller got TIMEOUT"""
        feed, deferred = deferring_feed()
        call = Convoke.create_call(feed, PriceFeed)
        call.timeout = 0.02
        # A deadline that is over before the method begins is no claim of this test.
        while not deferred:
            call.timeout *= 2
            call.begin_get_price_slowly('tea')
            call.wait(SECONDS)
            self.assertError(Convoke.Error.TIMEOUT, call.finish_get_price_slowly)
        self.assertError(Convoke.Error.TOO_LATE, deferred.pop().complete, 1.0)

    def test_awaited(self):
        """An event loop awaits a call that the same thread completes"""
        import asyncio
        feed, deferred = deferring_feed()

        async def main():
            price = Convoke.aio(feed).get_price_slowly('tea')
            while not deferred:
                await asyncio.sleep(0.001)
            deferred.pop().complete(2.5)
            return await asyncio.wait_for(price, SECONDS)
        self.assertEqual(asyncio.run(main()), 2.5)

    def test_exception(self):
        """An exception that is no GLib.Error does not reach the caller as a result nobody computed"""
        def get_price(self, item):
            raise ValueError('no price')

        feed = Convoke.threading('any')(feed_class(do_get_price=get_price))()
        call = Convoke.create_call(feed, PriceFeed)
        with printed() as text:
            call.begin_get_price('tea')
            call.wait(SECONDS)
            error = self.assertError(Convoke.Error.SERVER_FAULT, call.finish_get_price)
            self.assertEqual(error.message, 'ValueError: no price')
            self.assertError(Convoke.Error.SERVER_FAULT, feed.get_price, 'tea')
            self.assertError(Convoke.Error.SERVER_FAULT, Convoke.create_proxy(feed).get_price, 'tea')
        self.assertIn('ValueError: no price', text.getvalue())
        self.assertIn('in get_price', text.getvalue())

    def test_exception_undeclared(self):
        """The same where nothing declares a class, and for what means "exit" to a program"""
        def get_price(self, item):
            raise SystemExit(3)

        call = Convoke.create_call(feed_class(do_get_price=get_price)(), PriceFeed)
        with printed():
            call.begin_get_price('tea')
            call.wait(SECONDS)
            error = self.assertError(Convoke.Error.SERVER_FAULT, call.finish_get_price)
        self.assertEqual(error.message, 'SystemExit: 3')

    def test_subclass(self):
        """What a subclass overrides is its own, whichever class was seen first"""
        class Dear(AnyFeed):
            def do_get_price(self, item):
                return 10.0 + super().do_get_price(item)

        for feed, price in ((Dear(), 11.5), (AnyFeed(), 1.5), (Dear(), 11.5)):
            call = Convoke.create_call(feed, PriceFeed)
            call.begin_get_price('tea')
            call.wait(SECONDS)
            self.assertEqual(call.finish_get_price(), price)

    def test_finalized(self):
        """A component in Python goes away with the last call to it"""
        feed = AnyFeed()
        gone = weakref.ref(feed)
        call = Convoke.create_call(feed, PriceFeed)
        call.begin_get_price('tea')
        call.wait(SECONDS)
        call.finish_get_price()
        del feed, call
        self.assertComes(lambda: gone() is None)

    def test_context(self):
        """The context of the call is there in the method, and nowhere else"""
        seen = []

        def get_price(self, item):
            seen.append(Convoke.CallContext.dup_current().get_request_id())
            return 1.0

        call = Convoke.create_call(Convoke.threading('any')(feed_class(do_get_price=get_price))(), PriceFeed)
        call.begin_get_price('tea')
        request_id = call.get_request_id()
        call.wait(SECONDS)
        call.finish_get_price()
        self.assertEqual(seen, [request_id])
        self.assertError(Convoke.Error.CALL_COMPLETE, Convoke.CallContext.dup_current)


if __name__ == '__main__':
    tap.main()
