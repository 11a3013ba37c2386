# SPDX-License-Identifier: LGPL-2.1-or-later
"""One download and five who learn of its end: each program prints the same, but for times and threads, and so does the README.

Called with the program in C and the one in Python.
"""

import os
import re
import subprocess
import sys

from tap import Plan, equal

FIRST_PAGE = os.path.join(os.environ['FIVE_VIEWS_DIR'], '..', '..', 'README.md')
README = os.path.join(os.environ['FIVE_VIEWS_DIR'], 'README.md')

SHAPE = '''\
A download, and how each learns that it is done
  server side      was asked for a download                      a thread     N ms
  server side      has all of it, completes the call             a thread     N ms
  wait             there are 4000 bytes                          main thread  N ms
  callback         it has ended well                             a thread     N ms
  reply message    request 1 has ended well                      main thread  N ms
  status callback  42: created                                   main thread  N ms
  status callback  42: 1000 of 4000 bytes                        a thread     N ms
  status callback  42: 2000 of 4000 bytes                        a thread     N ms
  status callback  42: 3000 of 4000 bytes                        a thread     N ms
  status callback  42: complete, it has ended well               a thread     N ms

The same, cancelled in the middle
  server side      was asked for a download                      a thread     N ms
  server side      was asked to stop                             a thread     N ms
  server side      gave up, and says so                          a thread     N ms
  wait             The call of read was cancelled                main thread  N ms
  callback         The call of read was cancelled                a thread     N ms
  reply message    The call of read was cancelled                main thread  N ms
  status callback  42: 1000 of 4000 bytes                        a thread     N ms
  status callback  42: complete: The call of read was cancelled  a thread     N ms
  status callback  42: closing                                   a thread     N ms
'''

plan = Plan()


def shape(text):
    """Which of several threads it was is nobody's choice, nor how long it took."""
    text = re.sub(r' +[0-9]+\.[0-9] ms$', '  N ms', text, flags=re.MULTILINE)
    return re.sub(r'thread [0-9]+ *(?=  N ms)', 'a thread   ', text)


def output(program):
    command = [sys.executable, program] if program.endswith('.py') else [program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding='utf-8', timeout=100)
    if done.stderr:
        print('# ' + done.stderr.rstrip().replace('\n', '\n# '))
    equal(done.returncode, 0)
    equal(done.stderr, '')
    return done.stdout


def shown(page):
    """What the page says that is printed: the block that begins with the first line of the shape."""
    with open(page, encoding='utf-8') as file:
        blocks = re.findall(r'(?:^(?:    .*)?\n)+', file.read(), re.MULTILINE)
    lines = next(block for block in blocks if SHAPE.splitlines()[0] in block).strip('\n').split('\n')
    return '\n'.join(line[4:] for line in lines) + '\n'


for path in sys.argv[1:]:
    plan.add(f'/examples/five-views/{"python" if path.endswith(".py") else "c"}',
             'All five learn of the same end, each in its way, also of a cancel',
             lambda path=path: equal(shape(output(path)), SHAPE))
plan.add('/examples/five-views/readme', 'The README shows what is printed', lambda: equal(shape(shown(README)), SHAPE))
plan.add('/examples/five-views/first-page', 'The first page shows the first half of it',
         lambda: equal(shape(shown(FIRST_PAGE)), SHAPE.partition('\n\n')[0] + '\n'))

plan.run()
