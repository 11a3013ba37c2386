#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs in the pages run and print what they should.

usage: test-pages.py SOURCE-ROOT CC FLAG-OR-LIBRARY...

The blocks of one language in a page are one program; in the pages of components and of automation each block is the
file that the line above it names. A block that names a file beside its language is that file, without its licence.
"""

import functools
import http.server
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading

PROGRAMS = [
    ('README.md', 'python', 'asked for the price\nespresso 2.5\nlatte 3.25\n'),
    ('README.md', 'c', 'asked for the price\nespresso 2.50\n'),
    ('docs/first-component.md', 'python',
     'plain 3.25\nbegun\nespresso 2.5\nespresso 2.5\nlatte 3.25\ntea no tea here\ntogether 5.75\n'),
    ('docs/first-component.md', 'c', 'espresso 2.50\nno tea here\n'),
    ('docs/composition.md', 'python', 'True True True\n0 save Notes\n'),
    ('docs/waiting.md', 'python', 'espresso 2.5\nclosed True\ntogether 5.75\n' + 'one more\n' * 3),
    ('docs/waiting.md', 'c', 'it rang\n' * 3 + 'that was all\n'),
    ('docs/pipes.md', 'python', 'arabica\nrobusta\nliberica\n'),
    ('docs/pipes.md', 'c', "begun\narabica\nThe pipe's writer is gone, and had not said the end\n"),
    ('docs/ports.md', 'python', 'espresso 2.5\nlatte 3.25\ntea There is no tea\n'),
    ('docs/queues.md', 'python', 'one two three\n'),
    ('docs/work-items.md', 'python', 'True\n'),
    ('docs/event-queues.md', 'python', "opened 'a shop'\nclosed None\n"),
    ('docs/handles.md', 'python', 'pending\n42 1.5\n'),
    ('docs/classes.md', 'python', 'one bell, as GAction\nbell - The class was registered at run time\n'),
    ('docs/tokens.md', 'python',
     'tea 1.5\ncoffee 3.0\nThe token was redeemed or released already, or never made here\n'
     "['org.example.Shop'] 2.0\nThe __main__+Shop was disconnected from its clients by its own program\n"
     'The filter of the callee has no time for Demo-1.PriceFeed.get_price of __main__+Shop\ntea 1.5\n'),
]

COMPONENTS = 'docs/components.md'
ASKED = [
    ('python', 'oolong 3.0\nprocess - another process: True\nThe keyfile says so\n'),
    ('c', 'espresso 2.50, from a shop\nThere is no tea\n' + 'espresso 2.50, from a proxy\nThere is no tea\n' * 2),
]

AUTOMATION = 'docs/automation.md'
DRIVEN = [
    ('python', 'espresso 2.5\nno tea here\n'),
    ('c', 'espresso 2.50\n'),
]

INET = 'docs/inet.md'
FETCHED = 'status 200\n300000 bytes\n'

SHOWING = ['README.md']


def blocks(page, language):
    with open(page, encoding='utf-8') as file:
        return '\n'.join(re.findall(rf'^```{language}\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE))


def component(page):
    """The page's class and its threading, as the module that the program in C loads."""
    return re.split(r'^(?:shop|call) = ', blocks(page, 'python'), flags=re.MULTILINE)[0]


class Download(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '300000')
        self.end_headers()
        self.wfile.write(b'x' * 300000)

    def log_message(self, *args):
        pass


