# SPDX-License-Identifier: LGPL-2.1-or-later
"""What differs from C: begin_x() and finish_x() on call objects, await, seconds instead of microseconds.

Arguments and results are marshalled by PyGObject itself. A call object has two *faces*, objects that implement
the interface that it is for: a method called on the first begins that method with its arguments, called on the
second it finishes it with its results.
"""

import collections
import functools
import numbers
import os
import sys
import threading as threads
import types
import weakref

import gi
from gi._gi import InterfaceInfo, VFuncInfo, hook_up_vfunc_implementation
from gi.types import GObjectMeta
from gi.repository import Gio, GLib, GObject

from ..module import get_introspection_module
from ..overrides import override

Convoke = get_introspection_module('Convoke')

__all__ = []


def _export(thing):
    __all__.append(thing.__name__)
    return thing


def _microseconds(seconds):
    """None and infinity are for ever; what is over already is no time at all."""
    if seconds is None:
        return -1
    if not isinstance(seconds, numbers.Real):
        raise TypeError('a time is a number of seconds or None, not %r' % (seconds,))
    if seconds * 1000000 >= GLib.MAXINT64:
        return -1
    return round(max(0, seconds * 1000000))


# ---- interfaces ----

_required = set()


def _require(iface):
    """Tells the library which typelib describes an interface."""
    if iface in _required:
        return
    info = getattr(iface, '__info__', None)
    if not isinstance(info, InterfaceInfo):
        raise TypeError('%r is not an interface' % (iface,))
    namespace = info.get_namespace()
    Convoke.require(namespace, gi.Repository.get_default().get_version(namespace))
    _required.add(iface)


def _interfaces(cls):
    """The interfaces of a class that a typelib describes, the most derived ones first."""
    return [base for base in cls.__mro__ if isinstance(base.__dict__.get('__info__'), InterfaceInfo)]


# ---- implementations ----

_guarded = set()


def _guard(cls):
    """Sees to it that no exception in a method of a class in Python becomes a result that nobody computed.

    PyGObject hands over a GLib.Error, prints any other exception and returns zero. And it puts what a subclass overrides
    into the table of its parent: here the object decides.
    """
    if cls in _guarded:
        return
    for base in _interfaces(cls):
        for vfunc in base.__info__.get_vfuncs():
            name = 'do_' + vfunc.__name__
            method = _written_in_python(cls, name)
            if method is not None and vfunc.can_throw_gerror():
                hook_up_vfunc_implementation(vfunc, cls.__gtype__, _guarded_method(name, method))
    _guarded.add(cls)


def _written_in_python(cls, name):
    """The method of that name, where PyGObject has made it the implementation."""
    for base in cls.__mro__:
        if name in base.__dict__:
            method = base.__dict__[name]
            hooked = '__gtype__' in base.__dict__ and callable(method) and not isinstance(method, VFuncInfo)
            return method if hooked else None
    return None


def _guarded_method(name, method):
    def call(self, *args):
        try:
            # The table is the parent's also for objects of a class in C.
            return (_written_in_python(type(self), name) or method)(self, *args)
        except GLib.Error:
            raise
        # Also what means "exit" to a program: the caller waits for an answer.
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__.tb_next)
            raise _fault(error) from None
    return call


def _fault(error):
    words = '%s: %s' % (type(error).__name__, error) if str(error) else type(error).__name__
    return GLib.Error.new_literal(Convoke.error_quark(), words, Convoke.Error.SERVER_FAULT)


class _Method:
    """A method of an interface, as a function that takes the object first."""

    __slots__ = ('name', 'iface', 'call', 'throws')

    def __init__(self, iface, vfunc):
        info = vfunc.get_invoker() or self._same_method(iface, vfunc)
        self.name = (info or vfunc).__name__
        self.iface = iface
        self.throws = vfunc.can_throw_gerror()
        self.call = info if info is not None else functools.partial(self._call_slot, vfunc)

    @staticmethod
    def _same_method(iface, vfunc):
        # The scanner pairs a slot with its method only where the return types agree, too.
        for info in iface.__info__.get_methods():
            if (info.__name__ == vfunc.__name__
                    and len(info.get_arguments()) == len(vfunc.get_arguments())
                    and info.can_throw_gerror() == vfunc.can_throw_gerror()):
                return info
        return None

    @staticmethod
    def _call_slot(vfunc, face, *args):
        return vfunc.__get__(None, type(face))(face, *args)


@functools.lru_cache(maxsize=None)
def _methods(iface):
    """The methods of an interface and of those that it requires, by either name."""
    found = {}
    for base in _interfaces(iface):
        # The default handler of a signal is no method.
        signals = {signal.get_name().replace('-', '_') for signal in base.__info__.get_signals()}
        for vfunc in base.__info__.get_vfuncs():
            if vfunc.__name__ in signals:
                continue
            method = _Method(base, vfunc)
            found.setdefault(method.name, method)
            found.setdefault(vfunc.__name__, method)
    return found


def _method(iface, name):
    method = _methods(iface).get(name)
    if method is None:
        raise AttributeError('%s has no method %r' % (iface.__name__, name))
    return method


def _raise_last_error(face):
    """A method that cannot throw leaves its error with the face."""
    error = Convoke.dup_last_error(face)
    if error is not None:
        raise error


