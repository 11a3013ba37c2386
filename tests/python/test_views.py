# SPDX-License-Identifier: LGPL-2.1-or-later
import queue
import threading

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, GLib, GObject, SECONDS

PriceFeed = ConvokeTest.PriceFeed


class State(GObject.Object):
    pass


class Queues(Case):
    def setUp(self):
        super().setUp()
        self.told = queue.Queue()

    def test_function(self):
        """A function of Python is put on a queue with its arguments, and runs on a worker (MF-29)"""
        work = Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL)
        work.put(lambda *args: self.told.put((args, threading.get_ident())), 'espresso', 2)
        args, thread = self.told.get(timeout=SECONDS)
        self.assertEqual(args, ('espresso', 2))
        self.assertNotEqual(thread, threading.get_ident())

    def test_callback(self):
        """A callback made of a function is invoked with a result, which has the state (MF-9, MF-14)"""
        state = State()
        Convoke.WorkQueue.get_standard().put(Convoke.callback(self.told.put), state)
        self.assertIs(self.told.get(timeout=SECONDS).get_state(), state)

    def test_result(self):
        """A result that was made before is put as it is (MF-15)"""
        result = Convoke.AsyncResult.new(None, Convoke.callback(self.told.put), None)
        Convoke.WorkQueue.get_standard().put(result)
        self.assertIs(self.told.get(timeout=SECONDS), result)

    def test_no_function(self):
        """What cannot be run is a TypeError"""
        self.assertRaises(TypeError, Convoke.WorkQueue.get_standard().put, 7)
        self.assertRaises(TypeError, Convoke.callback, 7)

    def test_schedule(self):
        """What is scheduled runs later, and its key cancels it, in seconds (MF-43)"""
        kept = Convoke.schedule(100.0, self.told.put, 'never')
        Convoke.schedule(0.0, self.told.put, 'now')
        self.assertEqual(self.told.get(timeout=SECONDS), 'now')
        Convoke.work_item_cancel(kept)
        self.assertError(Convoke.Error.NOT_FOUND, Convoke.work_item_cancel, kept)

    def test_own_queue(self):
        """A callback that names a queue is invoked there with a call's end, beside others (P-11, MF-11)"""
        work = Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL)
        threads = queue.Queue()
        work.put(lambda: threads.put(threading.get_ident()))
        call = Convoke.create_call(AnyFeed(), PriceFeed)
        call.add_async_callback(Convoke.callback(self.told.put, work))
        call.add_async_callback(self.told.put)
        call.begin_get_price('espresso')
        for _ in range(2):
            self.assertTrue(self.told.get(timeout=SECONDS).check_status())
        self.assertEqual(call.finish_get_price(), 4.0)


