# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the loader of Python components does once an interpreter is there."""

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import threading

LAST_FRAMES = 3
NOTHING = None

# PyGObject 3.42 shows a half-made namespace to a thread that imports it while another one does.
_lock = threading.RLock()


class _Aliases:
    """Imports, under a name of its own, a module whose name a stranger has taken."""

    def __init__(self):
        self.places = {}

    def find_spec(self, name, path=None, target=None):
        place = self.places.get(name)
        if place is None:
            return None
        folders = [os.path.dirname(place)] if os.path.basename(place) == '__init__.py' else None
        return importlib.util.spec_from_file_location(name, place, submodule_search_locations=folders)


_aliases = _Aliases()


class _NoModule(Exception):
    pass


class _NoClass(Exception):
    pass


class _NoProperty(Exception):
    pass


def _origin(name):
    module = sys.modules.get(name)
    if module is not None:
        return getattr(getattr(module, '__spec__', None), 'origin', None)
    spec = importlib.util.find_spec(name)
    return spec.origin if spec is not None else None


def _import(directory, name):
    if directory is None:
        return importlib.import_module(name)

    directory = os.path.abspath(os.fsdecode(directory))
    top, dot, rest = name.partition('.')
    spec = importlib.machinery.PathFinder.find_spec(top, [directory])
    if spec is None:
        raise _NoModule("There is no Python module “%s” in %s" % (top, directory))

    # At the end: what the component brings must never stand before what others import.
    if directory not in sys.path:
        sys.path.append(directory)

    if spec.origin is not None and _origin(top) != spec.origin:
        if _aliases not in sys.meta_path:
            sys.meta_path.append(_aliases)
        alias = 'convoke_component_%x_%s' % (hash(spec.origin) & sys.maxsize, top)
        _aliases.places[alias] = spec.origin
        top = alias
    return importlib.import_module(top + dot + rest)


def _find_class(module, type_name):
    from gi.repository import GObject
    cls = getattr(module, type_name, None)
    if cls is None:
        raise _NoClass("The Python module “%s” has no class “%s”" % (module.__name__, type_name))
    if not isinstance(cls, type) or not issubclass(cls, GObject.Object):
        raise _NoClass("“%s.%s” is no class derived from GObject.Object" % (module.__name__, type_name))
    return cls


def _typelibs(cls):
    """The typelibs that describe the interfaces of a class: (namespace, version)."""
    import gi
    repository = gi.Repository.get_default()
    infos = [base.__dict__.get('__info__') for base in cls.__mro__]
    namespaces = {info.get_namespace() for info in infos if isinstance(info, gi._gi.InterfaceInfo)}
    return [(namespace, repository.get_version(namespace)) for namespace in sorted(namespaces)]


def _guard(cls):
    """An exception in a method of the class is to reach the caller."""
    try:
        import gi
        gi.require_version('Convoke', '1')
        from gi.repository import Convoke as _
        from gi.overrides.Convoke import _guard as guard
    # Without the typelib or its override the methods are as PyGObject makes them.
    except (ImportError, ValueError):
        return
    guard(cls)


def _where(error):
    """The type, the message and the last lines of where it happened."""
    # Here, since a host starts for every component, and most start well.
    import traceback
    what = ''.join(traceback.format_exception_only(type(error), error)).strip()
    not_theirs = ('<frozen', 'convoke-loader-python', os.path.dirname(importlib.__file__))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(not_theirs)]
    return what + '\n' + ''.join(traceback.format_list(frames[-LAST_FRAMES:])).rstrip()


def _describe(error, errors):
    """(domain, code, message)"""
    domain, not_found, no_class, invalid, failed = errors
    if isinstance(error, _NoModule):
        return (domain, not_found, str(error))
    if isinstance(error, _NoClass):
        return (domain, no_class, str(error))
    if isinstance(error, _NoProperty):
        return (domain, invalid, str(error))
    # A GLib.Error; not asked by its class, because gi can be what is missing.
    if isinstance(getattr(error, 'domain', None), str) and isinstance(getattr(error, 'code', None), int):
        return (error.domain, error.code, error.message)
    return (domain, failed, _where(error))


def carrier():
    """(what collects properties, its GObject): each comes as a signal "take", whose GValue PyGObject makes a Python value of."""
    from gi.repository import GObject
    global _Carrier
    with _lock:
        if _Carrier is None:
            class _Carrier(GObject.Object):
                __gtype_name__ = 'ConvokeLoaderPythonCarrier'

                @GObject.Signal(arg_types=(str, GObject.TYPE_VALUE))
                def take(self, name, value):
                    self.properties[name] = value
    fresh = _Carrier()
    fresh.properties = {}
    return (fresh, fresh.__gpointer__)


_Carrier = None


def _is_in_range(pspec, value):
    return getattr(pspec, 'minimum', value) <= value <= getattr(pspec, 'maximum', value)


def _check_property(cls, name, value):
    from gi.repository import GObject
    pspec = cls.find_property(name)
    if pspec is None:
        raise _NoProperty("%s has no property '%s'" % (cls.__name__, name))
    if not pspec.flags & GObject.ParamFlags.WRITABLE:
        raise _NoProperty("The property '%s' of %s cannot be written" % (name, cls.__name__))
    try:
        GObject.Value(pspec.value_type).set_value(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise _NoProperty("The property '%s' of %s: %s" % (name, cls.__name__, error)) from None
    if isinstance(value, (int, float)) and not _is_in_range(pspec, value):
        raise _NoProperty("The property '%s' of %s cannot have this value" % (name, cls.__name__))


def create(directory, module, type_name, errors, carrier):
    """(instance, its GObject, its typelibs), or (None, domain, code, message)."""
    properties = carrier.properties if carrier is not None else {}
    try:
        with _lock:
            cls = _find_class(_import(directory, module), type_name)
            _guard(cls)
        for name, value in properties.items():
            _check_property(cls, name, value)
        instance = cls(**{name.replace('-', '_'): value for name, value in properties.items()})
        return (instance, instance.__gpointer__, _typelibs(cls))
    # Also what means "exit" to a program: the component is a guest in this one.
    except BaseException as error:
        return (None,) + _describe(error, errors)