def _invoke(method, face, args):
    """Begins or finishes."""
    result = method.call(face, *args)
    if not method.throws:
        _raise_last_error(face)
    return result


# ---- call objects ----

def _deadline(seconds):
    """None is no deadline, which C calls 0; what is over already is the shortest one."""
    usec = _microseconds(seconds)
    return 0 if usec < 0 else max(1, usec)


@_export
class Progress(collections.namedtuple('Progress', 'fraction done total unit status')):
    """How far a call is, as its implementation last told."""


class Call(Convoke.Call):
    """A call object; for every method x of its interface it has begin_x() and finish_x()."""

    def __getattr__(self, name):
        verb, _, method = name.partition('_')
        if verb == 'begin' and method:
            return functools.partial(self._begin, _method(self._interface(), method))
        if verb == 'finish' and method:
            return functools.partial(self._finish, _method(self._interface(), method))
        raise AttributeError('%r object has no attribute %r' % (type(self).__name__, name))

    def __dir__(self):
        names = sorted(_methods(self._interface()))
        return [*super().__dir__(), *('begin_' + name for name in names), *('finish_' + name for name in names)]

    def _interface(self):
        gtype = self.get_interface()
        if gtype.pytype is None:
            raise TypeError('Import the namespace of %s first' % gtype.name)
        return gtype.pytype

    def _begin(self, method, *args):
        idle = self.get_state() == Convoke.CallState.IDLE
        try:
            _invoke(method, self.dup_begin_face(), args)
        except TypeError:
            # Also what PyGObject says of a GValue that comes out and that nobody has set yet.
            if not idle or self.get_state() == Convoke.CallState.IDLE:
                raise
        # The same arguments lead the results out.
        self._begun = (method, args)

    def _finish(self, method):
        begun, args = self.__dict__.get('_begun', (None, ()))
        if begun is not method:
            # Begun by other means, or not at all.
            return self._finish_values(method)
        try:
            return _invoke(method, self.dup_finish_face(), args)
        finally:
            if self.get_state() == Convoke.CallState.IDLE:
                del self._begun

    def _finish_values(self, method):
        values = Convoke.Call.finish(self, method.name)
        return tuple(values) if len(values) > 1 else values[0] if values else None

    def begin(self, method, *args):
        """Begins the method of that name."""
        self._begin(_method(self._interface(), method), *args)

    def finish(self, method):
        """Finishes the method of that name."""
        return self._finish(_method(self._interface(), method))

    def wait(self, timeout=None):
        """Waits so many seconds, for ever when None."""
        return Convoke.Call.wait(self, _microseconds(timeout))

    def cancel(self, grace=0.0):
        """Grants the implementation so many seconds to end, for ever when None."""
        return Convoke.Call.cancel(self, _microseconds(grace))

    def add_async_callback(self, callback, state=None):
        """Has a callback, or a function of one argument, invoked with the result of each call."""
        return Convoke.Call.add_async_callback(self, _as_callback(callback), state)

    @property
    def timeout(self):
        """The seconds that a call may take; None: no limit."""
        return self.get_timeout() / 1000000 or None

    @timeout.setter
    def timeout(self, seconds):
        self.set_timeout(_deadline(seconds))

    @property
    def progress(self):
        return Progress(self.get_progress_fraction(), *self.get_progress_amount(), self.dup_status())


Call = override(Call)
__all__.append('Call')


class Event(Convoke.Event):
    """An event: unset when new, signalled by any thread, waited for by any number."""

    def wait(self, timeout=None, flags=Convoke.WaitFlags.DEFAULT):
        """Waits so many seconds, for ever when None."""
        return Convoke.Synchronize.wait(self, flags, _microseconds(timeout))


Event = override(Event)
__all__.append('Event')


class WaitSet(Convoke.WaitSet):
    """Up to 63 events and calls that are waited for together; len() tells how many are left."""

    def __init__(self, objects=()):
        Convoke.WaitSet.__init__(self)
        for each in objects:
            self.add(each)

    def __len__(self):
        return self.get_n_members()

    def __bool__(self):
        return True

    def wait(self, timeout=None, flags=Convoke.WaitFlags.DEFAULT):
        """Takes out the member that is signalled first; waits so many seconds, for ever when None."""
        return self.wait_multiple(flags, _microseconds(timeout))

    def __iter__(self):
        """Takes out all members, each when it is signalled."""
        while True:
            try:
                member = self.wait()
            except GLib.Error as error:
                if not error.matches(Convoke.error_quark(), Convoke.Error.NO_SYNC):
                    raise
                return
            yield member


WaitSet = override(WaitSet)
__all__.append('WaitSet')


@_export
def wait_any(objects, timeout=None, flags=Convoke.WaitFlags.DEFAULT):
    """The one of several events and calls that is signalled first; waits so many seconds, for ever when None."""
    objects = list(objects)
    _, index = Convoke.wait_for_multiple(objects, flags, _microseconds(timeout))
    return objects[index]


@_export
def wait_all(objects, timeout=None, flags=Convoke.WaitFlags.DEFAULT):
    """Waits until all of several events and calls are signalled, so many seconds, for ever when None."""
    Convoke.wait_for_multiple(list(objects), flags | Convoke.WaitFlags.ALL, _microseconds(timeout))


