# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command `convoke`."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 60.0
DIRECTORY = tempfile.mkdtemp(prefix='convoke-command-')
os.environ['XDG_RUNTIME_DIR'] = DIRECTORY
os.environ['CONVOKE_COMPONENT_PATH'] = os.path.join(HERE, 'components')


class Shop:
    """A program that publishes a shop, until the end of the block."""

    def __enter__(self):
        self.process = subprocess.Popen([os.environ['CONVOKE_TEST_PUBLISHER'], 'loop', 'org.example.Shop'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == 'ready\n'
        return self.process

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Command(unittest.TestCase):
    def run_command(self, *words):
        """(exit code, what it printed, what it complained of)"""
        done = subprocess.run([sys.executable, os.environ['CONVOKE_TEST_COMMAND'], *words],
                              capture_output=True, text=True, timeout=SECONDS)
        self.assertNotIn('Traceback', done.stderr)
        return done.returncode, done.stdout, done.stderr

    def assertComplains(self, words, *command):
        code, said, complained = self.run_command(*command)
        self.assertEqual((code, said), (1, ''))
        self.assertRegex(complained, r'^convoke: .*%s' % words)

    def test_list(self):
        """list has the classes with their interfaces"""
        code, said, complained = self.run_command('list', '--interface', 'ConvokeTest-1.PriceFeed')
        self.assertEqual((code, complained), (0, ''))
        self.assertIn('org.example.TeaFeed\tConvokeTest-1.PriceFeed\n', said)
        self.assertNotIn('org.example.TeaHouse', said)

    def test_list_problems(self):
        """list tells what is wrong with a file, and has the others"""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'org.example.Broken.component'), 'w', encoding='utf-8') as file:
                file.write('[Component]\nNonsense\n')
            shutil.copy(os.path.join(HERE, 'components', 'org.example.TeaFeed.component'), folder)
            os.environ['CONVOKE_COMPONENT_PATH'], before = folder, os.environ['CONVOKE_COMPONENT_PATH']
            try:
                code, said, complained = self.run_command('list')
            finally:
                os.environ['CONVOKE_COMPONENT_PATH'] = before
        self.assertEqual(code, 1)
        self.assertIn('org.example.TeaFeed\t', said)
        self.assertEqual(complained.count('org.example.Broken.component'), 1, complained)

    def test_published(self):
        """published has the names of the living"""
        self.assertEqual(self.run_command('published'), (0, '', ''))
        with Shop():
            self.assertEqual(self.run_command('published'), (0, 'org.example.Shop\n', ''))

    def test_call(self):
        """call calls a published object, and prints the result"""
        with Shop() as shop:
            for item in ('pid', '"pid"', "'pid'"):
                self.assertEqual(self.run_command('call', 'org.example.Shop', 'ConvokeTest-1.PriceFeed.get_price', item),
                                 (0, '%.1f\n' % shop.pid, ''))

    def test_call_activate(self):
        """call --activate makes an object of a class for the call"""
        self.assertEqual(self.run_command('call', '--activate', 'org.example.TeaFeed',
                                          'ConvokeTest-1.PriceFeed.get_price', 'oolong'), (0, '1.5\n', ''))

    def test_timeout(self):
        """A call that takes too long fails"""
        with Shop():
            self.assertComplains('', 'call', '--timeout', '0.1', 'org.example.Shop',
                                 'ConvokeTest-1.PriceFeed.get_price', 'until-cancelled')

    def test_error(self):
        """An error of the method is printed, and the exit code tells"""
        with Shop():
            self.assertComplains('There is no tea', 'call', 'org.example.Shop', 'ConvokeTest-1.PriceFeed.get_price', 'tea')

    def test_mistakes(self):
        """What cannot be called is said in a line"""
        with Shop():
            self.assertComplains('No program publishes', 'call', 'org.example.Nobody', 'ConvokeTest-1.PriceFeed.count_items')
            self.assertComplains('is no method', 'call', 'org.example.Shop', 'get_price', 'tea')
            self.assertComplains('has no method nonsense', 'call', 'org.example.Shop', 'ConvokeTest-1.PriceFeed.nonsense')
            self.assertComplains('takes 1 argument', 'call', 'org.example.Shop', 'ConvokeTest-1.PriceFeed.get_price', 'a', 'b')
            self.assertComplains('', 'call', 'org.example.Shop', 'ConvokeTest-1.PriceFeed.get_price')
            self.assertComplains('Nowhere', 'call', 'org.example.Shop', 'Nowhere-1.Thing.get', 'tea')
            self.assertComplains('is no interface', 'call', 'org.example.Shop', 'ConvokeTest-1.Server.tick', '1')


if __name__ == '__main__':
    try:
        tap.main()
    finally:
        shutil.rmtree(DIRECTORY)
