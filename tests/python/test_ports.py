# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import threading

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, GLib, SECONDS

PriceFeed = ConvokeTest.PriceFeed


class Delivery(Case):
    def test_context(self):
        """A function gets the messages in its main context, in order (TA-18)"""
        context, told = GLib.MainContext.new(), []
        port = Convoke.ReplyPort.new_for_context(0, context, told.append)
        asked = [port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso') for _ in range(3)]
        self.assertEqual(told, [])
        while len(told) < 3:
            context.iteration(True)
        self.assertEqual(sorted(message.get_request_id() for message in told), asked)
        self.assertEqual([message.dup_values() for message in told], 3 * [[4.0]])
        port.shutdown()

    def test_asyncio(self):
        """asyncio is told by the descriptor that messages are there (TA-19)"""
        async def ask(port):
            loop, readable = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(port.get_fd(), readable.set)
            number = port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso')
            await asyncio.wait_for(readable.wait(), SECONDS)
            loop.remove_reader(port.get_fd())
            return number, port.get_message(0)

        number, message = asyncio.run(ask(Convoke.ReplyPort.new(0)))
        self.assertEqual(message.get_request_id(), number)

    def test_reserved(self):
        """An id is known before its request is made (P-9)"""
        port = Convoke.ReplyPort.new(0)
        number = port.reserve_id()
        self.assertEqual(port.request(AnyFeed(), PriceFeed, 'get_price', 'espresso', request_id=number), number)
        self.assertEqual(port.get_message(SECONDS).get_request_id(), number)

    def test_refused(self):
        """A request that cannot be begun is an exception, and so is whatever is asked of a port that is shut down (TA-26)"""
        port = Convoke.ReplyPort.new(0)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, port.request, AnyFeed(), PriceFeed, 'get_price')
        self.assertError(Convoke.Error.INVALID_ARGUMENT, port.request, AnyFeed(), PriceFeed, 'get_price', None)
        self.assertError(Convoke.Error.NOT_FOUND, port.cancel, 4711)
        port.shutdown()
        self.assertError(Convoke.Error.SHUTDOWN, port.request, AnyFeed(), PriceFeed, 'get_price', 'espresso')
        self.assertError(Convoke.Error.SHUTDOWN, port.shutdown)


class Events(Case):
    def test_open(self):
        """Signals of what is open are messages, as the filter says, until it is closed (TA-7, TA-28, TA-32)"""
        port, feed = Convoke.ReplyPort.new(0), AnyFeed()
        port.open(feed, ['price-changed'], 5)
        feed.emit('price-changed', 'tea', 1.5)
        message = port.get_message(SECONDS)
        self.assertEqual(message.get_kind(), Convoke.ReplyKind.EVENT)
        self.assertEqual((message.get_key(), message.get_signal()), (5, 'price-changed'))
        self.assertEqual(message.dup_values(), ['tea', 1.5])
        self.assertIs(message.dup_object(), feed)
        port.set_filter(feed, [])
        feed.emit('price-changed', 'tea', 2.5)
        self.assertError(Convoke.Error.TIMEOUT, port.get_message, 0)
        port.close(feed)
        self.assertError(Convoke.Error.NOT_FOUND, port.close, feed)

    def test_bad_filter(self):
        """A signal that the object does not have is refused"""
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.ReplyPort.new(0).open, AnyFeed(), ['no-such-signal'], 0)


def error(words, code):
    return GLib.Error.new_literal(ConvokeTest.error_quark(), words, code)


@Convoke.threading('serial')
class Exchange(Convoke.ReplyProvider):
    """Answers what it is asked later, on a thread."""

    def do_request(self, number, name, parameters):
        if name == 'busy':
            raise error('The line is busy', ConvokeTest.Error.HELD)
        if name == 'zero':
            return 0
        threading.Thread(target=self.answer, args=(number, name, parameters)).start()
        return number

    def answer(self, number, name, parameters):
        if name == 'fail':
            self.fail(number, error('Nobody there', ConvokeTest.Error.NO_SUCH_ITEM))
        else:
            self.complete(number, GLib.Variant('s', parameters.get_string() + '!'))


class Provider(Case):
    def perform(self, name, parameters=None):
        port = Convoke.ReplyPort.new(0)
        self.provider = Exchange()
        number = port.request(self.provider, Convoke.ReplyService, 'perform', name, parameters)
        message = port.get_message(SECONDS)
        self.assertEqual(message.get_request_id(), number)
        return message

    def test_later(self):
        """A provider in Python completes a request by its id, on a thread of its own (TA-31)"""
        result, = self.perform('shout', GLib.Variant('s', 'hello')).dup_values()
        self.assertEqual(result.get_string(), 'hello!')

    def test_fail(self):
        """What fails later has the provider's error"""
        self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, self.perform('fail').check)

    def test_refuse(self):
        """What a provider throws is the outcome, and what it answers wrongly is its fault (TA-31)"""
        self.assertError(ConvokeTest.Error.HELD, self.perform('busy').check)
        self.assertError(Convoke.Error.SERVER_FAULT, self.perform('zero').check)

    def test_twice(self):
        """An id is completed once, and one that was never given not at all"""
        self.perform('shout', GLib.Variant('s', 'hello'))
        self.assertError(Convoke.Error.CALL_COMPLETE, self.provider.complete, 1, None)
        self.assertError(Convoke.Error.NOT_FOUND, self.provider.complete, 2, None)


if __name__ == '__main__':
    tap.main()
