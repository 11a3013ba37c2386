# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shop Fourth Coffee: a component in Python that fetches its price list over HTTP.

It is written as a blocking object; who calls it decides how to wait.
"""

import errno
import http.client
import json
import os
import socket
import ssl
import threading
import urllib.parse

import gi
gi.require_version('Convoke', '1')
gi.require_version('Demo', '1')
from gi.repository import Convoke, Demo, GLib, GObject

MAX_LIST_SIZE = 64 * 1024
MAX_ITEMS = 500
MAX_NAME_LENGTH = 64
MAX_PRICE = 1000000


def failure(code, words):
    return GLib.Error.new_literal(Demo.price_feed_error_quark(), words, code)


def refusal(why):
    return failure(Demo.PriceFeedError.NOT_A_PRICE_LIST, 'not a price list: ' + why)


class Stop:
    """Ends a request from outside, at a time-out or a cancel: shuts its socket, which wakes whoever reads it."""

    def __init__(self, timeout, cancellable):
        self._lock = threading.Lock()
        self._socket = None
        self.error = None
        self._timer = None
        self._cancellable = cancellable
        self._handler = 0
        if timeout:
            words = f'no answer within {timeout} ms'
            self._timer = threading.Timer(timeout / 1000, self._stop, [Demo.PriceFeedError.TIMED_OUT, words])
            self._timer.daemon = True

    def __enter__(self):
        if self._timer:
            self._timer.start()
        if self._cancellable:
            self._handler = self._cancellable.connect(
                lambda *_: self._stop(Demo.PriceFeedError.CANCELLED, 'cancelled'))
        return self

    def __exit__(self, *_):
        if self._timer:
            self._timer.cancel()
        if self._handler:
            self._cancellable.disconnect(self._handler)

    def watch(self, sock):
        """From here on a stop shuts sock. Fails when it came before."""
        with self._lock:
            self._socket = sock
            if self.error:
                raise self.error

    def unwatch(self):
        """Fails when a stop came meanwhile: the end that it made looks like one that the server made."""
        self.watch(None)

    def _stop(self, code, words):
        with self._lock:
            if not self.error:
                self.error = failure(code, words)
            if self._socket:
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # The other side was faster.


def connect(url, timeout, stop):
    parts = urllib.parse.urlsplit(url)
    secure = parts.scheme == 'https'
    if parts.scheme not in ('http', 'https') or not parts.hostname:
        raise ValueError('no HTTP')
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout / 1000 if timeout else None)
    try:
        connection.connect()
        stop.watch(connection.sock)
        path = urllib.parse.quote(parts.path or '/', safe="/%:@!$&'()*+,;=~")
        query = '?' + urllib.parse.quote(parts.query, safe="/?%:@!$&'()*+,;=~") if parts.query else ''
        connection.request('GET', path + query)
    except BaseException:
        connection.close()
        raise
    return connection


def read_answer(connection):
    response = connection.getresponse()
    if response.status != 200:
        raise failure(Demo.PriceFeedError.REFUSED, f'HTTP {response.status}')
    body = response.read(MAX_LIST_SIZE + 1)
    if len(body) > MAX_LIST_SIZE:
        raise refusal(f'more than {MAX_LIST_SIZE} bytes')
    # A read with a limit does not tell on its own that the body ended too early.
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    return body


def in_words(error, url, timeout):
    """The GLib.Error that says what the exception means."""
    kinds = Demo.PriceFeedError
    if isinstance(error, GLib.Error):
        return error
    if isinstance(error, (TimeoutError, socket.timeout)):
        return failure(kinds.TIMED_OUT, f'no answer within {timeout} ms')
    if isinstance(error, ssl.SSLError):
        return failure(kinds.UNREACHABLE, 'no trusted TLS connection')
    if isinstance(error, socket.gaierror):
        return failure(kinds.UNREACHABLE, 'host not found')
    if isinstance(error, ConnectionRefusedError):
        return failure(kinds.UNREACHABLE, 'connection refused')
    if isinstance(error, http.client.RemoteDisconnected):
        return failure(kinds.FAILED, 'the connection was closed without an answer')
    if isinstance(error, (http.client.IncompleteRead, ConnectionResetError, BrokenPipeError)):
        return failure(kinds.FAILED, 'the answer broke off')
    if isinstance(error, http.client.InvalidURL):
        return failure(kinds.UNREACHABLE, f'not an HTTP address: "{url}"')
    if isinstance(error, http.client.HTTPException):
        return failure(kinds.FAILED, 'the answer is not HTTP')
    if isinstance(error, OSError):
        words = os.strerror(error.errno) if error.errno in errno.errorcode else str(error)
        return failure(kinds.UNREACHABLE, 'no connection: ' + words)
    # What urllib.parse and http.client say of an address that they cannot read.
    return failure(kinds.UNREACHABLE, f'not an HTTP address: "{url}"')


def http_get(url, timeout, cancellable):
    with Stop(timeout, cancellable) as stop:
        try:
            connection = connect(url, timeout, stop)
            try:
                return read_answer(connection)
            finally:
                connection.close()
                stop.unwatch()
        except (GLib.Error, OSError, ValueError, http.client.HTTPException) as error:
            # A stop shows as whatever the shut socket made of it.
            raise stop.error or in_words(error, url, timeout) from None


def check_name(name):
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        raise refusal(f"an item's name has {len(name)} characters")
    # Names are printed to terminals.
    if not name.isprintable():
        raise refusal("an item's name cannot be printed")


def check_price(name, price):
    if isinstance(price, bool) or not isinstance(price, (int, float)):
        raise refusal(f'the price of "{name}" is not a number')
    if not (0 <= price <= MAX_PRICE):
        raise refusal(f'the price of "{name}" is not between 0 and {MAX_PRICE}')
    return float(price)


def refuse_constant(name):
    raise ValueError(name + ' is not JSON')


def parse_prices(body):
    if body.count(b'[') + body.count(b'{') > MAX_ITEMS:
        raise refusal('too many brackets')
    try:
        document = json.loads(body.decode('utf-8'), parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise refusal('not JSON') from None
    prices = document.get('prices') if isinstance(document, dict) else None
    if not isinstance(prices, dict):
        raise refusal('no object "prices"')
    if len(prices) > MAX_ITEMS:
        raise refusal(f'more than {MAX_ITEMS} items')
    for name, price in prices.items():
        check_name(name)
        prices[name] = check_price(name, price)
    return GLib.Variant('a{sd}', prices)


# One request at a time, on whichever thread: the caller's loop stays free.
@Convoke.threading('serial')
class FourthCoffee(GObject.Object, Demo.PriceFeed, Demo.WebShop):
    __gtype_name__ = 'FourthCoffee'

    url = GObject.Property(type=str)
    timeout = GObject.Property(type=GObject.TYPE_UINT, default=0)

    def do_get_prices(self):
        return parse_prices(http_get(self.url or '', self.timeout, self._dup_cancellable()))

    def do_get_price(self, item):
        prices = self.do_get_prices().unpack()
        if item not in prices:
            raise failure(Demo.PriceFeedError.NO_SUCH_ITEM, f'no "{item}" here')
        return prices[item]

    @staticmethod
    def _dup_cancellable():
        """The caller's wish to stop, when the call came through Convoke."""
        try:
            return Convoke.CallContext.dup_current().dup_cancellable()
        except GLib.Error:
            return None