class ServerCall(Convoke.ServerCall):
    """The implementation's side of a call that it completes later."""

    def complete(self, *outs):
        """Ends the call with its results: the return value, then the arguments that come out."""
        return Convoke.ServerCall.complete(self, list(outs))


ServerCall = override(ServerCall)
__all__.append('ServerCall')


# ---- the other ways to learn of a call's end ----

@functools.lru_cache(maxsize=None)
def _callback_class():
    class FunctionCallback(GObject.Object, Convoke.AsyncCallback):
        """What callback() makes."""

        # In an override no class gets a type of its own.
        __module__ = 'gi.repository.Convoke'
        __gtype_name__ = 'ConvokePythonCallback'

        def __init__(self, function, queue, flags):
            super().__init__()
            self._function, self._queue, self._flags = function, queue, flags

        def do_get_parameters(self):
            return True, self._flags, self._queue

        def do_invoke(self, result):
            self._function(result)
    return FunctionCallback


@_export
def callback(function, queue=None, flags=Convoke.AsyncCallbackFlags.NONE):
    """A callback that calls function(result) on a work queue; None: the standard one."""
    if not callable(function):
        raise TypeError('a callback is made of a function, not of %r' % (function,))
    return _callback_class()(function, queue, flags)


def _as_callback(thing):
    return thing if isinstance(thing, Convoke.AsyncCallback) else callback(thing)


class WorkQueue(Convoke.WorkQueue):
    """A work queue; what is put on it can be a callback, a result that has one, or any function."""

    def put(self, item, *args, priority=0):
        """Runs item(*args) on the queue; of a callback the only argument is its state."""
        if isinstance(item, Convoke.AsyncResult):
            return self.put_result_full(priority, item)
        if isinstance(item, Convoke.AsyncCallback):
            return self.put_full(priority, item, *(args or (None,)))
        if not callable(item):
            raise TypeError('a work item is a callback, a result or a function, not %r' % (item,))
        return self.put_function_full(priority, lambda *_: item(*args))


WorkQueue = override(WorkQueue)
__all__.append('WorkQueue')


@_export
def schedule(delay, item, *args):
    """The same after so many seconds, on the timer queue; gives the key that cancels it."""
    usec = _microseconds(delay)
    if isinstance(item, Convoke.AsyncResult):
        return Convoke.work_item_schedule_result(usec, item)
    if isinstance(item, Convoke.AsyncCallback):
        return Convoke.work_item_schedule(usec, item, *(args or (None,)))
    return Convoke.work_item_schedule_function(usec, lambda *_: item(*args))


def _values(args):
    """What PyGObject can put into values: it has none for None."""
    return [GObject.Value(GObject.TYPE_POINTER) if arg is None else arg for arg in args]


class ReplyPort(Convoke.ReplyPort):
    """Requests that have ids, and messages that say what became of them."""

    def request(self, object, interface, method, *args, timeout=None, request_id=0):
        """Begins a method, which may take so many seconds; gives the id that its reply will have."""
        _hand_out(object, interface)
        return Convoke.ReplyPort.request(self, object, interface, method, _values(args), _deadline(timeout), request_id)

    def cancel(self, request_id, grace=0.0):
        """Grants the implementation so many seconds to end, for ever when None."""
        return Convoke.ReplyPort.cancel(self, request_id, _microseconds(grace))

    def get_message(self, timeout=None):
        """Takes the oldest message; waits so many seconds, for ever when None."""
        return Convoke.ReplyPort.get_message(self, _microseconds(timeout))

    def __iter__(self):
        """Takes messages until the port is shut down."""
        return _until_shut_down(self.get_message)


def _until_shut_down(take):
    while True:
        try:
            message = take()
        except GLib.Error as error:
            if not error.matches(Convoke.error_quark(), Convoke.Error.SHUTDOWN):
                raise
            return
        yield message


ReplyPort = override(ReplyPort)
__all__.append('ReplyPort')


class ReplyQueue(Convoke.ReplyQueue):
    """Takes the messages of several ports, for any number of threads."""

    def take(self, timeout=None):
        """Takes the oldest message; waits so many seconds, for ever when None."""
        return Convoke.ReplyQueue.take(self, _microseconds(timeout))

    def __iter__(self):
        """Takes messages until the queue is closed."""
        return _until_shut_down(self.take)


ReplyQueue = override(ReplyQueue)
__all__.append('ReplyQueue')


class EventQueue(Convoke.EventQueue):
    """Events in a line, taken or told."""

    def get(self, timeout=None):
        """Takes the first event; waits so many seconds, for ever when None."""
        return Convoke.EventQueue.get(self, _microseconds(timeout))

    def __iter__(self):
        """Takes events until the queue is shut down."""
        return _until_shut_down(self.get)


EventQueue = override(EventQueue)
__all__.append('EventQueue')