class Ports(Case):
    def test_request(self):
        """A request has a positive id, and its message has that id and the results (TA-5, TA-9)"""
        port = Convoke.ReplyPort.new(7)
        number = port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso')
        self.assertGreater(number, 0)
        message = port.get_message(SECONDS)
        self.assertEqual(message.get_request_id(), number)
        self.assertEqual(message.get_key(), 7)
        self.assertTrue(message.check())
        self.assertEqual(message.dup_values(), [4.0])

    def test_error(self):
        """The error of the method is the message's"""
        port = Convoke.ReplyPort.new(0)
        port.request(AnyFeed(), PriceFeed, 'get_price', 'missing', timeout=SECONDS)
        self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, port.get_message().check)

    def test_attached(self):
        """A call that is attached is finished as ever (TA-5)"""
        port, call = Convoke.ReplyPort.new(0), Convoke.create_call(AnyFeed(), PriceFeed)
        port.attach(call)
        call.begin_get_price('espresso')
        self.assertEqual(port.get_message().dup_call(), call)
        self.assertEqual(call.finish_get_price(), 4.0)

    def test_poll(self):
        """A poll of an empty port is TIMEOUT (P-1)"""
        self.assertError(Convoke.Error.TIMEOUT, Convoke.ReplyPort.new(0).get_message, 0)

    def test_iterate(self):
        """A port is iterated until it is shut down (TA-24)"""
        port = Convoke.ReplyPort.new(0)
        asked = {port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso') for _ in range(3)}
        told = set()
        for message in port:
            told.add(message.get_request_id())
            if len(told) == 3:
                port.shutdown()
        self.assertEqual(told, asked)

    def test_queue(self):
        """The messages of two ports are taken from one queue (TA-21)"""
        messages = Convoke.ReplyQueue.new()
        ports = [Convoke.ReplyPort.new_for_queue(key, messages) for key in (1, 2)]
        for port in ports:
            port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso')
        self.assertEqual({messages.take(SECONDS).get_key() for _ in range(2)}, {1, 2})
        messages.close()
        self.assertEqual(list(messages), [])


class Events(Case):
    def test_iterate(self):
        """An event queue is iterated until it is shut down (MF-51)"""
        events = Convoke.EventQueue.new()
        for name in 'first', 'second':
            events.put_value(name, None)
        seen = []
        for event in events:
            seen.append(event)
            if len(seen) == 2:
                events.shutdown()
        self.assertEqual(len(seen), 2)

    def test_poll(self):
        """A look at an empty event queue is NO_EVENTS, a wait in seconds TIMEOUT (MF-10, P-1)"""
        events = Convoke.EventQueue.new()
        self.assertError(Convoke.Error.NO_EVENTS, events.get, 0)
        self.assertError(Convoke.Error.TIMEOUT, events.get, 0.001)


class Handles(Case):
    def setUp(self):
        super().setUp()
        self.told = queue.Queue()

    def root(self, asynchronous=True):
        root = Convoke.Handle.new(None, 0, asynchronous)
        root.set_work_queue(Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL))
        root.set_status_callback(lambda *told: self.told.put(told))
        return root

    def until(self, wanted):
        statuses = []
        while wanted not in statuses:
            handle, context, status, information = self.told.get(timeout=SECONDS)
            statuses.append(status)
        return handle, context, information

    def test_call(self):
        """A function of Python is told of a method's end with its result, and of the handle's (WI-9, WI-17, WI-32)"""
        with self.root() as root:
            handle = Convoke.Handle.new(root, 42, True)
            outcome, results = handle.call(AnyFeed(), PriceFeed, 'get_price', 'espresso', timeout=SECONDS)
            self.assertEqual(outcome, Convoke.HandleOutcome.PENDING)
            which, context, result = self.until(Convoke.HandleStatus.REQUEST_COMPLETE)
            self.assertIs(which, handle)
            self.assertEqual(context, 42)
            self.assertTrue(result.check())
            self.assertEqual(result.get_value(), 4.0)
        self.assertTrue(handle.is_closed())
        self.until(Convoke.HandleStatus.HANDLE_CLOSING)

    def test_synchronous(self):
        """Without a context value it blocks, and gives the result at once (P-10)"""
        with self.root() as root:
            outcome, results = Convoke.Handle.new(root, 0, True).call(AnyFeed(), PriceFeed, 'get_price', 'espresso')
            self.assertEqual(outcome, Convoke.HandleOutcome.DONE)
            self.assertEqual(results, [4.0])
        self.assertTrue(self.told.empty())

    def test_error(self):
        """The error of the method is the result's"""
        with self.root() as root:
            handle = Convoke.Handle.new(root, 42, True)
            handle.call(AnyFeed(), PriceFeed, 'get_price', 'missing')
            _, _, result = self.until(Convoke.HandleStatus.REQUEST_COMPLETE)
            self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, result.check)

    def test_close_inside(self):
        """A callback may close its handle, which is told of once more (WI-10, T-WI-21)"""
        with self.root() as root:
            def close(handle, context, status, information):
                if status == Convoke.HandleStatus.REQUEST_COMPLETE:
                    handle.close()
                self.told.put((handle, context, status, information))

            root.set_status_callback(close)
            handle = Convoke.Handle.new(root, 42, True)
            handle.call(AnyFeed(), PriceFeed, 'get_price', 'espresso')
            which, _, information = self.until(Convoke.HandleStatus.HANDLE_CLOSING)
            self.assertIs(which, handle)
            self.assertIs(information, handle)
            self.assertError(Convoke.Error.INVALID_HANDLE, handle.close)

    def test_operation(self):
        """A subclass's own operation is pending or blocks, and its result is Python's, also where there is none (WI-16)"""
        class Request(Convoke.Handle):
            def fetch(self, answer):
                work = self.begin_operation('fetch')
                work.complete_operation(answer)
                return tuple(self.run(work))

        Outcome = Convoke.HandleOutcome
        with self.root() as root:
            request = Request(parent=root, context=42)
            self.assertTrue(request.announce())
            self.assertEqual(request.fetch('fetched'), (Outcome.PENDING, None))
            self.assertEqual(self.until(Convoke.HandleStatus.REQUEST_COMPLETE)[2].get_value(), 'fetched')
            blocking = Request(parent=root)
            self.assertEqual(blocking.fetch('fetched'), (Outcome.DONE, 'fetched'))
            self.assertEqual(blocking.fetch(None), (Outcome.DONE, None))

    def test_dropped(self):
        """A handle that is forgotten closes, which is told with its context value (WI-5, X-47)"""
        with self.root() as root:
            handle = Convoke.Handle.new(root, 42, True)
            handle.note = 'of Python'
            self.until(Convoke.HandleStatus.HANDLE_CREATED)
            del handle
            which, context, information = self.until(Convoke.HandleStatus.HANDLE_CLOSING)
            self.assertIsNone(which)
            self.assertEqual(context, 42)
            self.assertIsNone(information)

    def test_timeout(self):
        """A handle's time-out is in seconds, None is none"""
        handle = Convoke.Handle.new(None, 0, True)
        self.assertIsNone(handle.timeout)
        handle.timeout = 1.5
        self.assertEqual(handle.timeout, 1.5)
        self.assertEqual(handle.get_timeout(), 1500000)