def run(command, folder):
    return subprocess.run(command, cwd=folder, text=True, timeout=60, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def try_program(root, compiler, page, language, folder):
    page = os.path.join(root, page)
    source = os.path.join(folder, 'program.' + ('py' if language == 'python' else 'c'))
    write(source, blocks(page, language))
    if language == 'python':
        return run([sys.executable, source], folder)
    write(os.path.join(folder, 'corner_shop.py'), component(page))
    return run_compiled(compiler, source, folder)


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def build(compiler, source, made, *options):
    glib = shlex.split(subprocess.check_output(['pkg-config', '--cflags', '--libs', 'gio-2.0'], text=True))
    return run([compiler[0], '-Wall', '-Werror', *options, '-o', made, source, *compiler[1:], *glib], os.path.dirname(made))


def run_compiled(compiler, source, folder):
    program = os.path.join(folder, 'program')
    built = build(compiler, source, program)
    return run([program], folder) if built.returncode == 0 else built


def write_files(page, folder):
    with open(page, encoding='utf-8') as file:
        for name, text in re.findall(r'^`([\w.]+)`:\n\n```\w+\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE):
            write(os.path.join(folder, name), text)


def ask_components(root, compiler, language, folder):
    write_files(os.path.join(root, COMPONENTS), folder)
    os.environ['CONVOKE_COMPONENT_PATH'] = folder
    if language == 'python':
        return run([sys.executable, os.path.join(folder, 'ask.py')], folder)
    module = os.path.join(folder, 'coffee_shop')
    built = build(compiler, module + '.c', module + '.so', '-shared', '-fPIC')
    return run_compiled(compiler, os.path.join(folder, 'ask.c'), folder) if built.returncode == 0 else built


def drive(root, compiler, language, folder):
    write_files(os.path.join(root, AUTOMATION), folder)
    os.environ['XDG_RUNTIME_DIR'] = folder
    with subprocess.Popen([sys.executable, os.path.join(folder, 'shop.py')], stdout=subprocess.PIPE, text=True) as shop:
        try:
            shop.stdout.readline()
            if language == 'python':
                return run([sys.executable, os.path.join(folder, 'drive.py')], folder)
            return run_compiled(compiler, os.path.join(folder, 'drive.c'), folder)
        finally:
            shop.kill()


def fetch(root, compiler, language, folder):
    """The programs are given the address of a server; no proxy comes between."""
    os.environ['no_proxy'] = '127.0.0.1'
    source = os.path.join(folder, 'program.' + ('py' if language == 'python' else 'c'))
    write(source, blocks(os.path.join(root, INET), language))
    with http.server.HTTPServer(('127.0.0.1', 0), Download) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f'http://127.0.0.1:{server.server_port}/'
            if language == 'python':
                return run([sys.executable, source, url], folder)
            program = os.path.join(folder, 'program')
            built = build(compiler, source, program)
            return run([program, url], folder) if built.returncode == 0 else built
        finally:
            server.shutdown()


def tell(number, name, done, wanted):
    good = done.returncode == 0 and done.stdout == wanted
    print(f'{"ok" if good else "not ok"} {number} {name}')
    if not good:
        for line in (done.stdout + done.stderr + f'exit code {done.returncode}').splitlines():
            print('#', line)
    return good


def shown_files(page):
    """Which files a page shows, and how."""
    with open(page, encoding='utf-8') as file:
        return re.findall(r'^```\w+ (\S+)\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE)


def compare_shown(root, page, folder):
    """As a program that prints the files that differ from what the page shows of them."""
    shown = shown_files(os.path.join(root, page))
    different = []
    for name, text in shown:
        with open(os.path.join(root, name), encoding='utf-8') as file:
            if file.read().partition('\n\n')[2] != text:
                different.append(name)
    return subprocess.CompletedProcess([], 0 if shown else 1, '\n'.join(different), '')


def main(root, *compiler):
    tries = [(f'the program in {language} of {page}', wanted, functools.partial(try_program, root, compiler, page, language))
             for page, language, wanted in PROGRAMS]
    tries += [(f'the component in {language} of {COMPONENTS}', wanted,
               functools.partial(ask_components, root, compiler, language))
              for language, wanted in ASKED]
    tries += [(f'the files that {page} shows', '', functools.partial(compare_shown, root, page)) for page in SHOWING]
    tries += [(f'the script in {language} of {AUTOMATION}', wanted, functools.partial(drive, root, compiler, language))
              for language, wanted in DRIVEN]
    if any('convoke-inet' in flag for flag in compiler):
        tries += [(f'the program in {language} of {INET}', FETCHED, functools.partial(fetch, root, compiler, language))
                  for language in ('python', 'c')]
    print(f'1..{len(tries)}')
    good = True
    for number, (name, wanted, attempt) in enumerate(tries, 1):
        with tempfile.TemporaryDirectory() as folder:
            done = attempt(folder)
        good = tell(number, name, done, wanted) and good
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
