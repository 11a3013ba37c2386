# SPDX-License-Identifier: LGPL-2.1-or-later
"""The servers in Python."""

from told import ConvokeTest, Feed, GObject, METHODS, make, tell


def _value_of(method, args):
    """PyGObject gives the length of an array as an argument of its own."""
    if method.kind.length is None:
        return args[0]
    return args[1 if method.kind.length == 'before' else 0]


def _taker(method):
    return lambda self, *args: tell(method.kind, _value_of(method, args), self)


def _giver(method):
    def give(self, want):
        value = make(method.kind, want, self)
        # What is lent is the server's.
        if method.transfer != 'full' and isinstance(value, (list, GObject.Object)):
            self.lent.append(value)
        return value
    return give


def _changer(method):
    return lambda self, want, *args: (tell(method.kind, _value_of(method, args), self), make(method.kind, want, self))


def _thrower(method):
    def throw(self, want):
        raise make(method.kind, want)
    return throw


_MAKERS = {'throw': _thrower, 'in': _taker, 'out': _giver, 'return': _giver, 'inout': _changer}

def _find(self, name):
    return {'the server': self, 'the caller': self.caller}.get(name) or Feed(name)


def _name(self, feed):
    """Who is known has to be the same as ever."""
    name = ConvokeTest.PriceFeed.describe(feed)
    if name == 'the caller' and self.caller is None:
        self.caller = feed
    known = {'the server': self, 'the caller': self.caller}.get(name, feed)
    return name if feed is known else 'not ' + name


KindServer = type('KindServer', (GObject.Object, ConvokeTest.Kinds, ConvokeTest.PriceFeed), {
    '__module__': __name__,
    'currency': GObject.Property(type=str, default='EUR'),
    'caller': None,
    'lent': [],
    'find': _find,
    'name': _name,
    'do_describe': lambda self: 'the server',
    **{'do_' + method.name: _MAKERS[method.direction](method) for method in METHODS},
})
