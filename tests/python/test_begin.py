# SPDX-License-Identifier: LGPL-2.1-or-later
import threading

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, GObject, SECONDS

PriceFeed = ConvokeTest.PriceFeed


class Listener(GObject.Object, Convoke.AsyncCallback):
    def __init__(self):
        super().__init__()
        self.told = threading.Event()

    def do_invoke(self, result):
        self.result = result
        self.thread = threading.get_ident()
        self.told.set()


class State(GObject.Object):
    pass


class Begin(Case):
    def begin(self, feed, listener, *args, state=None):
        return Convoke.Call.method_begin(feed, PriceFeed, 'get_price', list(args), 0, listener, state)

    def test_result(self):
        """begin, invoked on a queue, end: the result of the method (MF-1 to MF-4)"""
        feed, listener, state = AnyFeed(), Listener(), State()
        result = self.begin(feed, listener, 'espresso', state=state)
        self.assertTrue(listener.told.wait(SECONDS))
        self.assertIs(listener.result, result)
        self.assertIs(result.get_state(), state)
        self.assertNotEqual(listener.thread, threading.get_ident())
        self.assertEqual(Convoke.Call.method_end(feed, result), [4.0])
        self.assertError(Convoke.Error.CALL_COMPLETE, Convoke.Call.method_end, feed, result)

    def test_error(self):
        """The error of the method is the status, and the end's (MF-4)"""
        feed, listener = AnyFeed(), Listener()
        result = self.begin(feed, listener, 'missing')
        self.assertTrue(listener.told.wait(SECONDS))
        self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, result.check_status)
        self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, Convoke.Call.method_end, feed, result)

    def test_failed_begin(self):
        """A begin that fails is an exception and invokes nothing (MF-1)"""
        listener = Listener()
        self.assertError(Convoke.Error.INVALID_ARGUMENT, self.begin, AnyFeed(), listener, 7)
        self.assertFalse(listener.told.is_set())

    def test_beside(self):
        """A callback beside another view is told of the same call"""
        call, listener = Convoke.create_call(AnyFeed(), PriceFeed), Listener()
        call.add_async_callback(listener, None)
        call.begin_get_price('espresso')
        self.assertTrue(listener.told.wait(SECONDS))
        self.assertTrue(call.check_status())
        self.assertEqual(call.finish_get_price(), 4.0)


class Operation(Case):
    def test_result(self):
        """Work of the program's own is a call: it is begun, waited for, and finished with its result"""
        call = Convoke.Call.new_operation(None, 'fetch')
        self.assertError(Convoke.Error.HANDLE_IDLE, call.check_status)
        work = call.begin_operation()
        threading.Thread(target=lambda: work.complete_operation('fetched')).start()
        call.wait(SECONDS)
        done, value = call.finish_operation()
        self.assertTrue(done)
        self.assertEqual(value, 'fetched')

    def test_no_result(self):
        """Work that ends without a result is finished with None"""
        call = Convoke.Call.new_operation(None, 'fetch')
        call.begin_operation().complete_operation(None)
        self.assertEqual(tuple(call.finish_operation()), (True, None))

    def test_dropped(self):
        """Work that is dropped ends its call with SERVER_FAULT (SV-12)"""
        call = Convoke.Call.new_operation(None, 'fetch')
        call.begin_operation()
        call.wait(SECONDS)
        self.assertError(Convoke.Error.SERVER_FAULT, call.finish_operation)


if __name__ == '__main__':
    tap.main()
