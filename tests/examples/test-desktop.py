# SPDX-License-Identifier: LGPL-2.1-or-later
"""The viewer with plug-ins: driven from outside, by the name that it publishes, on a display of its own.

usage: test-desktop.py VIEWER. With DESKTOP_PICTURES=FOLDER in the environment, pictures of the window are kept there.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOOLS = ['Xvfb', 'xvfb-run', 'dbus-run-session']
PATIENCE = 60


def skip_all(reason):
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def go_inside():
    """Runs this again, on a display and a bus of its own."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        skip_all('not installed: ' + ', '.join(missing))
    os.environ.update(DESKTOP_INSIDE='1', GSK_RENDERER='cairo', GTK_A11Y='none', NO_AT_BRIDGE='1', GTK_THEME='Adwaita')
    # What speaks of the environment that they are in are the tools, not the viewer: its words go elsewhere.
    os.execvp('xvfb-run', ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24', 'dbus-run-session', '--',
                           sys.executable, *sys.argv])


if 'DESKTOP_INSIDE' not in os.environ:
    go_inside()

import gi
gi.require_version('Convoke', '1')
gi.require_version('Viewer', '1')
from gi.repository import Convoke, Gio, GLib, Viewer

from tap import Plan, Skip, equal

PREFIX = 'org.example.Viewer.'
SAMPLE = os.path.join(os.environ['DESKTOP_DIR'], 'sample.md')
DRIVE = os.path.join(os.environ['DESKTOP_DIR'], 'drive.py')
HAS_GTK3 = '3.0' in gi.Repository.get_default().enumerate_versions('Gtk')
LISTED = {'Crash', 'Hang', 'Outline', 'Preview', 'Spelling', 'UpperCase', 'WordCount'}

plan = Plan()


