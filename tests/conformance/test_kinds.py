# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every claim of tests/lib/kinds.py, called from Python: as Python calls a method, and through a call object.

    test_kinds.py SERVER DISTANCE

See test-kinds.c; the cells and how they are counted are the same.
"""

import faulthandler
import os
import signal
import sys

import place
from told import Caller, METHODS, KINDS, ConvokeTest, kinds, make, same, tell, values
from gi.repository import Convoke, GLib

LIMIT = 60.0
TOO_LONG = 200


class Cell:
    """One claim: a method, what goes in, what is wanted to come out."""

    def __init__(self, method, i):
        texts = kinds.cells(method)[i]
        self.method = method
        self.kind = method.kind
        self.takes = method.direction in ('in', 'inout')
        self.gives = method.direction != 'in'
        self.value, self.want = (_parsed(method, text) for text in texts)
        self.cannot = (SERVER == 'python' and kinds.cannot_serve(method, *texts)) or kinds.cannot_call(method, *texts)
        self.told = self.got = self.error = None

    @property
    def args(self):
        return ([self.want] if self.gives else []) + ([make(self.kind, self.value, WHO)] if self.takes else [])

    def take(self, results):
        """Keeps what came: what was told, then the value."""
        results = list(results) if self.takes and self.gives else [results]
        if self.takes:
            self.told = results.pop(0)
        if self.gives:
            self.got = tell(self.kind, results.pop(0), WHO)

    def _is(self, came, meant):
        if same(came, meant):
            return True
        # Where a value cannot be NULL, an array without a place is an empty one.
        return (came is not None and not self.method.null and self.kind.variant.startswith('a') and came.n_children() == 0
                and meant.get_child_value(0).n_children() == 0)

    def is_refused(self):
        """What cannot leave the process is not tried: the call is refused, and the method named."""
        return (isinstance(self.error, GLib.Error) and self.method.name in self.error.message
                and self.error.matches(Convoke.error_quark(), Convoke.Error.NOT_SUPPORTED))

    def is_kept(self):
        if kinds.is_confined(self.kind) and DISTANCE == 'process':
            return self.is_refused()
        return (self.error is None and (not self.takes or self._is(self.told, self.value))
                and (not self.gives or self._is(self.got, self.want)))

    def run(self, call):
        try:
            results = call(self.method, self.args)
        except Exception as error:
            results = self.error = error
        try:
            if self.kind.family == 'thrown' and isinstance(self.error, GLib.Error):
                self.error = None
            if self.error is None:
                self.take(results)
        except Exception as error:
            self.error = error
        return self.is_kept()

    def tell_failure(self):
        print('# %s: %r in, %r told; %r wanted, %r got; %r' % (
            self.method.name, *(_short(v) for v in (self.value, self.told, self.want, self.got)), self.error))


_PARSED = {}


def _parsed(method, text):
    key = (kinds.variant_type(method.kind), text)
    if key not in _PARSED:
        _PARSED[key] = ConvokeTest.parse_value(*key)
        # As bytes, so that what is made of it does not live on as a part of it.
        _PARSED[key].get_data_as_bytes()
    return _PARSED[key]


def _short(variant):
    return variant.print_(True) if variant is not None and variant.get_size() < 1000 else variant


# -- the ways to call --

def call_method(method, args):
    result = getattr(ConvokeTest.Kinds, method.name)(OBJECT, *args)
    if place.is_proxy(OBJECT) and method.direction != 'throw':
        error = Convoke.dup_last_error(OBJECT)
        if error is not None:
            raise error
    return result


def call_object(method, args):
    call = Convoke.create_call(OBJECT, ConvokeTest.Kinds)
    getattr(call, 'begin_' + method.name)(*args)
    call.wait(LIMIT)
    return getattr(call, 'finish_' + method.name)()


WAYS = {'method': call_method, 'call-object': call_object}


# -- rows --

class Suite:
    def __init__(self):
        self.kept = self.refused = self.cannot = self.lines = self.failed = 0

    def line(self, ok, name):
        self.lines += 1
        self.failed += not ok
        print('%s %d /conformance/kinds/%s/%s/%s' % ('ok' if ok else 'not ok', self.lines, SERVER, DISTANCE, name), flush=True)

    def check_kind(self, way, kind):
        ok = True
        for cell in cells_of(kind):
            if cell.cannot:
                self.cannot += 1
            elif cell.run(WAYS[way]):
                self.kept += cell.error is None
                self.refused += cell.error is not None
            else:
                ok = False
                cell.tell_failure()
        self.line(ok, '%s/%s' % (way, kind.name))

    def check_cannot(self, kind):
        """What PyGObject itself cannot do fails where nothing of ours is in between."""
        cells = [cell for cell in cells_of(kind) if cell.cannot]
        for cell in cells:
            print('# PyGObject cannot do %s: %s' % (cell.method.name, cell.cannot))
        done = 0
        kept = b''
        while done < len(cells):
            told, died = in_child(cells[done:])
            kept += told
            done += len(told) + died
        # What is freed too early or too often can live on for a while.
        lucky = sum('freed' in cell.cannot for cell in cells)
        self.line(kept.count(b'k') <= lucky and kept.count(b'k') < len(cells), 'cannot/%s' % kind.name)


def cells_of(kind):
    for method in METHODS:
        if method.kind is kind:
            for i in range(len(kinds.cells(method))):
                yield Cell(method, i)


def in_child(cells):
    """Runs cells in a child, as one may take its process along: a byte for each that ended, and whether one did not."""
    ours, theirs = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        for cell in cells:
            # What was freed can look like a lock that is held.
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            os.write(theirs, b'k' if cell.run(call_method) else b'f')
        os._exit(0)
    os.close(theirs)
    told = b''
    while True:
        more = os.read(ours, 4096)
        if not more:
            break
        told += more
    os.close(ours)
    return told, os.waitpid(pid, 0)[1] != 0


def main():
    faulthandler.enable()
    # PyGObject warns of outs that it then gives all the same.
    GLib.log_set_handler(None, GLib.LogLevelFlags.LEVEL_WARNING, lambda *args: None, None)
    faulthandler.dump_traceback_later(TOO_LONG, exit=True)
    suite = Suite()
    # Where both sides are Python, two mistakes can undo each other; each was shown by itself.
    shown = DISTANCE == 'direct' and SERVER == 'c'
    show = [kind for kind in KINDS if shown and any(cell.cannot for cell in cells_of(kind))]
    print('TAP version 13\n1..%d' % (len(KINDS) * len(WAYS) + len(show)))
    for kind in show:
        suite.check_cannot(kind)
    for way in WAYS:
        for kind in KINDS:
            suite.check_kind(way, kind)
    print('# cells: %d kept, %d refused as they have to be, %d that PyGObject itself cannot do (Python client, %s server, %s)' % (
        suite.kept, suite.refused, suite.cannot, SERVER, DISTANCE))
    faulthandler.cancel_dump_traceback_later()
    return suite.failed > 0 or suite.kept == 0


SERVER, DISTANCE = sys.argv[1:]
OBJECT = place.activate(SERVER, DISTANCE, 'KindServer', ConvokeTest.Kinds)
WHO = Caller(OBJECT)
# The server gives back who was given to it once.
OBJECT.in_feed(WHO.feed)

if __name__ == '__main__':
    status = main()
    del WHO, OBJECT
    sys.exit(status)