class Halves(Case):
    """What is made, or implemented, by halves fails with words"""

    def test_interfaces(self):
        """A class that implements nothing of its interface is refused, by every function"""
        class Mute(GObject.Object, Convoke.Synchronize, Convoke.SynchronizeHandle, Convoke.ReplyService, Convoke.Pipe):
            pass

        mute, items = Mute(), GLib.Variant('ai', [1])
        for function, *args in (
                (Convoke.Synchronize.wait, Convoke.WaitFlags.DEFAULT, 0), (Convoke.Synchronize.signal,),
                (Convoke.Synchronize.reset,), (Convoke.SynchronizeHandle.get_fd,), (Convoke.ReplyService.perform, 'name', None),
                (Convoke.Pipe.push, b'x'), (Convoke.Pipe.pull,), (Convoke.Pipe.push_items, items), (Convoke.Pipe.pull_items,),
                (Convoke.Pipe.end,), (Convoke.Pipe.abort, GLib.Error('no more')), (Convoke.Pipe.close,), (Convoke.Pipe.check,),
                (Convoke.Pipe.dup_item_type,)):
            self.assertError(Convoke.Error.NOT_SUPPORTED, function, mute, *args)
        result = Convoke.AsyncResult.new(None, Convoke.callback(print), None)
        self.assertError(Convoke.Error.NOT_SUPPORTED, Convoke.work_item_put_waiting, mute, 0, result)

    def test_plain_objects(self):
        """A queue that was made as other objects are is one for many threads; a server call of no call goes quietly"""
        ran, work = threading.Event(), Convoke.WorkQueue()
        self.assertEqual(work.get_kind(), Convoke.WorkQueueKind.MULTITHREADED)
        work.put(ran.set)
        self.assertTrue(ran.wait(SECONDS))
        Convoke.ServerCall()


if __name__ == '__main__':
    tap.main()
