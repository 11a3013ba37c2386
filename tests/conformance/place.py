# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where a server lives, and how one gets at it."""

import os

import gi
gi.require_version('Convoke', '1')
from gi.repository import Convoke

from told import ConvokeTest

is_proxy = Convoke.is_proxy

_DISTANCES = {
    'direct': Convoke.Distance.IN_PROCESS,
    'thread': Convoke.Distance.THREAD,
    'process': Convoke.Distance.PROCESS,
}


def activate(server, distance, name, interface):
    """server: 'c' or 'python'; distance: 'direct', 'thread' or 'process'; name: of the class, without its language."""
    Convoke.require('ConvokeTest', '1')
    catalog = Convoke.Catalog.new([os.path.join(os.environ['G_TEST_BUILDDIR'], 'conformance')])
    wishes = Convoke.Activation.new()
    wishes.set_distance(_DISTANCES[distance], Convoke.Placement.MUST)
    object = catalog.activate(name + ('InC' if server == 'c' else 'InPython'), interface.__gtype__, wishes, None)
    assert is_proxy(object) == (distance != 'direct')
    return object
