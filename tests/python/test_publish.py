# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading

import tap
from convoke_case import AnyFeed, Case, Convoke, ConvokeTest, Feed, GLib, SECONDS

PriceFeed = ConvokeTest.PriceFeed
DIRECTORY = tempfile.mkdtemp(prefix='convoke-publish-')
os.environ['XDG_RUNTIME_DIR'] = DIRECTORY

PUBLISHER = '''
import sys
sys.path.insert(0, sys.argv[1])
from convoke_case import Convoke, Feed, GLib
shop = Feed()
with Convoke.publish('org.example.Snake', shop):
    print('ready', flush=True)
    loop = GLib.MainLoop()
    GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()
'''


class Program:
    """A program that publishes, until the end of the block."""

    def __init__(self, *argv):
        self.argv = argv

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line == 'ready\n', line
        return self.process

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def shop(*names):
    return Program(os.environ['CONVOKE_TEST_PUBLISHER'], 'loop', *names)


def snake():
    return Program(sys.executable, '-c', PUBLISHER, os.path.dirname(os.path.abspath(__file__)))


class Attach(Case):
    def test_program_in_c(self):
        """A script drives a program in C"""
        with shop('org.example.Shop') as program:
            viewer = Convoke.attach('org.example.Shop', PriceFeed)
            self.assertEqual(viewer.get_price('pid'), program.pid)

    def test_program_in_python(self):
        """A script drives a program in Python, whose main loop runs its methods"""
        with snake():
            viewer = Convoke.attach('org.example.Snake', PriceFeed)
            self.assertEqual(viewer.get_price('tea'), 1.5)
            self.assertError(ConvokeTest.Error.NO_SUCH_ITEM, viewer.get_price, 'missing')
            self.assertEqual(viewer.props.currency, 'EUR')

    def test_end_of_block(self):
        """What was published is not there after the block, and no file of it"""
        with snake() as program:
            program.stdin.close()
            self.assertEqual(program.wait(SECONDS), 0)
            left = os.listdir(os.path.join(DIRECTORY, 'convoke-1', 'published'))
            self.assertEqual([name for name in left if 'Snake' in name], [])

    def test_token(self):
        """The text of a token is redeemed in another process, once"""
        with shop('org.example.Shop') as program:
            text = Convoke.attach('org.example.Shop', PriceFeed).describe()
            other = Convoke.attach_token(text, PriceFeed, timeout=SECONDS)
            self.assertEqual(other.get_price('pid'), program.pid)
            self.assertError(Convoke.Error.NOT_CONNECTED, Convoke.attach_token, text, PriceFeed)

    def test_nobody(self):
        """A name that nobody publishes is NOT_FOUND"""
        self.assertError(Convoke.Error.NOT_FOUND, Convoke.attach, 'org.example.Nobody', PriceFeed)

    def test_time(self):
        """A time that is over already is TIMEOUT; what is no time is a TypeError"""
        with shop('org.example.Shop'):
            self.assertError(Convoke.Error.TIMEOUT, Convoke.attach, 'org.example.Shop', PriceFeed, timeout=0)
            with self.assertRaises(TypeError):
                Convoke.attach('org.example.Shop', PriceFeed, timeout='soon')

    def test_await(self):
        """attach_async() is awaited, and so are the calls"""
        async def main():
            viewer = await Convoke.attach_async('org.example.Shop', PriceFeed, timeout=SECONDS)
            return await Convoke.aio(viewer, PriceFeed).get_price('pid', timeout=SECONDS)
        with shop('org.example.Shop') as program:
            self.assertEqual(asyncio.run(main()), program.pid)

    def test_await_error(self):
        """An error is raised where it is awaited"""
        async def main():
            await Convoke.attach_async('org.example.Nobody', PriceFeed)
        self.assertError(Convoke.Error.NOT_FOUND, asyncio.run, main())

    def test_list(self):
        """The names of the living"""
        with shop('org.example.Shop', 'org.example.Bar'):
            self.assertEqual(Convoke.dup_published_names(), ['org.example.Bar', 'org.example.Shop'])
        self.assertEqual(Convoke.dup_published_names(), [])


class Publish(Case):
    def buy(self, name, item):
        """What a program in C is told, while this one serves."""
        done = subprocess.run([os.environ['CONVOKE_TEST_CUSTOMER'], name, item], capture_output=True, text=True, timeout=SECONDS)
        return done.stdout.strip()

    def test_customer_in_c(self):
        """A program in C calls an object that a script publishes"""
        feed = AnyFeed()
        with Convoke.publish('org.example.Own', feed):
            self.assertEqual(self.buy('org.example.Own', 'oolong'), '3')
        self.assertRegex(self.buy('org.example.Own', 'oolong'), '^failed: No program publishes')

    def test_main_loop(self):
        """A plain object of a script is called in its main loop"""
        feed = Feed()
        loop = GLib.MainLoop()
        told = []

        def customer():
            told.append(self.buy('org.example.Own', 'tea'))
            GLib.idle_add(loop.quit)

        with Convoke.publish('org.example.Own', feed):
            thread = threading.Thread(target=customer)
            thread.start()
            loop.run()
            thread.join()
        self.assertEqual(told, ['1.5'])
        self.assertEqual(feed.threads, [threading.get_ident()])

    def test_own(self):
        """In the script that publishes it an object is itself"""
        feed = Feed()
        with Convoke.publish('org.example.Own', feed):
            self.assertIs(Convoke.attach('org.example.Own', PriceFeed), feed)

    def test_taken(self):
        """A name that is taken is ALREADY_REGISTERED"""
        with shop('org.example.Shop'):
            self.assertError(Convoke.Error.ALREADY_REGISTERED, Convoke.publish, 'org.example.Shop', Feed())

    def test_unpublish_twice(self):
        """Unpublishing twice is NOT_REGISTERED"""
        publication = Convoke.publish('org.example.Own', Feed())
        self.assertEqual(publication.name, 'org.example.Own')
        publication.unpublish()
        self.assertError(Convoke.Error.NOT_REGISTERED, publication.unpublish)


if __name__ == '__main__':
    try:
        tap.main()
    finally:
        shutil.rmtree(DIRECTORY)