class Handle(Convoke.Handle):
    """A handle; with "with" it is closed at the end."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_closed():
            self.close()

    @property
    def timeout(self):
        """The seconds that an operation may take; None: no limit."""
        return self.get_timeout() / 1000000 or None

    @timeout.setter
    def timeout(self, seconds):
        self.set_timeout(_deadline(seconds))

    def call(self, object, interface, method, *args, timeout=None):
        """Calls a method: (outcome, results); pending, its results come with the completion."""
        _hand_out(object, interface)
        return Convoke.Handle.call(self, object, interface, method, _values(args), _deadline(timeout))


Handle = override(Handle)
__all__.append('Handle')


# ---- call objects are made ----

@_export
def create_call(object, interface, outer=None, sink=None):
    """A call object for one interface of an object."""
    _require(interface)
    _guard(type(object))
    return Convoke.create_call_full(object, interface, outer, sink)


@_export
def create_proxy(object):
    """A proxy for an object whose code runs elsewhere."""
    for interface in _interfaces(type(object)):
        _require(interface)
    _guard(type(object))
    return Convoke.create_proxy(object)


@_export
def type_set_threading(type, threading):
    """Declares where the code of the objects of a class may run."""
    Convoke.type_set_threading(type, threading)
    if isinstance(type, GObjectMeta):
        _guard(type)


@_export
def threading(kind):
    """Declares, above a class, where the code of its objects may run: 'context', 'serial' or 'any'."""
    if kind not in ('context', 'serial', 'any'):
        raise ValueError("threading is 'context', 'serial' or 'any', not %r" % (kind,))
    value = getattr(Convoke.Threading, kind.upper())

    def declare(cls):
        type_set_threading(cls, value)
        return cls
    return declare


# ---- tokens and tables ----

def _hand_out(object, interface):
    _require(interface)
    _guard(type(object))


def _wanted(interface):
    """None: what it was made or registered for."""
    if interface is None:
        return GObject.TYPE_NONE
    _require(interface)
    return interface


# ---- pipes ----

_plain_pipe = {name: getattr(Convoke.Pipe, name) for name in ('push', 'pull', 'push_items', 'pull_items', 'try_pull')}


class _Pipe:
    """For the ends of pipes. Their classes are made at run time, so what they share is their interface."""

    def push(self, data, timeout=None):
        """Pushes bytes, waiting for room so many seconds, for ever when None. No bytes say the end."""
        return _plain_pipe['push'](self, bytes(data), _microseconds(timeout))

    def pull(self, max=65536, timeout=None):
        """Pulls bytes, waiting for them so many seconds; none are the end."""
        return _plain_pipe['pull'](self, max, _microseconds(timeout)).get_data()

    def try_pull(self, max=65536):
        """Pulls bytes if there are any; otherwise it is CALL_PENDING."""
        return _plain_pipe['try_pull'](self, max).get_data()

    def push_items(self, items, timeout=None):
        """Pushes a GLib.Variant that is an array of items; an empty one says the end."""
        return _plain_pipe['push_items'](self, items, _microseconds(timeout))

    def pull_items(self, max=100, timeout=None):
        """Pulls a GLib.Variant that is an array of items; an empty one is the end."""
        return _plain_pipe['pull_items'](self, max, _microseconds(timeout))

    def __iter__(self):
        """Goes over what comes, to the end: bytes, or items as GLib.Variant."""
        if self.dup_item_type() is None:
            yield from iter(self.pull, b'')
            return
        while (items := self.pull_items()).n_children() > 0:
            for i in range(items.n_children()):
                yield items.get_child_value(i)


for _name in (*_plain_pipe, '__iter__'):
    setattr(Convoke.Pipe, _name, getattr(_Pipe, _name))


@_export
def pipe(capacity=262144, items=None, *, unordered=False, outlives_call=False):
    """Makes a pipe for bytes, or for items of a type such as 'i': its writer and its reader."""
    flags = Convoke.PipeFlags.DEFAULT
    if unordered:
        flags |= Convoke.PipeFlags.UNORDERED
    if outlives_call:
        flags |= Convoke.PipeFlags.OUTLIVES_CALL
    if items is None:
        return Convoke.Pipe.new(flags, capacity)
    if not GLib.VariantType.string_is_valid(items):
        raise ValueError('%r is no type of items' % (items,))
    return Convoke.Pipe.new_items(flags, GLib.VariantType(items), capacity)


class Token(Convoke.Token):
    """An object on its way to another thread, or as a text."""

    @staticmethod
    def new(object, interface, kind=Convoke.TokenKind.NORMAL):
        _hand_out(object, interface)
        return Convoke.Token.new(object, interface, kind)

    def redeem(self, interface=None):
        return Convoke.Token.redeem(self, _wanted(interface))


Token = override(Token)
__all__.append('Token')


class InterfaceTable(Convoke.InterfaceTable):
    """Objects by number and by name, for all threads."""

    def register(self, object, interface):
        _hand_out(object, interface)
        return Convoke.InterfaceTable.register(self, object, interface)

    def register_name(self, name, object, interface):
        _hand_out(object, interface)
        return Convoke.InterfaceTable.register_name(self, name, object, interface)

    def dup_object(self, cookie, interface=None):
        return Convoke.InterfaceTable.dup_object(self, cookie, _wanted(interface))

    def dup_object_by_name(self, name, interface=None):
        return Convoke.InterfaceTable.dup_object_by_name(self, name, _wanted(interface))


InterfaceTable = override(InterfaceTable)
__all__.append('InterfaceTable')


@_export
def set_busy_timeout(proxy, seconds):
    """How long a call for which the callee has no time is tried again."""
    usec = _microseconds(seconds)
    Convoke.set_busy_timeout(proxy, GLib.MAXINT64 if usec < 0 else usec)


@_export
def set_busy_handler(proxy, handler):
    """handler(seconds since the first try) gives the seconds until the next one, or None to give up."""
    if handler is None:
        Convoke.set_busy_handler(proxy, None)
        return

    def decide(elapsed, *_):
        pause = handler(elapsed / 1000000)
        return -1 if pause is None else max(0, _microseconds(pause))
    Convoke.set_busy_handler(proxy, decide)


# ---- activation ----

def _choice(enum, what, name):
    if name is None:
        return enum.DEFAULT
    names = [value.value_nick.replace('_', '-') for value in enum.__enum_values__.values() if value != enum.DEFAULT]
    if name not in names:
        raise ValueError('%s is one of %s, not %r' % (what, ', '.join(map(repr, names)), name))
    return getattr(enum, name.upper().replace('-', '_'))


def _activation(interface, distance, placement, timeout, properties=None):
    """(the interface or the class of all objects, what is wished of an activation)"""
    if interface is not None:
        _require(interface)
    activation = Convoke.Activation.new()
    activation.set_distance(_choice(Convoke.Distance, 'distance', distance),
                            _choice(Convoke.Placement, 'placement', placement))
    usec = _microseconds(timeout)
    activation.set_timeout(0 if usec < 0 else max(1, usec))
    for name, value in (properties or {}).items():
        activation.set_construct_property(name, GObject.Value(GObject.Object, None) if value is None else value)
    return interface or GObject.Object, activation


class Catalog(Convoke.Catalog):
    """Which classes there are: a list of what is known of each."""

    def __bool__(self):
        # Also one that is an empty list is a catalog.
        return True

    def __contains__(self, class_name):
        return self.dup_class(class_name) is not None

    def classes(self, interface=None, category=None):
        """The classes that implement an interface, given as such or by its name, and are of a category; None is any."""
        if interface is not None and not isinstance(interface, str):
            _require(interface)
            info = interface.__info__
            namespace = info.get_namespace()
            interface = '%s-%s.%s' % (namespace, gi.Repository.get_default().get_version(namespace), info.get_name())
        return self.dup_classes(interface, category)


Catalog = override(Catalog)
_export(Catalog)


@_export
def activate(class_name, interface=None, *, distance=None, placement=None, timeout=None, properties=None,
             cancellable=None, catalog=None):
    """Makes an object of a class of components.

    distance ('in-process', 'thread', 'process') and placement ('must', 'prefer', 'off') go before what the keyfile says;
    timeout is in seconds. properties is a dictionary of what the object is made with; a GObject.Value says which type a value has.
    """
    interface, activation = _activation(interface, distance, placement, timeout, properties)
    catalog = catalog or Convoke.Catalog.dup_default()
    return catalog.activate(class_name, interface, activation, cancellable)


@_export
def activate_async(class_name, interface=None, *, distance=None, placement=None, timeout=None, properties=None,
                   catalog=None):
    """The same to be awaited: `feed = await Convoke.activate_async('org.example.Coffee', Demo.PriceFeed)`.

    It begins at once; cancelling its future, or the task that awaits it, cancels it.
    """
    _load_asyncio()
    interface, activation = _activation(interface, distance, placement, timeout, properties)
    loop = asyncio.get_running_loop()
    return _loop_state(loop).activate(loop, catalog or Convoke.Catalog.dup_default(), class_name, interface, activation)


@_export
def activate_interfaces(class_name, *interfaces, distance=None, placement=None, timeout=None, cancellable=None,
                        catalog=None):
    """Makes one object of a class and asks it for several interfaces: `activate_interfaces(name, A, B)[A].method()`.

    It succeeds when there is one of them; what is missing is told when the set is asked for it.
    """
    for interface in interfaces:
        _require(interface)
    _, activation = _activation(None, distance, placement, timeout)
    catalog = catalog or Convoke.Catalog.dup_default()
    return catalog.activate_interfaces(class_name, list(interfaces), activation, cancellable)


class QueryResult(Convoke.QueryResult):
    """What one object answered for several interfaces."""

    def __getitem__(self, interface):
        return self.dup_object(interface)


QueryResult = override(QueryResult)
__all__.append('QueryResult')


@_export
def dup_placement(object):
    """Where an object that was activated lives, and why, as a dictionary; None for any other."""
    placement = Convoke.dup_placement(object)
    if placement is None:
        return None
    return {key: os.fsdecode(bytes(value[:-1])) if key == 'file' else value for key, value in placement.unpack().items()}


# ---- published objects ----

class _Publication:
    """An object that is published until unpublish(), or the end of a `with` block; dropping this changes nothing."""

    def __init__(self, name, cookie):
        self.name = name
        self._cookie = cookie

    def unpublish(self):
        """Takes the object back; those who have it go on."""
        Convoke.unpublish(self._cookie)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.unpublish()

    def __repr__(self):
        return '<Convoke.publish %r>' % (self.name,)


@_export
def publish(name, object):
    """Publishes an object by name, to every process of the same user: `with Convoke.publish('org.example.Viewer', viewer):`."""
    for interface in _interfaces(type(object)):
        _require(interface)
    _guard(type(object))
    return _Publication(name, Convoke.publish(name, object))


def _attach_time(seconds):
    """None is the usual time."""
    if seconds is None:
        return -1
    usec = _microseconds(seconds)
    return GLib.MAXINT64 if usec < 0 else usec


@_export
def attach(name, interface=None, *, timeout=None, cancellable=None):
    """Gets hold of an object that a program publishes; the usual timeout is ten seconds."""
    if interface is not None:
        _require(interface)
    return Convoke.attach(name, interface or GObject.Object, _attach_time(timeout), cancellable)


@_export
def attach_token(text, interface=None, *, timeout=None, cancellable=None):
    """Redeems the text of a token of another process."""
    if interface is not None:
        _require(interface)
    return Convoke.attach_token(text, interface or GObject.Object, _attach_time(timeout), cancellable)


@_export
def attach_async(name, interface=None, *, timeout=None):
    """The same to be awaited: `viewer = await Convoke.attach_async('org.example.Viewer', Demo.Viewer)`."""
    _load_asyncio()
    if interface is not None:
        _require(interface)
    loop = asyncio.get_running_loop()
    return _loop_state(loop).attach(loop, name, interface or GObject.Object, _attach_time(timeout))


# ---- classes of this process ----

class ClassFactory(Convoke.ClassFactory):
    """Makes the instances of a class: do_create_instance(outer, iface), where it is implemented in Python."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        create = cls.__dict__.get('do_create_instance')
        if create is not None:
            # PyGObject hands no GType to a virtual function. What it does not see as one it does not hook up.
            cls._create_instance = create
            del cls.do_create_instance
            cls.do_create_instance_named = _create_instance_named


