# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import contextvars
import threading
import time
import weakref

import tap
from convoke_case import Case, Convoke, ConvokeTest, Feed, GLib, GObject, SECONDS, feed_class

from gi.overrides import Convoke as override

PriceFeed = ConvokeTest.PriceFeed


def loop_state():
    return override._loop_state(asyncio.get_running_loop())


def count_idle():
    return sum(len(pool) for pool in loop_state().pools.values())


def any_feed(**methods):
    """An object in Python that any thread may call."""
    return Convoke.threading('any')(feed_class(**methods))()


def run(main):
    """Runs a coroutine, bounded."""
    async def bounded():
        return await asyncio.wait_for(main, SECONDS)
    return asyncio.run(bounded())


async def until(condition):
    """Gives way to the loop until something holds."""
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('it never came')
        await asyncio.sleep(0.001)


class Aio(Case):
    def test_await(self):
        """await gives the result of the method, without a GLib main loop"""
        server = self.server()

        async def main():
            feed = Convoke.aio(server, PriceFeed)
            return [await feed.get_price('espresso'), await feed.count_items(), await feed.describe(),
                    await feed.note('x')]
        self.assertEqual(run(main()), [4.0, 42, 'a feed of prices', None])

    def test_interface_found(self):
        """Without an interface, the one that has the method is found"""
        server = self.server()

        async def main():
            return await Convoke.aio(server).get_price('tea')
        self.assertEqual(run(main()), 1.5)
        self.assertRaisesRegex(AttributeError, "PriceFeed.* has no method 'absent'", getattr, Convoke.aio(server), 'absent')
        self.assertIn('get_price', dir(Convoke.aio(server)))

    def test_no_component(self):
        """What has no interface is refused at once"""
        self.assertRaisesRegex(TypeError, 'NoneType has no interface', Convoke.aio, None)
        self.assertRaisesRegex(TypeError, 'Object has no interface', Convoke.aio, GObject.Object())
        self.assertRaisesRegex(TypeError, 'is not an interface', Convoke.aio, self.server(), GObject.Object)

    def test_no_loop(self):
        """Without a running event loop it is a RuntimeError, as in asyncio"""
        self.assertRaises(RuntimeError, Convoke.aio(self.server()).get_price, 'tea')

    def test_error(self):
        """The method's error is raised by await"""
        server = self.server()

        async def main():
            with self.assertRaises(GLib.Error) as caught:
                await Convoke.aio(server).get_price('missing')
            self.assertCode(caught.exception, ConvokeTest.Error.NO_SUCH_ITEM)
        run(main())

    def test_wrong_arguments(self):
        """Wrong arguments are a TypeError, and the call object is used again"""
        server = self.server()

        async def main():
            feed = Convoke.aio(server)
            self.assertRaises(TypeError, feed.get_price)
            self.assertRaises(TypeError, feed.get_price, 'tea', 'milk')
            return await feed.get_price('tea')
        self.assertEqual(run(main()), 1.5)

    def test_at_once(self):
        """Many calls are under way at once"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)

        async def main():
            feed = Convoke.aio(server)
            prices = [feed.get_price_slowly('tea' * n) for n in range(1, 4)]
            self.assertTrue(gate.wait_held(3))
            gate.open()
            return await asyncio.gather(*prices)
        self.assertEqual(run(main()), [1.5, 3.0, 4.5])

    def test_loop_goes_on(self):
        """The event loop runs other tasks while a call is under way"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)

        async def main():
            price = Convoke.aio(server).get_price_slowly('tea')
            for _ in range(10):
                await asyncio.sleep(0)
            self.assertFalse(price.done())
            gate.open()
            return await price
        self.assertEqual(run(main()), 1.5)

    def test_timeout(self):
        """timeout is the deadline of the call, and only of that one (P-1)"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)

        async def main():
            feed = Convoke.aio(server)
            with self.assertRaises(GLib.Error) as caught:
                await feed.get_price_slowly('tea', timeout=0.02)
            self.assertCode(caught.exception, Convoke.Error.TIMEOUT)
            gate.open()
            return await feed.get_price_slowly('tea')
        self.assertEqual(run(main()), 1.5)

    def test_wait_for(self):
        """A time-out of asyncio cancels the call"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)

        async def main():
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(Convoke.aio(server).get_price_slowly('tea'), 0.02)
            gate.open()
        run(main())

    def test_cancel_task(self):
        """Cancelling the task that awaits cancels the call, and its call object is used again (CX-3)"""
        gate = ConvokeTest.Gate.new()
        feed = self.server(gate)

        async def ask():
            return await Convoke.aio(feed).get_price_slowly('tea')

        async def main():
            task = asyncio.ensure_future(ask())
            await until(lambda: gate.get_held() == 1)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            await until(lambda: not loop_state().pending)
            self.assertEqual(count_idle(), 1)
            gate.open()
            price = await Convoke.aio(feed).get_price_slowly('tea')
            self.assertEqual(count_idle(), 1)
            return price
        self.assertEqual(run(main()), 1.5)

    def test_cancel_seen(self):
        """The implementation of a cancelled call sees it"""
        started, seen = threading.Event(), threading.Event()

        def get_price_slowly(self, item):
            started.set()
            cancellable = Convoke.CallContext.dup_current().dup_cancellable()
            end = time.monotonic() + SECONDS
            while not cancellable.is_cancelled() and time.monotonic() < end:
                time.sleep(0.001)
            if cancellable.is_cancelled():
                seen.set()
            return 0.0

        feed = any_feed(do_get_price_slowly=get_price_slowly)

        async def main():
            price = Convoke.aio(feed).get_price_slowly('tea')
            await until(started.is_set)
            self.assertTrue(price.cancel())
            await until(seen.is_set)
        run(main())

    def test_progress(self):
        """progress is called on the loop's thread with what the implementation told"""
        told = []
        here = threading.get_ident()
        first = threading.Event()

        def get_price_slowly(self, item):
            context = Convoke.CallContext.dup_current()
            context.report_fraction(0.5)
            context.report_amount(3, 6, 'cups')
            context.report_status('pouring')
            first.wait(SECONDS)
            return 1.0

        feed = any_feed(do_get_price_slowly=get_price_slowly)

        def show(progress):
            told.append((progress, threading.get_ident()))
            if progress.status == 'pouring':
                first.set()

        async def main():
            return await Convoke.aio(feed).get_price_slowly('tea', progress=show)
        self.assertEqual(run(main()), 1.0)
        self.assertEqual(told[-1], (Convoke.Progress(0.5, 3, 6, 'cups', 'pouring'), here))

    def test_progress_raises(self):
        """An exception of the progress function goes to the loop's handler; the call goes on"""
        caught = []

        def get_price_slowly(self, item):
            Convoke.CallContext.dup_current().report_fraction(0.5)
            end = time.monotonic() + SECONDS
            while not caught and time.monotonic() < end:
                time.sleep(0.001)
            return 1.0

        feed = any_feed(do_get_price_slowly=get_price_slowly)

        def show(progress):
            raise KeyError('show')

        async def main():
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: caught.append(context))
            return await Convoke.aio(feed).get_price_slowly('tea', progress=show)
        self.assertEqual(run(main()), 1.0)
        self.assertIsInstance(caught[0]['exception'], KeyError)

    def test_own_context(self):
        """An object of the loop's own thread is called there, though nobody iterates GLib's context (D11)"""
        feed = Feed()

        async def main():
            return [await Convoke.aio(feed).get_price('tea'), await Convoke.aio(feed).count_items()]
        self.assertEqual(run(main()), [1.5, 42])
        self.assertEqual(set(feed.threads), {threading.get_ident()})

    def test_own_context_of_thread(self):
        """The same on a thread with a main context of its own"""
        result = []

        def thread():
            context = GLib.MainContext.new()
            context.push_thread_default()
            feed = Feed()

            async def main():
                return await Convoke.aio(feed).get_price('tea')
            result.append((run(main()), feed.threads == [threading.get_ident()]))
            context.pop_thread_default()

        worker = threading.Thread(target=thread)
        worker.start()
        worker.join()
        self.assertEqual(result, [(1.5, True)])

    def test_called_back(self):
        """A method on a worker calls an object of the loop's thread through its proxy, while the loop awaits it"""
        price_of = Convoke.create_proxy(Feed())

        def get_price(self, item):
            return 2 * price_of.get_price(item)

        feed = any_feed(do_get_price=get_price)

        async def main():
            return await Convoke.aio(feed).get_price('tea')
        self.assertEqual(run(main()), 3.0)

    def test_proxy(self):
        """A proxy is awaited like the object itself"""
        server = self.server(threading=Convoke.Threading.SERIAL)
        proxy = Convoke.create_proxy(server)

        async def main():
            return await Convoke.aio(proxy).get_price('tea')
        self.assertEqual(run(main()), 1.5)
        self.assertEqual(server.get_n_calls(), 1)

    def test_cancel_many(self):
        """Of many calls some are cancelled, at any moment; every one ends, and the call objects are used again"""
        server = self.server()

        async def ask(number):
            price = Convoke.aio(server).get_price('tea')
            if number % 3 == 0:
                price.cancel()
            elif number % 3 == 1:
                asyncio.get_running_loop().call_soon(price.cancel)
            try:
                return await price
            except asyncio.CancelledError:
                return None

        async def main():
            for _ in range(20):
                prices = await asyncio.gather(*(ask(number) for number in range(30)))
                self.assertEqual(prices[2::3], [1.5] * 10)
                self.assertLessEqual(set(prices), {None, 1.5})
            await until(lambda: not loop_state().pending)
            self.assertLessEqual(count_idle(), 60)
        run(main())

    def test_callbacks(self):
        """Callbacks of the future run on the loop, whether or not it is awaited, and can be removed"""
        server = self.server()
        told = []

        async def main():
            future = Convoke.aio(server).get_price('tea')
            future.add_done_callback(lambda future: told.append('first'))
            removed = lambda future: told.append('removed')
            future.add_done_callback(removed)
            self.assertEqual(future.remove_done_callback(removed), 1)
            await future
            await asyncio.sleep(0)
            self.assertEqual(told, ['first'])

            shared = Convoke.aio(server).get_price('tea')
            self.assertEqual(await asyncio.gather(shared, shared, asyncio.shield(shared)), [1.5] * 3)

            async def ask(future):
                return await future
            shared = Convoke.aio(server).get_price('tea')
            self.assertEqual(await asyncio.gather(ask(shared), ask(shared)), [1.5] * 2)
        run(main())

    def test_context_variables(self):
        """The task goes on with its own context variables"""
        server = self.server()
        name = contextvars.ContextVar('name')

        async def ask(value):
            name.set(value)
            await Convoke.aio(server).get_price('tea')
            return name.get()

        async def main():
            return await asyncio.gather(*(ask(value) for value in range(5)))
        self.assertEqual(run(main()), [0, 1, 2, 3, 4])

    def test_loops_and_threads(self):
        """Event loops on several threads await calls to one object"""
        server = self.server()
        results = []

        async def main():
            return sum([await Convoke.aio(server).get_price('tea') for _ in range(50)])

        threads = [threading.Thread(target=lambda: results.append(run(main()))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [75.0] * 4)

    def test_loops_in_turn(self):
        """One event loop after the other, with the same object"""
        server = self.server()

        async def main():
            return await Convoke.aio(server).get_price('tea')
        self.assertEqual([run(main()) for _ in range(5)], [1.5] * 5)

    def test_no_threads(self):
        """Awaiting adds no thread per call: one worker serves them all"""
        server = self.server()

        async def main():
            for _ in range(200):
                await Convoke.aio(server).get_price('tea')
        run(main())
        self.assertLess(server.count_threads(), 20)

    def test_nothing_kept(self):
        """Nothing keeps the component once the loop is closed, even with a call under way"""
        gate = ConvokeTest.Gate.new()
        server = self.server(gate)
        futures = []

        async def main():
            feed = Convoke.aio(server)
            await feed.get_price('tea')
            futures.append(feed.get_price_slowly('tea'))
            await until(lambda: gate.get_held() == 1)
        run(main())
        gone = weakref.ref(server)
        gate.open()
        gate.wait_held(0)
        del server, futures[:], main
        self.assertComes(lambda: gone() is None)

    def test_idle_dropped(self):
        """Idle call objects are dropped after a moment, while the loop goes on"""
        server = self.server()
        gone = weakref.ref(server)

        async def main(server):
            await Convoke.aio(server).get_price('tea')
            del server
            await until(lambda: gone() is None)
        coroutine = main(server)
        del server
        run(coroutine)

    def test_reused(self):
        """Calls one after the other use one call object"""
        server = self.server()

        async def main():
            for _ in range(20):
                await Convoke.aio(server).get_price('tea')
            return count_idle()
        self.assertEqual(run(main()), 1)


if __name__ == '__main__':
    tap.main()
