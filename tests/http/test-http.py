# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tests' own HTTP server does what its header says. Called with the program."""

import contextlib
import http.client
import os
import socket
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.environ['G_TEST_SRCDIR'], 'examples'))

from tap import Plan, equal

PATIENCE = 30
CERTIFICATES = os.path.join(os.environ['G_TEST_SRCDIR'], 'http', 'certificates')


class Server:
    def __init__(self):
        self.process = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.port = int(self.process.stdout.readline())

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


plan = Plan()
server = Server()


def body(n, start=0):
    return bytes(ord('a') + i % 26 for i in range(start, start + n))


def connect():
    return contextlib.closing(http.client.HTTPConnection('127.0.0.1', server.port, timeout=PATIENCE))


def get(path, method='GET', data=None, headers={}):
    with connect() as connection:
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def raw(path):
    """All that comes until the end of the connection."""
    with socket.create_connection(('127.0.0.1', server.port), PATIENCE) as client:
        client.sendall(f'GET {path} HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
        got = b''
        while data := client.recv(65536):
            got += data
        return got


@plan.claim('/http/plain', 'A body of so many bytes, of a pattern')
def _():
    for n in (0, 1, 27, 100000):
        equal(get(f'/plain/{n}'), (200, body(n)))
    equal(get('/until-close/40'), (200, body(40)))


@plan.claim('/http/chunked', 'Chunks make one body')
def _():
    equal(get('/chunked/7/100'), (200, body(700)))


@plan.claim('/http/keep-alive', 'A connection serves requests until one says close')
def _():
    before = server.ask('connections')
    with connect() as connection:
        for path in ('/plain/5', '/chunked/2/3', '/close/5'):
            connection.request('GET', path)
            answer = connection.getresponse()
            equal(answer.read(), body(6 if 'chunked' in path else 5))
        assert answer.will_close
    equal(server.ask('connections') - before, 1)


@plan.claim('/http/slow', 'Each part of a slow body waits for the test')
def _():
    with connect() as connection:
        connection.request('GET', '/slow/tea/3/10')
        answer = connection.getresponse()
        for i in range(3):
            server.ask('release', 'tea', 1)
            equal(answer.read(10), body(10, i * 10))
    server.ask('release', 'milk', 3)
    equal(get('/slow-chunked/milk/3/10'), (200, body(30)))


@plan.claim('/http/held', 'A held answer does not begin before the test lets it')
def _():
    with connect() as connection:
        before = server.ask('requests')
        connection.request('GET', '/held/cup/4')
        equal(server.ask('wait-requests', before + 1), 1)
        connection.sock.setblocking(False)
        try:
            raise AssertionError(connection.sock.recv(1))
        except BlockingIOError:
            pass
        connection.sock.settimeout(PATIENCE)
        server.ask('release', 'cup', 1)
        equal(connection.getresponse().read(), body(4))


@plan.claim('/http/gone', 'A client that goes away is noticed, also in a silence')
def _():
    for path in ('/silent', '/headers-only', '/held/never/1'):
        with connect() as connection:
            before = server.ask('requests')
            connection.request('GET', path)
            equal(server.ask('wait-requests', before + 1), 1)
        equal(server.ask('wait-open', 0), 1)


@plan.claim('/http/redirect', 'Hops, a loop, and an address of one\'s own')
def _():
    def place(path):
        with connect() as connection:
            connection.request('GET', path)
            answer = connection.getresponse()
            return answer.status, answer.getheader('Location')
    equal(place('/redirect/2'), (302, '/redirect/1'))
    equal(place('/loop'), (302, '/loop'))
    equal(place('/redirect-to/' + urllib.parse.quote('http://b.invalid:1/c d', '')), (302, 'http://b.invalid:1/c d'))
    equal(get('/redirect/0'), (200, body(8)))


@plan.claim('/http/status', 'Status codes, with a body where one is allowed')
def _():
    equal(get('/status/404'), (404, b'404'))
    equal(get('/status/500'), (500, b'500'))
    equal(get('/status/204'), (204, b''))
    equal(get('/no/such')[0], 404)
    equal(get('/plain/5', method='HEAD'), (200, b''))


@plan.claim('/http/echo', 'What is sent comes back, with a length and in chunks')
def _():
    for n in (0, 10, 3000000):
        equal(get('/echo', 'POST', body(n)), (200, body(n)))
    equal(get('/echo', 'POST', iter([b'ab', b'\0\r\n', b'c'])), (200, b'ab\0\r\nc'))
    equal(get('/echo', 'POST', b'12', {'Expect': '100-continue'}), (200, b'12'))
    assert b'\r\nX-Cup: 1\r\n' in get('/request', headers={'X-Cup': '1'})[1]
    equal(get('/json/' + urllib.parse.quote('{"a": 1/2}', '')), (200, b'{"a": 1/2}'))


@plan.claim('/http/wrong-length', 'More and less than was announced')
def _():
    assert raw('/announced/10/sent/4').endswith(b'Length: 10\r\nConnection: close\r\n\r\nabcd')
    assert raw('/announced/4/sent/10').endswith(b'Length: 4\r\nConnection: close\r\n\r\nabcdefghij')
    assert raw('/truncated-chunk').endswith(b'40\r\nabcdefgh')


@plan.claim('/http/not-http', 'Bytes that are no HTTP, and no bytes')
def _():
    assert raw('/garbage').startswith(b'220 ')
    assert b'\r\nmany\r\n' in raw('/bad-chunk')
    equal(raw('/closed'), b'')
    for path in ('/reset', '/reset-after/10'):
        try:
            raise AssertionError(raw(path))
        except ConnectionResetError:
            pass


@plan.claim('/http/endless', 'A body that never ends, and many headers')
def _():
    with connect() as connection:
        connection.request('GET', '/endless')
        equal(connection.getresponse().read(26 * 10000), body(26 * 10000))
    equal(server.ask('wait-open', 0), 1)
    head = get('/huge-headers/90')
    equal(head, (200, body(8)))
    server.ask('release', 'head', 1)
    equal(get('/slow-headers/head'), (200, body(8)))


@plan.claim('/http/tls', 'The same over TLS, to who trusts its authority')
def _():
    port = server.ask('tls', 'localhost.pem')
    context = ssl.create_default_context(cafile=os.path.join(CERTIFICATES, 'authority.pem'))
    with urllib.request.urlopen(f'https://localhost:{port}/plain/100000', context=context, timeout=PATIENCE) as answer:
        equal(answer.read(), body(100000))
    try:
        urllib.request.urlopen(f'https://localhost:{port}/plain/1', timeout=PATIENCE)
        raise AssertionError('trusted by everybody')
    except urllib.error.URLError as error:
        assert isinstance(error.reason, ssl.SSLCertVerificationError), error


@plan.claim('/http/ends', 'The server ends with its test, also when a client still waits')
def _():
    with connect() as connection:
        before = server.ask('requests')
        connection.request('GET', '/silent')
        equal(server.ask('wait-requests', before + 1), 1)
        server.process.stdin.close()
        equal(server.process.wait(PATIENCE), 0)


plan.run()
