# SPDX-License-Identifier: LGPL-2.1-or-later
"""The coffee program, in C, in Python with call objects and in Python with await: the same claims, the same output.

Called with the path of the C program. What is claimed of time is claimed as the order of events.
"""

import os
import pty
import re
import signal
import subprocess
import sys

from hostile_server import ANSWERS, Server, closed_port
from tap import Plan, equal

PYTHON_PROGRAM = os.path.join(os.environ['COFFEE_DIR'], 'coffee.py')
PRICE_SERVER = os.path.join(os.environ['COFFEE_DIR'], 'price_server.py')
PROGRAMS = {
    'c': [sys.argv[1]],
    'python': [sys.executable, PYTHON_PROGRAM],
    'python-await': [sys.executable, PYTHON_PROGRAM, '--await'],
}

# Between the two shops: more than any machine needs to tell one answer from the other.
LATENCY = '1500,50'

SHAPE = '''\
Where the shops live
  Downfall       process N
  Fourth Coffee  process N

Synchronous: one shop after the other
  request sent   Downfall             N ms
  first ready    Downfall             N ms
  request sent   Fourth Coffee        N ms
  second ready   Fourth Coffee        N ms
  compared                            N ms
  meanwhile the program did 0 other things

Asynchronous: both shops at once
  request sent   Downfall             N ms
  request sent   Fourth Coffee        N ms
  first ready    Fourth Coffee        N ms
  second ready   Downfall             N ms
  compared                            N ms
  meanwhile the program did N other things

Total: N ms one after the other, N ms at once

  drink       Downfall  Fourth Coffee  cheaper
  americano       2.20           2.40  Downfall
  cappuccino      3.10           2.90  Fourth Coffee
  espresso        1.90           1.90  same
  flat white      3.60              -  Downfall
  latte           3.40           3.20  Fourth Coffee
  mocha              -           3.80  Fourth Coffee
'''

FAILURES = ['refused-503', 'refused-500-huge', 'html', 'broken-json', 'price-string', 'price-nan', 'price-negative',
            'huge', 'truncated', 'not-http', 'closed']

plan = Plan()
server = Server()
keeper, nobody = closed_port()