def _create_instance_named(self, outer, iface_name):
    made = self._create_instance(outer, GObject.type_from_name(iface_name))
    # PyGObject would print that, and hand over nothing.
    if made is not None and not isinstance(made, GObject.Object):
        raise GLib.Error.new_literal(Convoke.error_quark(), '%s made %r, which is no object' % (type(self).__name__, made),
                                     Convoke.Error.SERVER_FAULT)
    return made


ClassFactory = override(ClassFactory)
__all__.append('ClassFactory')


def _prepare_part(part):
    for interface in _interfaces(type(part)):
        _require(interface)
    _guard(type(part))


class Composition(Convoke.Composition):

    def add(self, inner):
        _prepare_part(inner)
        super().add(inner)

    def add_interface(self, inner, interface):
        _prepare_part(inner)
        super().add_interface(inner, interface)

    def reserve(self, interface):
        _require(interface)
        super().reserve(interface)


Composition = override(Composition)
__all__.append('Composition')


@_export
def compose(outer, *parts, reserve=(), **properties):
    """An object of the class outer, a subclass of Convoke.Component, that also has the interfaces of its parts.

    A part is an object, which gives all that it has, or a pair of an object and an interface (or a list of them), which
    gives that and wins over others. reserve: interfaces that Component.fill() gives a part later. The rest are properties
    of the outer.
    """
    composition = Convoke.Composition.new(outer)
    for part in parts:
        if isinstance(part, tuple):
            inner, interfaces = part
            for interface in interfaces if isinstance(interfaces, (list, tuple)) else [interfaces]:
                composition.add_interface(inner, interface)
        else:
            composition.add(part)
    for interface in reserve:
        composition.reserve(interface)
    for name, value in properties.items():
        name = name.replace('_', '-')
        pspec = outer.find_property(name) if value is None else None
        composition.set_construct_property(name, value if pspec is None else GObject.Value(pspec.value_type, None))
    return composition.create()


