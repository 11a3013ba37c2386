# SPDX-License-Identifier: LGPL-2.1-or-later
import http.server
import threading

import gi
import tap
from convoke_case import Case, Convoke, GLib, SECONDS

gi.require_version('ConvokeInet', '1')
from gi.repository import ConvokeInet

Outcome = Convoke.HandleOutcome
Status = Convoke.HandleStatus
NONE = ConvokeInet.RequestFlags.NONE


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '300000')
        self.end_headers()
        self.wfile.write(b'x' * 300000)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(201)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Inet(Case):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Shop)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def session(self, asynchronous):
        session = ConvokeInet.Session.new('python', asynchronous)
        session.set_proxy('')
        return session

    def read(self, request):
        size = 0
        while True:
            outcome, data = request.read(64 * 1024)
            self.assertEqual(outcome, Outcome.DONE)
            if data.get_size() == 0:
                return size
            size += data.get_size()

    def test_synchronous(self):
        """A session that blocks: open a URL, read to the end (WI-14, WI-29)"""
        session = self.session(False)
        outcome, request = session.open_url('http://127.0.0.1:%d/' % self.server.server_port, None, NONE, 0)
        self.assertEqual(outcome, Outcome.DONE)
        self.assertEqual(request.query_status(), 200)
        self.assertEqual(request.query_header('content-length', 0), '300000')
        self.assertEqual(self.read(request), 300000)

    def test_write(self):
        """A body in two parts (WI-25)"""
        connection = self.session(False).connect('127.0.0.1', self.server.server_port, ConvokeInet.Service.HTTP, None, None, 0)
        request = connection.open_request('POST', '/', NONE, 0)
        request.send_ex('X-Tea: green', 6)
        for part in b'hot', b'tea':
            self.assertEqual(request.write(GLib.Bytes.new(part)), Outcome.DONE)
        self.assertEqual(request.end(), Outcome.DONE)
        self.assertEqual(request.query_status(), 201)
        self.assertEqual(request.read(100)[1].get_data(), b'hottea')

    def test_told(self):
        """An asynchronous session tells a callback, last that the handle closes (WI-17, WI-32)"""
        loop, told = GLib.MainLoop(), []

        def on_status(handle, context, status, information, *data):
            told.append((context, status))
            if status == Status.REQUEST_COMPLETE:
                handle.close()
            if status == Status.HANDLE_CLOSING:
                loop.quit()

        session = self.session(True)
        session.set_status_callback(on_status)
        outcome, request = session.open_url('http://127.0.0.1:%d/' % self.server.server_port, None, NONE, 5)
        self.assertEqual(outcome, Outcome.PENDING)
        self.assertIsNone(request)
        GLib.timeout_add_seconds(int(SECONDS), loop.quit)
        loop.run()
        self.assertEqual({context for context, status in told}, {5})
        self.assertEqual([status for context, status in told].count(Status.REQUEST_COMPLETE), 1)
        self.assertEqual(told[0][1], Status.HANDLE_CREATED)
        self.assertEqual(told[-1][1], Status.HANDLE_CLOSING)

    def test_refused(self):
        """What is no URL, and what is not spoken, are errors"""
        session = self.session(False)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, session.open_url, 'tea', None, NONE, 0)
        self.assertError(Convoke.Error.NOT_SUPPORTED, session.open_url, 'ftp://127.0.0.1/', None, NONE, 0)
        self.assertError(Convoke.Error.NOT_SUPPORTED, session.connect, '127.0.0.1', 0, ConvokeInet.Service.GOPHER, None, None, 0)


if __name__ == '__main__':
    tap.main()