def run(program, *arguments):
    return subprocess.run([*PROGRAMS[program], *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          encoding='utf-8', timeout=120)


def shape(text):
    """The output without its numbers, but with their columns."""
    text = re.sub(r' +[0-9]+\.[0-9] ms', lambda match: 'N ms'.rjust(len(match[0])), text)
    text = re.sub('[0-9]+ ms (one|at)', r'N ms \1', text)
    text = re.sub('process [0-9]+', 'process N', text)
    return re.sub('did [1-9][0-9]* other', 'did N other', text)


def output(program, *arguments, status=0):
    result = run(program, *arguments)
    if result.stderr:
        print('# ' + result.stderr.rstrip().replace('\n', '\n# '))
    equal(result.returncode, status)
    return result.stdout


def on_terminal(program, *arguments):
    """What the program writes to a terminal, whose lines end as lines do."""
    terminal, its = pty.openpty()
    process = subprocess.Popen([*PROGRAMS[program], *arguments], stdin=subprocess.DEVNULL, stdout=its)
    os.close(its)
    written = b''
    try:
        while data := os.read(terminal, 65536):
            written += data
    except OSError:
        pass  # How the end of the last writer shows.
    os.close(terminal)
    equal(process.wait(timeout=120), 0)
    return written.decode().replace('\r\n', '\n')


def shows_bars(program):
    text = on_terminal(program, '--latency', LATENCY)
    frames = re.findall(r'\r(  Downfall \[.*?\]  Fourth Coffee \[.*?\])', text)
    equal(frames[0], f'  Downfall [{"":20}]  Fourth Coffee [{"":20}]')
    equal(frames[-1], f'  Downfall [{"#" * 20}]  Fourth Coffee [{"#" * 20}]')
    done = [frame.partition(']')[0].count('#') for frame in frames]
    equal(done, sorted(done))
    # How often it is drawn is the machine's business; that it moves is not.
    assert len(set(done)) > 2, frames
    equal(shape(re.sub('(\r  Downfall.*)+\r\033\\[K', '', text)), SHAPE)
    with open(os.path.join(os.environ['COFFEE_DIR'], 'README.md'), encoding='utf-8') as file:
        shown = re.findall(r'^    (  Downfall \[.*\])$', file.read(), re.MULTILINE)
    equal(len(shown), 1)
    assert re.fullmatch(r'  Downfall \[#* *\]  Fourth Coffee \[#* *\]', shown[0]) and len(shown[0]) == len(frames[0]), shown


def runs(text):
    """The two runs' lines, and the table's."""
    _, synchronous, asynchronous, _, table = text.split('\n\n')
    return synchronous.splitlines()[1:], asynchronous.splitlines()[1:], table.splitlines()


def same_shape(program):
    equal(shape(output(program, '--latency', LATENCY)), SHAPE)


def failing(program, url, cause, *arguments):
    """Fourth Coffee has prices, Downfall at url has not."""
    synchronous, asynchronous, table = runs(output(program, '--url', url, '--url', server.url('good'), *arguments))
    for lines in synchronous, asynchronous:
        failed = [line for line in lines if ' failed ' in line]
        equal(len(failed), 1)
        assert ' Downfall ' in failed[0] and failed[0].endswith(' ms   ' + cause), failed
        equal(len([line for line in lines if ' ready ' in line and ' Fourth Coffee ' in line]), 1)
        assert lines[-2].startswith('  compared'), lines
    equal(table, ['  drink     Downfall  Fourth Coffee  cheaper',
                  '  Café ☕           -           0.00  Fourth Coffee',
                  '  espresso         -           2.50  Fourth Coffee',
                  '  latte            -           3.00  Fourth Coffee'])


def python_shop_failing(program):
    """The same, with the shop in Python as the one that fails."""
    text = output(program, '--url', server.url('good'), '--url', server.url('refused-503'))
    for lines in runs(text)[:2]:
        equal(len([line for line in lines if ' failed ' in line and line.endswith(' ms   HTTP 503')]), 1)
    assert '  espresso      2.50              -  Downfall\n' in text, text


def lives(program, distance):
    """It is all the same to the program."""
    wanted = SHAPE.replace('process N', distance)
    equal(shape(output(program, '--latency', LATENCY, '--distance', distance)), wanted)


def crashes(program):
    text = output(program, '--latency', '300,50', '--crash')
    where, _, _, _, crash, again, table = text.split('\n\n')
    pid = re.search(r'Downfall +process ([0-9]+)', where)[1]
    failed = [line for line in crash.splitlines() if ' failed ' in line]
    equal(len(failed), 1)
    assert re.search(rf' Downfall +[0-9.]+ ms   process {pid} .* killed by signal SEGV$', failed[0]), failed
    equal(len([line for line in crash.splitlines() if ' ready ' in line and ' Fourth Coffee ' in line]), 1)
    equal(len([line for line in again.splitlines() if ' ready ' in line]), 2)
    assert '  latte           3.40           3.20  Fourth Coffee' in table, table


def crashes_here(program):
    result = run(program, '--latency', '300,50', '--crash', '--distance', 'in-process')
    assert result.returncode == -signal.SIGSEGV, result


def none_left(program):
    text = output(program, '--url', nobody, '--url', server.url('html'), status=1)
    assert text.endswith('\n\n  no shop told its prices\n'), text


def urls_are_asked(program):
    while server.n_asked.acquire(blocking=False):
        pass
    output(program, '--url', server.url('good'), '--url', server.url('good'))
    for _ in range(4):
        assert server.n_asked.acquire(blocking=False), 'four requests: two shops, two runs'
    assert not server.n_asked.acquire(blocking=False)


def gives_help(program):
    text = output(program, '--help')
    for option in '--latency', '--url', '--deadline', '--distance', '--crash':
        assert option in text, text


def refuses(program, *arguments):
    result = run(program, *arguments)
    equal(result.returncode, 2)
    equal(result.stdout, '')
    assert result.stderr.strip(), 'a word about it'
    assert 'invalid' not in result.stderr, 'in words of its own: ' + result.stderr


for program in PROGRAMS:
    def add(name, summary, function, *arguments, program=program):
        plan.add(f'/examples/coffee/{program}/{name}', summary, lambda: function(program, *arguments))

    add('order', 'WI-41: at once, the answers are taken in order of completion, not of request', same_shape)
    for distance in 'in-process', 'thread':
        add('lives-' + distance, 'D8: the same program, the same shops, another distance', lives, distance)
    add('crash', 'A shop that dies costs its column once: the program goes on, and has its prices again', crashes)
    add('crash-here', 'A shop that lives in the program takes it along', crashes_here)
    add('bars', 'On a terminal, and only there, a bar per shop shows how much of its answer is there', shows_bars)
    add('nobody', 'A shop that is down costs only its column', failing, nobody, 'connection refused')
    add('deadline', 'A shop slow beyond the deadline costs only its column', failing, server.url('silent'),
        'no answer within 400 ms', '--deadline', '400')
    add('deadline-drips', 'The deadline is for the whole answer', failing, server.url('slow-body'),
        'no answer within 400 ms', '--deadline', '400')
    # Where the shops live is all the same to that, and starting them takes the time.
    where = [] if program == 'c' else ['--distance', 'in-process']
    for case in FAILURES:
        add(case, 'A shop that sends rubbish costs only its column', failing, server.url(case), ANSWERS[case][1], *where)
    add('other-shop', 'It does not matter which shop it is', python_shop_failing)
    add('none-left', 'Without any prices the program fails', none_left)
    add('url', 'The shops named are asked, once per run', urls_are_asked)
    add('help', 'The options are explained', gives_help)
    for case, arguments in {'one-url': ['--url', nobody], 'latency': ['--latency', '300'],
                            'latency-text': ['--latency', 'a,b'], 'deadline-zero': ['--deadline', '0'],
                            'deadline-negative': ['--deadline=-5'], 'unknown-option': ['--tea'],
                            'distance': ['--distance', 'far'], 'argument': ['tea']}.items():
        add('usage-' + case, 'A mistake on the command line is told, with status 2', refuses, *arguments)


@plan.claim('/examples/coffee/servers-end', 'The price servers end with the program that started them')
def servers_end():
    servers = subprocess.Popen([sys.executable, PRICE_SERVER, '0', '0'], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert servers.stdout.readline().startswith('http://127.0.0.1:')
    servers.communicate(timeout=60)
    equal(servers.returncode, 0)


plan.run()
