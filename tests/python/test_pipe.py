# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import os

import gi
import tap
from convoke_case import Case, Convoke, GLib, SECONDS
gi.require_version('ConvokeTestMill', '1')
from gi.repository import ConvokeTestMill

os.environ['CONVOKE_COMPONENT_PATH'] = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'components')


class Pipe(Case):
    def test_iterate(self):
        """for goes over what was pushed, to the end"""
        writer, reader = Convoke.pipe(100)
        writer.push(b'one')
        writer.push(bytearray(b'two'))
        writer.end()
        self.assertEqual(list(reader), [b'one', b'two'])
        self.assertEqual(reader.pull(), b'')
        self.assertTrue(writer.check())

    def test_items(self):
        """A pipe of items goes over each"""
        writer, reader = Convoke.pipe(10, items='(si)')
        writer.push_items(GLib.Variant('a(si)', [('tea', 1), ('milk', 2)]))
        writer.end()
        self.assertEqual([item.unpack() for item in reader], [('tea', 1), ('milk', 2)])

    def test_not_yet(self):
        """RA-32: nothing yet is CALL_PENDING to who does not wait, and TIMEOUT to who does; seconds"""
        writer, reader = Convoke.pipe(3)
        self.assertError(Convoke.Error.CALL_PENDING, reader.try_pull)
        self.assertError(Convoke.Error.TIMEOUT, reader.pull, timeout=0.001)
        writer.push(b'abc')
        self.assertError(Convoke.Error.TIMEOUT, writer.push, b'd', timeout=0)
        self.assertError(Convoke.Error.CALL_PENDING, writer.try_push, b'd')
        self.assertEqual(reader.try_pull(2), b'ab')

    def test_sides(self):
        """T-RA-21: the wrong side is PIPE_DISCIPLINE"""
        writer, reader = Convoke.pipe(3)
        self.assertError(Convoke.Error.PIPE_DISCIPLINE, reader.push, b'x')
        self.assertError(Convoke.Error.PIPE_DISCIPLINE, writer.pull)

    def test_dropped(self):
        """A writer that is dropped without the end is an error for who iterates"""
        writer, reader = Convoke.pipe(10)
        writer.push(b'abc')
        del writer
        chunks = iter(reader)
        self.assertEqual(next(chunks), b'abc')
        self.assertError(Convoke.Error.PIPE_CLOSED, next, chunks)

    def test_bad_arguments(self):
        """Bad arguments are errors"""
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.pipe, 0)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.pipe, 1, items='*')

    def test_event(self):
        """RA-32: the event of an end can be waited for"""
        writer, reader = Convoke.pipe(10)
        self.assertError(Convoke.Error.TIMEOUT, reader.dup_event().wait, 0)
        writer.push(b'abc')
        reader.dup_event().wait(SECONDS)

    def test_await(self):
        """A pull can be awaited"""
        writer, reader = Convoke.pipe(10)

        async def main():
            pulled = Convoke.aio(reader, Convoke.Pipe).pull(100, -1)
            await asyncio.sleep(0)
            writer.push(b'abc')
            return (await asyncio.wait_for(pulled, SECONDS)).get_data()
        self.assertEqual(asyncio.run(main()), b'abc')


    def test_async_for(self):
        """async for goes over bytes and over items, and raises what ends the pipe badly"""
        writer, reader = Convoke.pipe(3)
        numbers, items = Convoke.pipe(3, items='i')

        async def write():
            for chunk in (b'one', b'two', b'six'):
                await Convoke.aio(writer).push(chunk, -1)
            writer.end()
            numbers.push_items(GLib.Variant('ai', [1, 2]))
            numbers.close()

        async def read():
            self.assertEqual([chunk async for chunk in Convoke.aio(reader)], [b'one', b'two', b'six'])
            seen = []
            with self.assertRaises(GLib.Error) as caught:
                async for item in Convoke.aio(items):
                    seen.append(item.unpack())
            self.assertEqual(seen, [1, 2])
            self.assertTrue(caught.exception.matches(Convoke.error_quark(), Convoke.Error.PIPE_CLOSED))

        async def main():
            await asyncio.wait_for(asyncio.gather(read(), write()), SECONDS)
        asyncio.run(main())

    def test_item_type(self):
        """What is no type of items is refused with words, before GLib sees it"""
        for wrong in ('', 'nonsense(', 'ii'):
            with self.assertRaises(ValueError):
                Convoke.pipe(items=wrong)


class Mill(Case):
    distance = 'thread'

    def mill(self):
        return Convoke.activate('org.example.Mill', ConvokeTestMill.Mill, distance=self.distance, placement='must')

    def begin(self, method, *args):
        call = Convoke.create_call(self.mill(), ConvokeTestMill.Mill)
        getattr(call, 'begin_' + method)(*args)
        return call

    def finish(self, call, method):
        call.wait(SECONDS)
        return getattr(call, 'finish_' + method)()

    def test_in(self):
        """RA-34: a component in Python goes over what a caller in Python pushes"""
        writer, reader = Convoke.pipe(100)
        call = self.begin('take', reader)
        for i in range(100):
            writer.push(b'x' * (i + 1))
        writer.end()
        self.assertEqual(self.finish(call, 'take'), sum(range(101)))

    def test_out(self):
        """T-RA-19: a caller in Python goes over what a component in Python pushes"""
        writer, reader = Convoke.pipe(100)
        call = self.begin('give', writer, 5, 60)
        self.assertEqual(list(reader), [bytes([i]) * 60 for i in range(5)])
        self.assertTrue(self.finish(call, 'give'))

    def test_items(self):
        """Items, too"""
        writer, reader = Convoke.pipe(3, items='i')
        call = self.begin('take', reader)
        for i in range(20):
            writer.push_items(GLib.Variant('ai', [i]))
        writer.end()
        self.assertEqual(self.finish(call, 'take'), 20)

    def test_in_and_out(self):
        """RA-34: push to the end, then pull to the end"""
        first, second = Convoke.pipe(100), Convoke.pipe(100)
        call = self.begin('grind', first[1], second[0])
        self.assertError(Convoke.Error.PIPE_ORDER, second[1].pull)
        first[0].push(b'abc')
        first[0].end()
        self.assertEqual(b''.join(second[1]), b'abc')
        self.assertEqual(self.finish(call, 'grind'), 3)

    def test_undrained(self):
        """T-RA-21: a component that returns before the end: PIPE_DISCIPLINE"""
        writer, reader = Convoke.pipe(100)
        writer.push(b'abc')
        call = self.begin('work', 'pull', reader)
        self.assertEqual(self.finish(call, 'work'), 3)
        self.assertError(Convoke.Error.PIPE_DISCIPLINE, writer.push, b'x')

    def test_abort(self):
        """RA-38: the error of who aborts arrives as it is"""
        writer, reader = Convoke.pipe(100)
        call = self.begin('work', 'abort', writer)
        self.finish(call, 'work')
        with self.assertRaises(GLib.Error) as caught:
            list(reader)
        self.assertEqual((caught.exception.message, caught.exception.code), ('the millstone broke', 3))

    def test_cancel(self):
        """RA-38: a cancel in the middle ends a component that waits at the pipe"""
        writer, reader = Convoke.pipe(100)
        call = self.begin('take', reader)
        writer.push(b'abc')
        call.cancel(None)
        call.wait(SECONDS)
        self.assertError(Convoke.Error.CANCELLED, call.finish_take)
        self.assertError(Convoke.Error.PIPE_CLOSED, writer.push, b'x')


class MillProcess(Mill):
    distance = 'process'


if __name__ == '__main__':
    tap.main()
