# SPDX-License-Identifier: LGPL-2.1-or-later
import os

import tap
from convoke_case import Case, Convoke, ConvokeTest, GLib, SECONDS

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'components')
TEA_FEED = 'org.example.TeaFeed'
PriceFeed = ConvokeTest.PriceFeed

Convoke.require('ConvokeTest', '1')


def iterate_until(condition):
    """Runs the main loop, bounded."""
    late = []
    GLib.timeout_add_seconds(int(SECONDS), late.append, True)
    while not condition():
        assert not late, 'in vain'
        GLib.MainContext.default().iteration(True)


class Plugins(Case):
    def setUp(self):
        super().setUp()
        self.list = Convoke.PluginList.new(Convoke.Catalog.new([HERE]), PriceFeed)
        self.plugin = self.list.dup_plugin(TEA_FEED)

    def tearDown(self):
        self.plugin.stop()
        super().tearDown()

    def start(self):
        self.plugin.props.active = True
        iterate_until(lambda: self.plugin.props.state == Convoke.PluginState.RUNNING)

    def test_list(self):
        """The plug-ins for an interface are iterated over, and are off"""
        self.assertIn(self.plugin, list(self.list))
        self.assertEqual(self.plugin.props.state, Convoke.PluginState.OFF)
        self.assertEqual(self.plugin.props.info.props.class_name, TEA_FEED)
        self.assertIsNone(self.plugin.props.object)

    def test_start(self):
        """A plug-in that is set active runs, and tells where and why"""
        self.start()
        self.assertEqual(self.plugin.props.object.get_price('oolong'), 1.5)
        self.assertEqual(self.plugin.props.placement['why'], self.plugin.props.why)
        self.assertIsNone(self.plugin.props.error)

    def test_call(self):
        """A call object of a plug-in is begun in one line; its callback finishes it"""
        answers = []
        self.start()
        self.plugin.create_call(
            lambda call, notice: notice == Convoke.CallNotice.COMPLETED and answers.append(call.finish_get_price())
        ).begin_get_price('oolong')
        iterate_until(lambda: answers)
        self.assertEqual(answers, [1.5])

    def test_start_fails(self):
        """The error of a start that fails is raised, and shown"""
        errors = []

        def started(plugin, result):
            try:
                plugin.start_finish(result)
            except GLib.Error as error:
                errors.append(error)

        plugin = Convoke.Plugin.new(Convoke.Catalog.new([HERE]), 'org.example.Nobody', PriceFeed)
        plugin.start_async(None, started)
        iterate_until(lambda: errors)
        self.assertTrue(errors[0].matches(Convoke.error_quark(), Convoke.Error.NO_CLASS))
        self.assertEqual(plugin.props.state, Convoke.PluginState.FAILED)
        self.assertEqual(plugin.dup_error().message, errors[0].message)
        self.assertEqual(plugin.props.status, errors[0].message)


if __name__ == '__main__':
    tap.main()
