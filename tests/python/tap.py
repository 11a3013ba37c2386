# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the tests of a module: one TAP line for each method, its first line of documentation as the claim."""

import faulthandler
import sys
import unittest

SECONDS = 100


class _Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def _line(self, ok, test, directive='', text=''):
        self.number += 1
        name = test.id().partition('.')[2]
        print('%s %d /python/%s%s' % ('ok' if ok else 'not ok', self.number, name.replace('.', '/'), directive))
        for line in text.splitlines():
            print('#', line)
        sys.stdout.flush()

    def startTest(self, test):
        super().startTest(test)
        print('# %s: %s' % (test.id().partition('.')[2], test.shortDescription() or ''))

    def addSuccess(self, test):
        self._line(True, test)

    def addSkip(self, test, reason):
        self._line(True, test, ' # SKIP ' + reason)

    def addError(self, test, error):
        super().addError(test, error)
        self._line(False, test, text=self.errors[-1][1])

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._line(False, test, text=self.failures[-1][1])

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self._line(False, subtest, text=''.join(text for _, text in (self.errors + self.failures)[-1:]))


def main(module='__main__'):
    # A test that hangs tells where.
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    print('TAP version 13')
    print('1..%d' % suite.countTestCases())
    result = _Result()
    suite.run(result)
    faulthandler.cancel_dump_traceback_later()
    sys.exit(not result.wasSuccessful())
