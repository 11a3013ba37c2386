#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One download, begun once, and five who learn that it is done: each in the way of one of the systems from which Convoke
comes."""

import os
import subprocess
import sys

import gi
gi.require_version('Convoke', '1')
gi.require_version('Fetch', '1')
from gi.repository import Convoke, Fetch, GLib

VIEWS = ['server side', 'wait', 'callback', 'reply message', 'status callback']
CONTEXT = 42


class SlowServer:
    """The web server, in a process of its own, which ends with this program."""

    def __init__(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'slow_server.py')
        self._process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()

    def send_more(self):
        self._process.stdin.write('\n')
        self._process.stdin.flush()

    def end(self):
        self._process.communicate()


def learn(who, check, well):
    """What a call has ended with, in the words of all."""
    try:
        check()
    except GLib.Error as error:
        well = error.message
    Fetch.diary_write(who, well)


class ViewHandle:
    """WinINet's way: a handle with a context value, and a function that is told of all that happens on it."""

    def __init__(self, call, server):
        self.complete = Convoke.Event.new(False)
        self.closed = Convoke.Event.new(False)
        self.cancel = False
        self._call = call
        self._server = server
        # What is made below it has its callback, and a context value by which that knows it.
        self._root = Convoke.Handle.new(None, 0, True)
        self._root.set_work_queue(Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL))
        self._root.set_status_callback(self._status)
        self._handle = Convoke.Handle.new(self._root, CONTEXT, True)
        self._handle.watch_call(call)

    def close(self):
        """Nothing is told of it any more when this returns."""
        self._root.close()
        self.closed.wait()

    def _status(self, handle, context, status, information):
        def write(what):
            Fetch.diary_write('status callback', f'{context}: {what}')

        if status == Convoke.HandleStatus.HANDLE_CREATED:
            write('created')
        elif status == Convoke.HandleStatus.PROGRESS:
            done, total = information.unpack()
            write(f'{done} of {total} bytes')
            if self.cancel:
                self._call.cancel(grace=None)
            else:
                self._server.send_more()
        elif status == Convoke.HandleStatus.REQUEST_COMPLETE:
            self._write_complete(write, information)
            self.complete.signal()
        elif status == Convoke.HandleStatus.HANDLE_CLOSING:
            write('closing')
            self.closed.signal()

    @staticmethod
    def _write_complete(write, result):
        try:
            result.check()
            write('complete, it has ended well')
        except GLib.Error as error:
            write(f'complete: {error.message}')


class Program:
    def __init__(self):
        self._server = SlowServer()
        self._call = Convoke.create_call(Fetch.WebDownload.new(), Fetch.Download)
        self._invoked = Convoke.Event.new(False)

    def add_views(self):
        """Who learns of each call that is begun on the call object from now on, beside who waits for it."""
        self._call.add_async_callback(Convoke.callback(self.invoked, Convoke.WorkQueue.new(Convoke.WorkQueueKind.SERIAL)))
        self._port = Convoke.ReplyPort.new(0)
        self._port.attach(self._call)
        self._handle = ViewHandle(self._call, self._server)

    def wait_and_finish(self):
        """COM's way: waits for the call, and takes the result."""
        self._call.wait()
        try:
            what = f'there are {self._call.finish_fetch()} bytes'
        except GLib.Error as error:
            what = error.message
        Fetch.diary_write('wait', what)

    def invoked(self, result):
        """Media Foundation's way: a callback that is invoked on a work queue, with a result."""
        learn('callback', result.check_status, 'it has ended well')
        self._invoked.signal()

    def get_message(self):
        """TAPI's way: takes a message from a port, which says which request it is about."""
        message = self._port.get_message()
        learn('reply message', message.check, f'request {message.get_request_id()} has ended well')

    def run(self):
        self._call.begin_fetch(self._server.url)
        self.wait_and_finish()
        self.get_message()
        self._invoked.wait()
        self._handle.complete.wait()

    def run_both(self):
        Fetch.diary_start()
        self.add_views()
        self.run()
        print('A download, and how each learns that it is done')
        print(Fetch.diary_tell(VIEWS), end='')

        Fetch.diary_start()
        self._handle.cancel = True
        self.run()
        self._handle.close()
        print('\nThe same, cancelled in the middle')
        print(Fetch.diary_tell(VIEWS), end='')

    def end(self):
        self._server.end()


def main():
    program = Program()
    try:
        program.run_both()
    finally:
        program.end()


if __name__ == '__main__':
    main()