class Session:
    """A viewer that runs, and the way to it."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix='convoke-desktop-')
        os.environ['XDG_RUNTIME_DIR'] = os.path.join(self.folder.name, 'run')
        os.mkdir(os.environ['XDG_RUNTIME_DIR'], 0o700)
        self.installed = os.path.join(self.folder.name, 'components')
        os.mkdir(self.installed)
        os.environ['CONVOKE_COMPONENT_PATH'] += ':' + self.installed
        self.words = open(os.path.join(self.folder.name, 'stderr'), 'w+')
        self.process = subprocess.Popen([program, SAMPLE], stdin=subprocess.DEVNULL, stdout=self.words, stderr=self.words)
        self.viewer = self._attach()
        self.deadline = None

    def _attach(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return Convoke.attach('org.example.Viewer', Viewer.Automation)
            except GLib.Error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def said(self):
        self.words.flush()
        self.words.seek(0)
        return self.words.read()

    def children(self):
        """The processes whose parent the viewer is."""
        found = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/stat') as file:
                    if int(file.read().rpartition(')')[2].split()[1]) == self.process.pid:
                        found.append(int(pid))
            except OSError:
                pass
        return found


session = Session(sys.argv[1])
viewer = session.viewer


def about(name):
    return viewer.describe_plugin(PREFIX + name).unpack()


def start(name):
    viewer.set_active(PREFIX + name, True)
    return about(name)


def begin(name, show=None):
    """A call object that runs a plug-in."""
    call = Convoke.create_call(viewer, Viewer.Automation)
    call.begin_run_plugin(PREFIX + name)
    return call


def finish(call):
    call.wait(timeout=PATIENCE)
    return call.finish_run_plugin()


def run(name):
    return finish(begin(name))


def fails(domain, code, function, *arguments):
    try:
        function(*arguments)
    except GLib.Error as error:
        assert error.matches(domain, code), error
        return error.message
    raise AssertionError('no error')


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, 'in vain'
        time.sleep(0.02)


def is_gone(pid):
    try:
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rpartition(')')[2].split()[0] == 'Z'
    except OSError:
        return True


def answers():
    """The window goes on: its main loop answers."""
    began = time.monotonic()
    viewer.list_plugins()
    assert time.monotonic() - began < 5, 'the window stands still'


def picture(name):
    folder = os.environ.get('DESKTOP_PICTURES')
    if not folder:
        return
    time.sleep(1)
    subprocess.run(['import', '-window', 'root', '-trim', '+repage', '+dither', '-colors', '64',
                    'PNG8:' + os.path.join(folder, f'desktop-{name}.png')], check=True)


@plan.claim('/examples/desktop/list', 'D9: the plug-ins of the catalog are listed, and nothing of them runs')
def lists():
    equal({name.removeprefix(PREFIX) for name in viewer.list_plugins()}, LISTED)
    for name in LISTED:
        equal(about(name)['state'], 'off')
    equal(session.children(), [])
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, viewer.describe_plugin, 'org.example.Nobody')
    fails(Convoke.error_quark(), Convoke.Error.DISCONNECTED, run, 'WordCount')


@plan.claim('/examples/desktop/hang-begins', 'One plug-in hangs from here on, and all that follows goes on')
def hang_begins():
    start('Hang')
    session.hang = begin('Hang')
    session.hang_began = time.monotonic()
    until(lambda: about('Hang')['status'].startswith('Solving'))
    assert about('Hang')['busy']
    answers()


@plan.claim('/examples/desktop/in-process', 'A class in C, in the program')
def in_process():
    equal(start('WordCount')['where'], 'this program')
    with open(SAMPLE, encoding='utf-8') as file:
        text = file.read()
    equal(run('WordCount'), f'{len(text.splitlines())} lines, {len(text.split())} words, {len(text)} characters')


@plan.claim('/examples/desktop/thread', 'A class in C, on a thread of its own, which changes the text')
def thread():
    equal(start('UpperCase')['where'], 'a thread of its own')
    document = viewer.dup_document()
    before = document.get_text()
    run('UpperCase')
    equal(document.get_text(), before.upper())
    run('UpperCase')
    equal(document.get_text(), before)


@plan.claim('/examples/desktop/process', 'A class in Python, in a process of its own')
def process():
    told = start('Outline')
    equal(told['where'], f'process {told["pid"]}')
    equal(told['why'], 'The keyfile says so')
    assert told['pid'] in session.children(), told
    equal(run('Outline').splitlines()[1], '    • What we saw')


@plan.claim('/examples/desktop/progress', 'How far a running call is, is seen from its row and from the script')
def progress():
    start('Spelling')
    call = begin('Spelling')
    rows, calls, words = set(), set(), set()
    while call.get_state() == Convoke.CallState.PENDING:
        told = about('Spelling')
        rows.add(told['progress'])
        words.add(told['status'])
        calls.add(call.progress.fraction)
        if len(rows) == 20:
            picture('progress')
        time.sleep(0.02)
    said = finish(call)
    assert said.startswith('10 of ') and 'teh → the' in said, said
    assert len(rows) > 5 and len(calls) > 2, (rows, calls)
    assert any(re.fullmatch('[0-9]+ of [0-9]+ words', text) for text in words), words


@plan.claim('/examples/desktop/cancel', 'A plug-in that obeys is cancelled by the button of its row')
def cancel():
    call = begin('Spelling')
    until(lambda: about('Spelling')['progress'] > 0)
    viewer.cancel_plugin(PREFIX + 'Spelling')
    error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, finish, call)
    assert not about('Spelling')['busy']
    equal(about('Spelling')['state'], 'running')


@plan.claim('/examples/desktop/crash', 'A plug-in that crashes tells the true cause, and comes back; the window goes on')
def crash():
    before = start('Crash')
    for _ in range(2):
        pid = about('Crash')['pid']
        said = fails(Convoke.error_quark(), Convoke.Error.SERVER_DIED, run, 'Crash')
        assert f'process {pid} ' in said and 'killed by signal SEGV' in said and 'crash.c: ' in said, said
        answers()
        assert 'killed by signal SEGV' in about('Crash')['status']
        until(lambda: about('Crash')['state'] == 'running' and about('Crash')['pid'] != pid)
        assert is_gone(pid)
    assert before['pid'] not in session.children()
    picture('crash')


@plan.claim('/examples/desktop/gtk3', 'A plug-in made with GTK 3 works beside GTK 4: it is placed apart, and tells why')
def gtk3():
    if not HAS_GTK3:
        raise Skip('no typelib of GTK 3')
    told = start('Preview')
    equal(told['where'], f'process {told["pid"]}')
    assert 'Gtk' in told['why'], told
    said = run('Preview')
    assert said.startswith('A window of GTK 3.') and f'process {told["pid"]}' in said, said
    answers()
    if 'DESKTOP_PICTURES' in os.environ:
        subprocess.run(['xdotool', 'search', '--name', 'Preview', 'windowmove', '140', '220'], check=True)
    picture('gtk3')


@plan.claim('/examples/desktop/installed', 'D9: a plug-in that is installed while the viewer runs is there, and goes again')
def installed():
    keyfile = os.path.join(session.installed, PREFIX + 'Again.component')
    with open(os.path.join(os.environ['DESKTOP_COMPONENTS'], PREFIX + 'WordCount.component'), encoding='utf-8') as file:
        text = file.read()
    text = text.replace('Module=', 'Module=' + os.environ['DESKTOP_COMPONENTS'] + '/').replace('Word count', 'Another')
    with open(keyfile + '.new', 'w', encoding='utf-8') as file:
        file.write(text)
    os.rename(keyfile + '.new', keyfile)
    until(lambda: PREFIX + 'Again' in viewer.list_plugins())
    equal(start('Again')['name'], 'Another')
    equal(run('Again'), run('WordCount'))
    os.remove(keyfile)
    until(lambda: PREFIX + 'Again' not in viewer.list_plugins())


@plan.claim('/examples/desktop/text', 'A script opens another text and selects; what cannot be opened is an error')
def text():
    path = os.path.join(session.folder.name, 'other.md')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('# Ünother\n')
    viewer.open(path)
    equal(viewer.dup_document().get_text(), '# Ünother\n')
    viewer.select(2, 2)
    equal(viewer.dup_selection(), 'Ün')
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, viewer.select, 5, 100)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, viewer.open, path + '.missing')
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.IS_DIRECTORY, viewer.open, session.folder.name)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_DATA, viewer.open, sys.argv[1])
    equal(viewer.dup_document().get_text(), '# Ünother\n')
    viewer.open(SAMPLE)


@plan.claim('/examples/desktop/deadline', 'The plug-in that hangs is given up by the deadline of the interface')
def deadline():
    fails(Convoke.error_quark(), Convoke.Error.TIMEOUT, finish, session.hang)
    assert time.monotonic() - session.hang_began > 9, 'the deadline is 10 s'
    assert not about('Hang')['busy']
    assert about('Hang')['status']


@plan.claim('/examples/desktop/hang-ends', 'What hangs is ended with its process by a stop, and can be started again')
def hang_ends():
    pid = about('Hang')['pid']
    assert not is_gone(pid)
    viewer.set_active(PREFIX + 'Hang', False)
    equal(about('Hang')['state'], 'off')
    until(lambda: is_gone(pid))
    assert start('Hang')['pid'] != pid


@plan.claim('/examples/desktop/hang-cancelled', 'What does not obey a cancel is left alone after a second')
def hang_cancelled():
    call = begin('Hang')
    until(lambda: about('Hang')['busy'])
    viewer.cancel_plugin(PREFIX + 'Hang')
    fails(Convoke.error_quark(), Convoke.Error.CANCELLED, finish, call)
    answers()


@plan.claim('/examples/desktop/drive', 'The script of the example drives the viewer')
def drive():
    done = subprocess.run([sys.executable, DRIVE, SAMPLE], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    equal((done.returncode, done.stderr), (0, ''))
    for words in 'Word count (this program, running)', '    • A letter', 'GTK 3.' if HAS_GTK3 else 'Preview', 'killed by signal SEGV', 'teh → the', 'cancelled':
        assert words in done.stdout, done.stdout
    equal(viewer.dup_selection(), '##')


@plan.claim('/examples/desktop/quit', 'When the viewer ends, all its processes do, its name is free, and it has not said a word')
def quits():
    children = session.children()
    assert len(children) >= 4, children
    viewer.quit()
    equal(session.process.wait(timeout=PATIENCE), 0)
    for pid in children:
        until(lambda pid=pid: is_gone(pid))
    equal(session.said(), '')
    equal(list(Convoke.dup_published_names()), [])
    done = subprocess.run([sys.executable, DRIVE], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    equal((done.returncode, done.stdout), (1, ''))
    assert 'org.example.Viewer' in done.stderr and 'Traceback' not in done.stderr, done.stderr


try:
    plan.run()
finally:
    session.process.kill()
    session.process.wait()
    session.folder.cleanup()
