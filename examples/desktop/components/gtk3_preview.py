# SPDX-License-Identifier: LGPL-2.1-or-later
"""A plug-in that was written for GTK 3: a window of its own, with the text as a page.

A process has one GTK. This one asks for another than the viewer's, and does not notice that it lives elsewhere.
"""

import os

import gi
gi.require_version('Gtk', '3.0')
gi.require_version('Viewer', '1')
from gi.repository import GLib, GObject, Gtk, Viewer

STYLE = b'''
window.preview textview, window.preview textview text { background: #fdf6e3; color: #073642; }
window.preview textview { font: 11pt serif; }
'''


def markup(line):
    title = line.lstrip('#')
    level = len(line) - len(title)
    text = GLib.markup_escape_text(title.strip() if level else line)
    return f'<span weight="bold" size="{["x-large", "large"][min(level, 2) - 1]}">{text}</span>' if level else text


class Gtk3Preview(GObject.Object, Viewer.Plugin):
    __gtype_name__ = 'Gtk3Preview'

    _window = None

    def do_run(self, document):
        if not Gtk.init_check(None)[0]:
            return f'{self._version()}, which finds no display'
        self._show(document.get_text())
        return f'A window of {self._version()}'

    @staticmethod
    def _version():
        return f'GTK {Gtk.get_major_version()}.{Gtk.get_minor_version()} in process {os.getpid()}'

    def _show(self, text):
        if self._window is None:
            self._create_window()
        buffer = self._view.get_buffer()
        buffer.set_text('')
        buffer.insert_markup(buffer.get_end_iter(), '\n'.join(markup(line) for line in text.splitlines()), -1)
        self._window.present()

    def _create_window(self):
        style = Gtk.CssProvider()
        style.load_from_data(STYLE)
        self._view = Gtk.TextView(editable=False, cursor_visible=False, wrap_mode=Gtk.WrapMode.WORD,
                                  left_margin=24, right_margin=24, top_margin=18, bottom_margin=18)
        pages = Gtk.ScrolledWindow()
        pages.add(self._view)
        self._window = Gtk.Window(title=f'Preview, in {self._version()}', default_width=420, default_height=420)
        self._window.set_titlebar(Gtk.HeaderBar(title='Preview', subtitle=self._version(), show_close_button=True))
        self._window.get_style_context().add_class('preview')
        Gtk.StyleContext.add_provider_for_screen(self._window.get_screen(), style, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
        self._window.add(pages)
        self._window.connect('delete-event', lambda window, event: window.hide_on_delete())
        pages.show_all()
        self._window.get_titlebar().show_all()
