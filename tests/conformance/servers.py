# SPDX-License-Identifier: LGPL-2.1-or-later
"""The servers in Python."""

from told import ConvokeTest, GObject, METHODS, make, tell


def _value_of(method, args):
    """PyGObject gives the length of an array as an argument of its own."""
    if method.kind.length is None:
        return args[0]
    return args[1 if method.kind.length == 'before' else 0]


def _taker(method):
    return lambda self, *args: tell(method.kind, _value_of(method, args))


def _giver(method):
    return lambda self, want: make(method.kind, want)


def _changer(method):
    return lambda self, want, *args: (tell(method.kind, _value_of(method, args)), make(method.kind, want))


_MAKERS = {'in': _taker, 'out': _giver, 'return': _giver, 'inout': _changer}

KindServer = type('KindServer', (GObject.Object, ConvokeTest.Kinds), {
    '__module__': __name__,
    **{'do_' + method.name: _MAKERS[method.direction](method) for method in METHODS},
})