@functools.lru_cache(maxsize=None)
def _factory_class():
    """Made when it is needed: a host starts for every component, and hardly one needs it."""

    class Factory(GObject.Object, ClassFactory):
        # PyGObject registers no type for a class of an override.
        __module__ = 'gi.repository.Convoke'

        def __init__(self, make):
            GObject.Object.__init__(self)
            self.make = make

        def do_create_instance(self, outer, iface):
            if outer is not None:
                raise GLib.Error.new_literal(Convoke.error_quark(), '%r makes no parts of other objects' % (self.make,),
                                             Convoke.Error.NO_AGGREGATION)
            made = self.make()
            for interface in _interfaces(type(made)):
                _require(interface)
            _guard(type(made))
            return made

    return Factory


@_export
class Registration:
    """A class that this process has registered; at the end of a `with` block it is revoked."""

    def __init__(self, class_name, cookie):
        self.class_name = class_name
        self.cookie = cookie
        self.revoked = False

    def revoke(self):
        """Ends it; once."""
        Convoke.revoke_class_object(self.cookie)
        self.revoked = True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if not self.revoked:
            self.revoke()

    def __repr__(self):
        return '<Registration of %s%s>' % (self.class_name, ', revoked' if self.revoked else '')


@_export
def register_class(class_name, maker, *, single_use=False, suspended=False):
    """Registers a class of this process: activation of its name makes an instance.

    maker is the class, or any function without arguments that makes an instance; or a class object: one of a class that
    implements Convoke.ClassFactory, as a rule. Gives a Registration, which revokes it.
    """
    flags = Convoke.RegistrationFlags.MULTIPLE_USE
    if single_use:
        flags |= Convoke.RegistrationFlags.SINGLE_USE
    if suspended:
        flags |= Convoke.RegistrationFlags.SUSPENDED
    if not isinstance(maker, GObject.Object):
        if not callable(maker):
            raise TypeError('%r makes no instances: a class, a function or a class object does' % (maker,))
        maker = _factory_class()(maker)
    _guard(type(maker))
    return Registration(class_name, Convoke.register_class_object(class_name, maker, flags))


