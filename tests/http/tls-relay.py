#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes TLS off: each connection to its own port, which it prints, goes on in the clear to a port of the loopback.

Ends when its standard input does. What one side sends is passed on, and so is the end of it, and a reset.
"""

import socket
import ssl
import struct
import sys
import threading

PATIENCE = 30


def pass_on(source, sink):
    try:
        while data := source.recv(16384):
            sink.sendall(data)
    except ConnectionError:
        # What was cut off must not look like a good end.
        sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    except OSError:
        pass


def relay(client, context, port):
    try:
        client.settimeout(PATIENCE)
        with context.wrap_socket(client, server_side=True) as plain, \
                socket.create_connection(('127.0.0.1', port), timeout=PATIENCE) as server:
            there = threading.Thread(target=forward, args=[plain, server], daemon=True)
            there.start()
            pass_on(server, plain)
            end(plain)
            there.join()
    except OSError:
        client.close()


def forward(plain, server):
    pass_on(plain, server)
    try:
        server.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def end(plain):
    try:
        plain.unwrap().shutdown(socket.SHUT_WR)
    except OSError:
        plain.close()


def serve(listener, context, port):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=relay, args=[client, context, port], daemon=True).start()


def main():
    certificate, port = sys.argv[1], int(sys.argv[2])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(('127.0.0.1', 0))
    threading.Thread(target=serve, args=[listener, context, port], daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()


if __name__ == '__main__':
    main()
