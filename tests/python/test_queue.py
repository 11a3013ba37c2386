# SPDX-License-Identifier: LGPL-2.1-or-later
import threading

import tap
from convoke_case import Case, Convoke, GLib, GObject, SECONDS

Kind = Convoke.WorkQueueKind
Id = Convoke.WorkQueueId
Flags = Convoke.AsyncCallbackFlags


class Noted:
    def __init__(self):
        super().__init__()
        self.results = []
        self.invoked = threading.Semaphore(0)

    def note(self, result):
        self.results.append(result)
        self.invoked.release()


class Callback(Noted, GObject.Object, Convoke.AsyncCallback):
    """Notes what it is invoked with."""

    def do_invoke(self, result):
        self.note(result)


class Telling(Noted, GObject.Object, Convoke.AsyncCallback):
    """Says which flags it has, and which queue it wants."""

    def __init__(self, flags, queue=None):
        super().__init__()
        self.parameters = (True, flags, queue)

    def do_invoke(self, result):
        self.note(result)

    def do_get_parameters(self):
        return self.parameters


class Queue(Case):
    def take(self, callback):
        self.assertTrue(callback.invoked.acquire(timeout=SECONDS))

    def fence(self, queue):
        passed = threading.Event()
        queue.put_function(passed.set)
        self.assertTrue(passed.wait(SECONDS))

    def test_put(self):
        """A callback written in Python is invoked once with its state (MF-41)"""
        for kind in (Kind.SERIAL, Kind.MULTITHREADED, Kind.WINDOW):
            queue, callback, state = Convoke.WorkQueue.new(kind), Callback(), GObject.Object()
            self.assertTrue(queue.put(callback, state))
            self.take(callback)
            self.assertIs(callback.results[0].get_state(), state)
            self.assertEqual(queue.get_kind(), kind)

    def test_no_invoke(self):
        """A callback without do_invoke() is an error, not a crash"""
        callback = type('Empty', (GObject.Object, Convoke.AsyncCallback), {})()
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.WorkQueue.get_standard().put, callback, None)
        result = Convoke.AsyncResult.new(None, callback, None)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.WorkQueue.get_standard().put_result, result)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, result.invoke_callback)

    def test_function(self):
        """Functions run in order on a serial queue, also over another one (MF-36, MF-38)"""
        target = Convoke.WorkQueue.get_well_known(Id.MULTITHREADED)
        queue = Convoke.WorkQueue.new_serial(target)
        seen = []
        for number in range(100):
            queue.put_function(seen.append, number)
        self.fence(queue)
        self.assertEqual(seen, list(range(100)))

    def test_context(self):
        """Items of a context's queue run where it is iterated"""
        context = GLib.MainContext.new()
        queue = Convoke.WorkQueue.new_for_context(context)
        seen = []
        queue.put_function(lambda: seen.append(threading.current_thread()))
        self.assertEqual(seen, [])
        while not seen:
            context.iteration(True)
        self.assertEqual(seen, [threading.current_thread()])

    def test_number(self):
        """A queue has a number while that is locked; a dead one is INVALID_QUEUE (MF-33, MF-34)"""
        number = Convoke.WorkQueue.allocate(Kind.SERIAL)
        queue = Convoke.WorkQueue.lookup(number)
        self.assertEqual(queue.get_id(), number)
        self.assertTrue(number & 0xffff0000)
        Convoke.WorkQueue.unlock_id(number)
        self.assertEqual(queue.get_id(), Id.UNDEFINED)
        self.assertError(Convoke.Error.INVALID_QUEUE, Convoke.WorkQueue.unlock_id, number)
        self.assertError(Convoke.Error.INVALID_QUEUE, Convoke.WorkQueue.lookup, 0xffffffff)
        self.fence(queue)

    def test_flags(self):
        """What a callback in Python says is checked, and its queue is taken for completions (MF-12, MF-13)"""
        io = Convoke.WorkQueue.get_well_known(Id.IO)
        short = Telling(Flags.FAST_IO, io)
        self.assertError(Convoke.Error.INVALID_QUEUE, Convoke.WorkQueue.get_standard().put, short, None)
        Convoke.AsyncResult.new(None, short, None).invoke_callback()
        self.take(short)

    def test_reply(self):
        """A reply callback in Python holds its queue until its result is invoked (MF-14)"""
        queue, callback, passed = Convoke.WorkQueue.new(Kind.SERIAL), Telling(Flags.REPLY), threading.Event()
        queue.put(callback, None)
        queue.put_function(passed.set)
        self.take(callback)
        self.assertFalse(passed.is_set())
        callback.results[0].invoke_callback()
        self.assertTrue(passed.wait(SECONDS))

    def test_priority(self):
        """Items with priorities all run (MF-42)"""
        queue, callback = Convoke.WorkQueue.new(Kind.MULTITHREADED), Callback()
        for priority in (-1, 0, 1):
            queue.put_full(priority, callback, None)
            queue.put_result_full(priority, Convoke.AsyncResult.new(None, callback, None))
            queue.put_function_full(priority, callback.invoked.release)
        for _ in range(9):
            self.take(callback)

    def test_class(self):
        """A queue enters a class of threads and leaves it, told by a callback (MF-51)"""
        queue, callback = Convoke.WorkQueue.new(Kind.SERIAL), Callback()
        self.assertError(Convoke.Error.NOT_FOUND, queue.begin_register, 'Cinema', 0, 0, callback, None)
        queue.begin_register('Background', 0, 0, callback, None)
        self.take(callback)
        task = queue.end_register(callback.results[0])
        self.assertEqual((queue.dup_thread_class(), queue.get_task_id()), ('Background', task))
        queue.begin_unregister(callback, None)
        self.take(callback)
        queue.end_unregister(callback.results[1])
        self.assertIsNone(queue.dup_thread_class())

    def test_shared(self):
        """The shared queue of a class is one, and counts (MF-39)"""
        number = Convoke.WorkQueue.lock_shared('', 0, 0)
        self.assertEqual(Convoke.WorkQueue.lock_shared('', 0, 0), number)
        self.fence(Convoke.WorkQueue.lookup(number))
        Convoke.WorkQueue.unlock_id(number)
        Convoke.WorkQueue.unlock_id(number)
        self.assertError(Convoke.Error.INVALID_QUEUE, Convoke.WorkQueue.unlock_id, number)

    def test_platform(self):
        """After the last stop nothing is allocated or put, until the next start (MF-25, MF-26)"""
        queue = Convoke.WorkQueue.new(Kind.SERIAL)
        self.assertError(Convoke.Error.VERSION_MISMATCH, Convoke.platform_start, 99)
        Convoke.platform_start(Convoke.PLATFORM_VERSION)
        Convoke.platform_stop()
        self.assertFalse(Convoke.platform_is_running())
        self.assertError(Convoke.Error.SHUTDOWN, Convoke.WorkQueue.allocate, Kind.SERIAL)
        self.assertError(Convoke.Error.SHUTDOWN, queue.put, Callback(), None)
        Convoke.platform_start(Convoke.PLATFORM_VERSION)
        self.fence(queue)


if __name__ == '__main__':
    tap.main()