# ---- await ----

class _CallFuture:
    """The future of a call. Cancelling it cancels the call.

    The task that awaits it goes on at once when the call is complete: nothing else runs in the loop then, and to be
    queued once more would cost a third of the call.
    """

    slot = None
    task = None

    def add_done_callback(self, callback, *, context=None):
        if context is None or self.task is not None or self.done():
            super().add_done_callback(callback, context=context)
        else:
            self.task = (callback, context)

    def remove_done_callback(self, callback):
        removed = super().remove_done_callback(callback)
        if self.task is not None and self.task[0] == callback:
            self.task = None
            removed += 1
        return removed

    def cancel(self, msg=None):
        if not super().cancel(msg):
            return False
        if self.task is not None:
            self.get_loop().call_soon(self.task[0], self, context=self.task[1])
        if self.slot is not None:
            try:
                self.slot.call.cancel(0)
            except GLib.Error:
                # It is complete, and on its way here.
                pass
        return True


@functools.lru_cache(maxsize=None)
def _load_asyncio():
    """Importing it takes longer than the rest; a host starts for every component, and hardly one needs it."""
    global asyncio, _Future
    import asyncio
    _Future = type('_Future', (_CallFuture, asyncio.Future), {})


class _Slot:
    """A call object with what is needed to use it again and again, from one event loop."""

    __slots__ = ('call', 'key', 'timeout', 'methods', 'begin_face', 'finish_face', 'pool',
                 'future', 'args', 'finish', 'throws', 'progress', 'used')

    def __init__(self, object, interface, queue, key, pool):
        self.call = create_call(object, interface)
        self.call.set_completion_queue(queue, key)
        self.key = key
        self.pool = pool
        self.timeout = None
        self.methods = {}
        self.begin_face = self.call.dup_begin_face()
        self.finish_face = self.call.dup_finish_face()
        self.future = self.args = self.progress = None

    def bind(self, method):
        bound = (types.MethodType(method.call, self.begin_face),
                 types.MethodType(method.call, self.finish_face), method.throws)
        self.methods[method] = bound
        return bound

    def recycle(self):
        self.future = self.args = self.progress = None
        self.used = True
        self.pool.append(self)


class _Loop:
    """The calls that one event loop awaits.

    A completion queue gathers them behind one descriptor. Idle call objects are kept for a moment, because making
    one costs more than a call; they keep their component alive so long.
    """

    IDLE_SECONDS = 1.0

    def __init__(self, loop):
        self.loop = weakref.ref(loop)
        self.queue = Convoke.CompletionQueue.new()
        self.take_keys = types.MethodType(Convoke.CompletionQueue.take, self.queue)
        self.pending = {}
        self.pools = {}
        self.next_key = 1
        self.n_gets = 0
        self.sweeping = False
        self.watch = None
        loop.add_reader(self.queue.get_fd(), self.take)

    def start(self, loop, object, method, args, timeout, progress):
        pool = self.pools.get((object, method.iface))
        slot = pool.pop() if pool else self.make_slot(loop, object, method.iface)
        try:
            if timeout != slot.timeout:
                slot.call.set_timeout(_deadline(timeout))
                slot.timeout = timeout
            begin, slot.finish, slot.throws = slot.methods.get(method) or slot.bind(method)
            begin(*args)
            if not slot.throws:
                _raise_last_error(slot.begin_face)
        except Exception:
            slot.recycle()
            raise
        slot.args = args
        slot.progress = progress
        slot.future = future = _Future(loop=loop)
        future.slot = self.pending[slot.key] = slot
        return future

    def make_slot(self, loop, object, interface):
        pool = self.pools.setdefault((object, interface), [])
        self.begin_sweeping(loop)
        key = self.next_key
        self.next_key += 1
        return _Slot(object, interface, self.queue, key, pool)

    def take(self):
        completed, progressed = self.take_keys()
        for key in progressed:
            self.tell_progress(key)
        if len(completed) == 1:
            self.complete(completed[0])
        elif completed:
            # One by one: a task that goes on can end the loop with an exception.
            call_soon = self.loop().call_soon
            for key in completed:
                call_soon(self.complete, key)

    def tell_progress(self, key):
        slot = self.pending.get(key)
        if slot is None or slot.progress is None or slot.future.done():
            return
        try:
            slot.progress(slot.call.progress)
        except Exception as error:
            self.loop().call_exception_handler(
                {'message': 'Exception in a callback for progress', 'exception': error, 'future': slot.future})

    def complete(self, key):
        slot = self.pending.pop(key, None)
        if slot is None:
            # Its begin was interrupted, by Ctrl-C for one.
            return
        future = slot.future
        future.slot = None
        try:
            result = slot.finish(*slot.args)
            if not slot.throws:
                _raise_last_error(slot.finish_face)
        except Exception as error:
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(result)
        slot.recycle()
        if future.task is not None and not future.cancelled():
            callback, context = future.task
            context.run(callback, future)

    def activate(self, loop, catalog, *wishes):
        return self.get_object(loop, catalog.activate, catalog.activate_async, catalog.activate_finish, *wishes)

    def attach(self, loop, *wishes):
        return self.get_object(loop, Convoke.attach, Convoke.attach_async, Convoke.attach_finish, *wishes)

    def get_object(self, loop, get, begin, finish, *wishes):
        cancellable = Gio.Cancellable()
        if GLib.MainContext.get_thread_default() is None and threads.current_thread() is not threads.main_thread():
            # The main context is another thread's, which need not iterate it.
            future = loop.run_in_executor(None, get, *wishes, cancellable)
        else:
            future = self.get_in_context(loop, begin, finish, *wishes, cancellable)
        future.add_done_callback(lambda future: cancellable.cancel() if future.cancelled() else None)
        return future

    def get_in_context(self, loop, begin, finish, *wishes):
        future = loop.create_future()

        def settle(set, outcome):
            self.n_gets -= 1
            if not future.done():
                set(outcome)

        # On whichever thread iterates the context.
        def ended(source, result):
            try:
                outcome = future.set_result, finish(result)
            except GLib.Error as error:
                outcome = future.set_exception, error
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, *outcome)

        begin(*wishes, ended)
        self.n_gets += 1
        self.begin_sweeping(loop)
        return future

    def begin_sweeping(self, loop):
        if not self.sweeping:
            self.sweeping = True
            self.serve_context(loop)
            loop.call_later(self.IDLE_SECONDS, self.sweep)

    # Objects that belong to this thread's main context run when somebody iterates it, which an event loop does not.
    def serve_context(self, loop):
        if GLib.main_depth() > 0:
            return
        try:
            self.watch = Convoke.ContextWatch.new(None)
        except GLib.Error:
            # It is another thread's, which serves it.
            return
        loop.add_reader(self.watch.get_fd(), self.watch.dispatch)

    def sweep(self):
        for pool in self.pools.values():
            pool[:] = [slot for slot in pool if slot.used]
            for slot in pool:
                slot.used = False
        busy = {id(slot.pool) for slot in self.pending.values()}
        self.pools = {key: pool for key, pool in self.pools.items() if pool or id(pool) in busy}
        loop = self.loop()
        self.sweeping = bool(self.pools or self.n_gets)
        if self.sweeping:
            loop.call_later(self.IDLE_SECONDS, self.sweep)
        elif self.watch is not None:
            loop.remove_reader(self.watch.get_fd())
            self.watch = None


