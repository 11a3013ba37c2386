#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A web server on a free port of the loopback that sends its one resource in quarters, to one client after the other.

Prints its address. The first quarter goes at once, and each line that comes in lets another one go; it serves until
standard input ends.
"""

import socket
import sys
import threading

QUARTER = 1000


def serve(listener, quarters):
    while True:
        client, _ = listener.accept()
        with client:
            try:
                answer(client, quarters)
            except OSError:
                pass  # The client did not want to wait.


def answer(client, quarters):
    request = b''
    while b'\r\n\r\n' not in request:
        data = client.recv(4096)
        if not data:
            return
        request += data
    client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n' % (4 * QUARTER))
    client.sendall(b'x' * QUARTER)
    for _ in range(3):
        quarters.acquire()
        client.sendall(b'x' * QUARTER)


def main():
    quarters = threading.Semaphore(0)
    listener = socket.create_server(('127.0.0.1', 0))
    threading.Thread(target=serve, args=[listener, quarters], daemon=True).start()
    print(f'http://127.0.0.1:{listener.getsockname()[1]}/', flush=True)
    for _ in sys.stdin:
        quarters.release()


if __name__ == '__main__':
    main()
