# SPDX-License-Identifier: LGPL-2.1-or-later
"""A shop's web server that does to its clients whatever the path names."""

import json
import socket
import threading

GOOD = {'espresso': 2.5, 'latte': 3, 'Café ☕': 0}


def answer(body, status='200 OK', length=None):
    body = body if isinstance(body, bytes) else body.encode()
    length = len(body) if length is None else length
    return f'HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n'.encode() + body


def prices(**items):
    return answer(json.dumps({'prices': items}))


def priced(text):
    return answer('{"prices": {"latte": %s}}' % text)


NOT = 'not a price list: '
RANGE = NOT + 'the price of "latte" is not between 0 and 1000000'
NUMBER = NOT + 'the price of "latte" is not a number'
TOO_LARGE = NOT + 'more than 65536 bytes'

# What is sent, and how a shop has to say it.
ANSWERS = {
    'refused-503': (answer('closed', '503 Service Unavailable'), 'HTTP 503'),
    'refused-500-huge': (answer('x' * 1000000, '500 Oops'), 'HTTP 500'),
    'refused-404-empty': (answer('', '404 Not Found'), 'HTTP 404'),
    'redirect': (answer('', '302 Found\r\nLocation: /good'), 'HTTP 302'),
    'no-content': (b'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP 204'),
    'not-http': (b'220 ftp.example.org ready\r\n', 'the answer is not HTTP'),
    'closed': (b'', 'the connection was closed without an answer'),
    'truncated': (answer('{"prices": {', length=500), 'the answer broke off'),
    'truncated-whole-json': (answer('{"prices": {}}', length=500), 'the answer broke off'),
    'truncated-chunk': (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"prices"', 'the answer broke off'),
    'empty': (answer(''), NOT + 'not JSON'),
    'html': (answer('<html>Welcome</html>'), NOT + 'not JSON'),
    'broken-json': (answer('{"prices": {"latte": 3'), NOT + 'not JSON'),
    'comment': (answer('{"prices": {}} // none'), NOT + 'not JSON'),
    'assignment': (answer('var list = {"prices": {}};'), NOT + 'not JSON'),
    'huge-integer': (priced('9' * 400), RANGE),
    'binary': (answer(b'\0\xff\xfe{}'), NOT + 'not JSON'),
    'bad-utf8': (answer(b'{"prices": {"caf\xe9": 1}}'), NOT + 'not JSON'),
    'number': (answer('42'), NOT + 'no object "prices"'),
    'array': (answer('[{"prices": {}}]'), NOT + 'no object "prices"'),
    'null': (answer('null'), NOT + 'no object "prices"'),
    'no-prices': (answer('{"price": {}}'), NOT + 'no object "prices"'),
    'prices-array': (answer('{"prices": [1, 2]}'), NOT + 'no object "prices"'),
    'prices-null': (answer('{"prices": null}'), NOT + 'no object "prices"'),
    'price-string': (priced('"3.20"'), NUMBER),
    'price-boolean': (priced('true'), NUMBER),
    'price-null': (priced('null'), NUMBER),
    'price-object': (priced('{}'), NUMBER),
    'price-negative': (priced('-0.5'), RANGE),
    'price-infinite': (priced('1e999'), RANGE),
    'price-too-high': (priced('1000001'), RANGE),
    'price-nan': (priced('NaN'), NOT + 'not JSON'),
    'price-constant': (priced('-Infinity'), NOT + 'not JSON'),
    'name-empty': (prices(**{'': 1}), NOT + "an item's name has 0 characters"),
    'name-long': (prices(**{'x' * 65: 1}), NOT + "an item's name has 65 characters"),
    'name-escape': (prices(**{'\x1b[2J': 1}), NOT + "an item's name cannot be printed"),
    'many-items': (prices(**{str(n): n for n in range(501)}), NOT + 'more than 500 items'),
    'deep': (answer('[' * 60000), NOT + 'too many brackets'),
    'huge': (answer(' ' * 100000), TOO_LARGE),
    'huge-announced': (answer(' ' * 100000, length=10 ** 12), TOO_LARGE),
}

FOR_EVER = {
    # Never ends, but is refused before the time is up.
    'endless-body': (b'HTTP/1.1 200 OK\r\n\r\n', b' ' * 4096, TOO_LARGE),
    'endless-chunks': (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', b'1000\r\n' + b' ' * 4096 + b'\r\n',
                       TOO_LARGE),
    'endless-headers': (b'HTTP/1.1 200 OK\r\n', b'X-Filler: ' + b'x' * 1000 + b'\r\n', 'the answer is not HTTP'),
}

SLOW = {
    # Drips, so that each single read succeeds: only the whole is too slow.
    'silent': (b'', b''),
    'slow-headers': (b'HTTP/1.1 200 OK\r\n', b'X-Slow: 1\r\n'),
    'slow-body': (b'HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n{', b' '),
    'slow-continue': (b'', b'HTTP/1.1 100 Continue\r\n\r\n'),
}


class Server:
    def __init__(self):
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.port = self._listener.getsockname()[1]
        self.n_gone = threading.Semaphore(0)    # released when a slow answer's client went away
        self.n_asked = threading.Semaphore(0)   # released when a request came
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, name):
        return f'http://127.0.0.1:{self.port}/{name}'

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        with client:
            try:
                request = b''
                while b'\r\n\r\n' not in request:
                    data = client.recv(4096)
                    if not data:
                        return
                    request += data
                self.n_asked.release()
                self._answer(client, request.split()[1].decode().lstrip('/'))
                client.shutdown(socket.SHUT_WR)
                client.settimeout(5)
                client.recv(1)   # No reset before the client has read all.
            except OSError:
                pass

    def _answer(self, client, name):
        if name == 'good':
            client.sendall(answer(json.dumps({'prices': GOOD})))
        elif name in ANSWERS:
            client.sendall(ANSWERS[name][0])
        elif name in FOR_EVER:
            client.sendall(FOR_EVER[name][0])
            while True:
                client.sendall(FOR_EVER[name][1])
        elif name in SLOW:
            self._drip(client, *SLOW[name])

    def _drip(self, client, first, drop):
        client.sendall(first)
        client.settimeout(0.02)
        while True:
            try:
                if drop:
                    client.sendall(drop)
                if not client.recv(1):
                    break
            except socket.timeout:
                continue
            except OSError:
                break
        self.n_gone.release()


def closed_port():
    """The address of a port that nobody listens on; the socket keeps it from others."""
    keeper = socket.socket()
    keeper.bind(('127.0.0.1', 0))
    return keeper, f'http://127.0.0.1:{keeper.getsockname()[1]}/'
