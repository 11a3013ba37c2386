#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The two shops' web servers, on free ports of the loopback, each with its own latency, over which its answer
comes in parts.

Prints one address per line, in the order of the latencies, and serves until standard input ends: a program that starts
it and goes away, however it goes, takes it along.
"""

import argparse
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRICES = [
    {'americano': 2.2, 'cappuccino': 3.1, 'espresso': 1.9, 'flat white': 3.6, 'latte': 3.4},
    {'americano': 2.4, 'cappuccino': 2.9, 'espresso': 1.9, 'latte': 3.2, 'mocha': 3.8},
]


PARTS = 10


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({'prices': self.server.prices}).encode()
        try:
            self.send_response(200)
            self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self._drip(body)
        except ConnectionError:
            pass  # The client did not want to wait.

    def _drip(self, body):
        """Sends it in parts over the whole of the latency."""
        size = len(body) // PARTS + 1
        for start in range(0, PARTS * size, size):
            time.sleep(self.server.latency / 1000 / PARTS)
            self.wfile.write(body[start:start + size])

    def log_message(self, *_):
        pass


def serve(latency, prices):
    server = ThreadingHTTPServer(('127.0.0.1', 0), Shop)
    server.latency = latency
    server.prices = prices
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'http://127.0.0.1:{server.server_port}/'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('latency', type=int, nargs=2, help='in milliseconds')
    arguments = parser.parse_args()
    for latency, prices in zip(arguments.latency, PRICES):
        print(serve(latency, prices), flush=True)
    try:
        sys.stdin.read()
    except KeyboardInterrupt:
        pass


if __name__ == '__main__':
    main()
