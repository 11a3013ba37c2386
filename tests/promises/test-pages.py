#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs in the pages run and print what they should.

usage: test-pages.py SOURCE-ROOT CC FLAG-OR-LIBRARY...

The blocks of one language in a page are one program.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile

PROGRAMS = [
    ('README.md', 'python', 'asked for the price\nespresso 2.5\nlatte 3.25\n'),
    ('README.md', 'c', 'asked for the price\nespresso 2.50\n'),
    ('docs/first-component.md', 'python',
     'plain 3.25\nbegun\nespresso 2.5\nespresso 2.5\nlatte 3.25\ntea no tea here\ntogether 5.75\n'),
    ('docs/first-component.md', 'c', 'espresso 2.50\nno tea here\n'),
]


def blocks(page, language):
    with open(page, encoding='utf-8') as file:
        return '\n'.join(re.findall(rf'^```{language}\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE))


def component(page):
    """The page's class and its threading, as the module that the program in C loads."""
    return re.split(r'^(?:shop|call) = ', blocks(page, 'python'), flags=re.MULTILINE)[0]


def run(command, folder):
    return subprocess.run(command, cwd=folder, text=True, timeout=60, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def try_program(root, compiler, page, language, folder):
    page = os.path.join(root, page)
    source = os.path.join(folder, 'program.' + ('py' if language == 'python' else 'c'))
    with open(source, 'w', encoding='utf-8') as file:
        file.write(blocks(page, language))
    if language == 'python':
        return run([sys.executable, source], folder)
    with open(os.path.join(folder, 'corner_shop.py'), 'w', encoding='utf-8') as file:
        file.write(component(page))
    program = os.path.join(folder, 'program')
    glib = shlex.split(subprocess.check_output(['pkg-config', '--cflags', '--libs', 'gio-2.0'], text=True))
    made = run([compiler[0], '-Wall', '-Werror', '-o', program, source, *compiler[1:], *glib], folder)
    return run([program], folder) if made.returncode == 0 else made


def main(root, *compiler):
    failed = False
    print(f'1..{len(PROGRAMS)}')
    for number, (page, language, wanted) in enumerate(PROGRAMS, 1):
        with tempfile.TemporaryDirectory() as folder:
            done = try_program(root, compiler, page, language, folder)
        good = done.returncode == 0 and done.stdout == wanted
        failed = failed or not good
        print(f'{"ok" if good else "not ok"} {number} the program in {language} of {page}')
        if not good:
            for line in (done.stdout + done.stderr + f'exit code {done.returncode}').splitlines():
                print('#', line)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
