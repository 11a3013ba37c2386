#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives the viewer that runs: starts its plug-ins, lets them work, and tells what became of each.

usage: drive.py [FILE]: another text for the viewer
"""

import asyncio
import os
import sys

import gi
gi.require_version('Convoke', '1')
gi.require_version('Viewer', '1')
from gi.repository import Convoke, GLib, Viewer

VIEWER = os.environ.get('VIEWER_NAME', 'org.example.Viewer')
PLUGINS = 'org.example.Viewer.'


async def run(viewer, name):
    """Lets one plug-in work, and shows how far it is."""
    def show(progress):
        if sys.stdout.isatty() and progress.fraction is not None:
            print(f'  {name}: {progress.fraction:4.0%}', end='\r', flush=True)

    try:
        await Convoke.aio(viewer).set_active(PLUGINS + name, True)
        said = await Convoke.aio(viewer).run_plugin(PLUGINS + name, progress=show, timeout=60)
    except GLib.Error as error:
        said = error.message
    about = viewer.describe_plugin(PLUGINS + name).unpack()
    print(f'{about["name"]} ({about["where"] or "nowhere"}, {about["state"]})')
    print('    ' + said.replace('\n', '\n    '))


async def end_after(viewer, name, seconds):
    await asyncio.sleep(seconds)
    viewer.cancel_plugin(PLUGINS + name)


async def main(arguments):
    try:
        viewer = Convoke.attach(VIEWER, Viewer.Automation)
    except GLib.Error as error:
        print(error.message, file=sys.stderr)
        return 1

    if arguments:
        viewer.open(os.path.abspath(arguments[0]))
    print(', '.join(name.removeprefix(PLUGINS) for name in viewer.list_plugins()), end='\n\n')

    for name in 'WordCount', 'Outline', 'Preview', 'Crash':
        await run(viewer, name)
    # At the same time: the one that works is not kept waiting by the one that hangs.
    await asyncio.gather(run(viewer, 'Spelling'), run(viewer, 'Hang'), end_after(viewer, 'Hang', 2))

    start = viewer.dup_document().get_text().find('##')
    if start >= 0:
        viewer.select(start, 2)
    return 0


if __name__ == '__main__':
    sys.exit(asyncio.run(main(sys.argv[1:])))
