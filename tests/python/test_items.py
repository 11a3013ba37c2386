# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import queue

import tap
from convoke_case import Case, Convoke, GLib, GObject, SECONDS


class Items(Case):
    def setUp(self):
        super().setUp()
        self.told = queue.Queue()
        self.result = Convoke.AsyncResult.new(None, Convoke.callback(self.told.put), None)

    def get(self):
        return self.told.get(timeout=SECONDS)

    def test_waiting(self):
        """An item waits for an event, and runs with its result (MF-45)"""
        event = Convoke.Event.new(False)
        key = Convoke.work_item_put_waiting(event, 0, self.result)
        self.assertNotEqual(key, 0)
        self.assertTrue(self.told.empty())
        event.signal()
        self.assertIs(self.get(), self.result)
        self.assertTrue(self.result.check_status())
        self.assertError(Convoke.Error.NOT_FOUND, Convoke.work_item_cancel, key)

    def test_nothing(self):
        """An item that waits for nothing is cancelled, which it can be once (MF-45, MF-46)"""
        key = Convoke.work_item_put_waiting(None, 0, self.result)
        self.assertTrue(Convoke.work_item_cancel(key))
        self.assertError(Convoke.Error.NOT_FOUND, Convoke.work_item_cancel, key)

    def test_descriptor(self):
        """An item waits for a descriptor, and learns that it was closed"""
        reader, writer = os.pipe()
        Convoke.work_item_put_waiting_fd(reader, GLib.IOCondition.IN, 0, self.result)
        os.write(writer, b'x')
        self.assertIs(self.get(), self.result)
        os.read(reader, 1)
        Convoke.work_item_put_waiting_fd(reader, GLib.IOCondition.IN, 0, self.result)
        os.close(reader)
        self.assertError(Convoke.Error.INVALID_HANDLE, self.get().check_status)
        os.close(writer)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.work_item_put_waiting_fd, -1, GLib.IOCondition.IN, 0,
                         self.result)

    def test_periodic(self):
        """A periodic item runs until it is cancelled (MF-49)"""
        key = Convoke.work_item_add_periodic(1000, self.told.put, 'tick')
        self.assertEqual([self.get(), self.get()], ['tick', 'tick'])
        self.assertTrue(Convoke.work_item_cancel(key))
        self.assertEqual(Convoke.work_item_get_periodicity(), 10000)

    def test_negative(self):
        """A negative time is refused (MF-44)"""
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.work_item_schedule_result, -5000, self.result)

    def test_result_data(self):
        """A result keeps a value of any type, bytes, and an event that is signalled where nothing is invoked (MF-20, MF-22)"""
        result = Convoke.AsyncResult.new(None, None, None)
        event = Convoke.Event.new(False)
        self.assertError(Convoke.Error.NOT_FOUND, result.get_value)
        for value in ('forty-two', 42, event):
            result.set_value(value)
            self.assertEqual(result.get_value(), (True, value))
        result.set_n_bytes(1 << 40)
        self.assertEqual(result.get_n_bytes(), 1 << 40)
        result.set_event(event)
        self.assertTrue(result.invoke_callback())
        self.assertTrue(event.wait(0))

    def test_child(self):
        """A child callback runs with its owner, and keeps it or not (MF-6)"""
        class Owner(GObject.Object):
            pass

        owner = Owner()
        child = Convoke.ChildCallback.new(owner, lambda *args: self.told.put(args), 'open')
        result = Convoke.AsyncResult.new(None, child, None)
        self.assertTrue(result.invoke_callback())
        self.assertEqual(self.get(), (owner, result, 'open'))
        self.assertIs(Convoke.ChildCallback.new_weak(owner, print).dup_owner(), owner)


class Events(Case):
    def setUp(self):
        super().setUp()
        self.queue = Convoke.EventQueue.new()
        self.told = queue.Queue()
        self.callback = Convoke.callback(self.told.put)

    def begin(self, callback, state=None):
        return self.queue.begin_get(callback, state)

    def test_order(self):
        """Events come in order, with what they carry (MF-9, MF-10)"""
        self.assertError(Convoke.Error.NO_EVENTS, self.queue.get, 0)
        self.queue.put_value('progress', GLib.Variant('d', 0.5))
        self.queue.put(Convoke.QueueEvent.new('end', None, self.queue))
        event = self.queue.get(0)
        self.assertEqual((event.get_name(), event.get_value().unpack()), ('progress', 0.5))
        self.assertIs(self.queue.get().get_object(), self.queue)

    def test_begin(self):
        """A begun get is told once, and its end takes the event; the double-begin rules hold (MF-7)"""
        state = GObject.Object()
        self.assertEqual(self.begin(self.callback, state), (True, False))
        self.assertEqual(self.begin(self.callback, state), (True, True))
        self.assertError(Convoke.Error.MULTIPLE_BEGIN, self.begin, self.callback)
        self.assertError(Convoke.Error.MULTIPLE_SUBSCRIBERS, self.begin, Convoke.callback(print))
        self.assertError(Convoke.Error.INVALID_ARGUMENT, self.begin, None)
        self.queue.put_value('x', None)
        result = self.told.get(timeout=SECONDS)
        self.assertEqual(self.queue.end_get(result).get_name(), 'x')
        self.assertError(Convoke.Error.FAILED, self.queue.end_get, result)

    def test_shutdown(self):
        """A shutdown invokes who waits, and everything says so afterwards (MF-8, P-8)"""
        self.begin(self.callback)
        self.queue.shutdown()
        result = self.told.get(timeout=SECONDS)
        self.assertError(Convoke.Error.SHUTDOWN, result.check_status)
        self.assertError(Convoke.Error.SHUTDOWN, self.queue.end_get, result)
        self.assertError(Convoke.Error.SHUTDOWN, self.queue.get, 0)
        self.assertError(Convoke.Error.SHUTDOWN, self.begin, self.callback)


if __name__ == '__main__':
    tap.main()