# By identity, because a look-up in a weak dictionary costs as much as a call. The loop keeps its state, as the
# reader of the queue, until it is closed; here both are weak.
_loops = {}


def _loop_state(loop):
    entry = _loops.get(id(loop))
    if entry is not None and entry[0]() is loop:
        state = entry[1]()
        if state is not None:
            return state

    state = _Loop(loop)
    _loops[id(loop)] = (weakref.ref(loop, functools.partial(_forget, id(loop))), weakref.ref(state))
    return state


def _forget(key, ref):
    entry = _loops.get(key)
    if entry is not None and entry[0] is ref:
        del _loops[key]


class _Aio:
    """What aio() gives; its subclasses have the methods."""

    __slots__ = ('_object',)

    def __init__(self, object):
        self._object = object

    def __getattr__(self, name):
        raise AttributeError('%s has no method %r' % (type(self).__name__, name))


def _awaited(method):
    def start(self, *args, timeout=None, progress=None):
        loop = asyncio.get_running_loop()
        return _loop_state(loop).start(loop, self._object, method, args, timeout, progress)
    start.__name__ = method.name
    return start


async def _go_over_pipe(self):
    """async for: what comes, to the end."""
    if await self.dup_item_type() is None:
        while chunk := (await self.pull(65536, -1)).get_data():
            yield chunk
        return
    while (items := await self.pull_items(100, -1)).n_children() > 0:
        for i in range(items.n_children()):
            yield items.get_child_value(i)


@functools.lru_cache(maxsize=None)
def _aio_class(*interfaces):
    _load_asyncio()
    for interface in interfaces:
        _require(interface)
    methods = {}
    for interface in interfaces:
        for name, method in _methods(interface).items():
            methods.setdefault(name, _awaited(method))
    if Convoke.Pipe in interfaces:
        methods['__aiter__'] = _go_over_pipe
    name = 'aio(%s)' % ', '.join(interface.__name__ for interface in interfaces)
    return type(name, (_Aio,), dict(methods, __slots__=()))


@functools.lru_cache(maxsize=None)
def _aio_class_for(cls):
    interfaces = _interfaces(cls)
    if not interfaces:
        raise TypeError('%s has no interface that a typelib describes' % cls.__name__)
    return _aio_class(*interfaces)


@_export
def aio(object, interface=None):
    """An object whose methods can be awaited: `await Convoke.aio(feed).get_price('tea', timeout=2.0)`.

    Every method takes two more arguments: timeout, in seconds, and progress, a function that is called on the
    event loop with a Progress. The call begins at once; cancelling its future, or the task that awaits it,
    cancels the call.
    """
    return (_aio_class_for(type(object)) if interface is None else _aio_class(interface))(object)
