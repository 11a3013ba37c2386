# SPDX-License-Identifier: LGPL-2.1-or-later
import gc
import threading

import tap
from convoke_case import Case, Convoke, ConvokeTest, Feed, GLib, GObject, SECONDS, SerialFeed

PriceFeed = ConvokeTest.PriceFeed
Kind = Convoke.TokenKind


def in_thread(function):
    """What it returns or raises on a thread of its own."""
    answer = []

    def main():
        try:
            answer.append((function(), None))
        except Exception as error:
            answer.append((None, error))
    thread = threading.Thread(target=main)
    thread.start()
    context = GLib.MainContext.default()
    while thread.is_alive():
        context.iteration(False)
    thread.join()
    result, error = answer[0]
    if error is not None:
        raise error
    return result


class Token(Case):
    def test_to_another_thread(self):
        """A token takes an object in Python from one thread to another (OM-53)"""
        feed = Feed()
        token = Convoke.Token.new(feed, PriceFeed)

        def import_and_call():
            proxy = token.redeem()
            return Convoke.is_proxy(proxy), proxy.get_price('espresso')
        self.assertEqual(in_thread(import_and_call), (True, 4.0))
        self.assertEqual(feed.threads, [threading.get_ident()])
        self.assertError(Convoke.Error.NOT_CONNECTED, token.redeem)

    def test_as_a_text(self):
        """The text of a token that nobody else keeps is enough (OM-53)"""
        text = Convoke.Token.new(Feed(), PriceFeed).to_string()
        gc.collect()
        self.assertTrue(text.isascii())
        self.assertEqual(Convoke.Token.new_from_string(text).redeem(PriceFeed).get_price('tea'), 1.5)
        self.assertError(Convoke.Error.NOT_CONNECTED, Convoke.Token.new_from_string, text)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, Convoke.Token.new_from_string, 'tea')

    def test_table_tokens(self):
        """A strong token keeps its object, a weak one does not (OM-53)"""
        server = self.server()
        strong = Convoke.Token.new(server, PriceFeed, Kind.TABLE_STRONG)
        weak = Convoke.Token.new(server, PriceFeed, kind=Kind.TABLE_WEAK)
        self.assertIs(strong.redeem(), server)
        self.assertIs(weak.redeem(ConvokeTest.Every), server)
        del server
        gc.collect()
        self.assertTrue(isinstance(weak.redeem(), PriceFeed))
        self.assertTrue(strong.release())
        gc.collect()
        self.assertError(Convoke.Error.NOT_REGISTERED, weak.redeem)
        self.assertError(Convoke.Error.NO_INTERFACE, Convoke.Token.new, Feed(), ConvokeTest.Every)


class InterfaceTable(Case):
    def test_names(self):
        """An object by its name, in any thread, until it is revoked (OM-58)"""
        table = Convoke.InterfaceTable.dup_default()
        feed = SerialFeed()
        cookie = table.register_name('org.example.Feed', feed, PriceFeed)
        self.assertIn('org.example.Feed', table.dup_names())
        price = in_thread(lambda: table.dup_object_by_name('org.example.Feed').get_price('tea'))
        self.assertEqual(price, 1.5)
        self.assertTrue(Convoke.same_object(table.dup_object(cookie, PriceFeed), feed))
        self.assertError(Convoke.Error.ALREADY_REGISTERED, table.register_name, 'org.example.Feed', Feed(), PriceFeed)
        self.assertError(Convoke.Error.INVALID_ARGUMENT, table.register_name, '../Feed', Feed(), PriceFeed)
        table.revoke(cookie)
        self.assertError(Convoke.Error.NOT_FOUND, table.dup_object_by_name, 'org.example.Feed')
        self.assertError(Convoke.Error.NOT_REGISTERED, table.dup_object, cookie)

    def test_cookies(self):
        """An object by its cookie (OM-58)"""
        table = Convoke.InterfaceTable.new()
        server = self.server()
        cookie = table.register(server, PriceFeed)
        self.assertIs(table.dup_object(cookie, ConvokeTest.Every), server)
        self.assertTrue(table.revoke(cookie))


class Owner(Case):
    def test_disconnect(self):
        """What others have of an object that was disconnected fails, and tells it (OM-55)"""
        feed = SerialFeed()
        proxy = Convoke.create_proxy(feed)
        told = []
        proxy.connect('invalid', lambda proxy, why: told.append(why))
        self.assertEqual(proxy.get_price('tea'), 1.5)
        Convoke.disconnect_object(feed)
        self.assertError(Convoke.Error.DISCONNECTED, proxy.get_price, 'tea')
        GLib.MainContext.default().iteration(False)
        self.assertCode(told[0], Convoke.Error.DISCONNECTED)
        self.assertEqual(Convoke.create_proxy(feed).get_price('tea'), 1.5)

    def test_external_lock(self):
        """An object is kept while it is locked (OM-57)"""
        server = self.server()
        Convoke.lock_object_external(server)
        token = Convoke.Token.new(server, PriceFeed, Kind.TABLE_WEAK)
        del server
        gc.collect()
        server = token.redeem()
        Convoke.unlock_object_external(server)
        self.assertError(Convoke.Error.NOT_FOUND, Convoke.unlock_object_external, server)

    def test_filter(self):
        """A filter in Python refuses a call, and the caller tries again (OM-59)"""
        feed = SerialFeed()
        asked = []
        verdicts = [Convoke.CallVerdict.REJECT, Convoke.CallVerdict.RETRY_LATER, Convoke.CallVerdict.RETRY_LATER]

        def decide(object, interface, method, context, *_):
            asked.append((object is feed, interface, method))
            return verdicts.pop(0) if verdicts else Convoke.CallVerdict.HANDLE
        Convoke.Apartment.dup_for_object(feed).set_call_filter(decide)
        proxy = Convoke.create_proxy(feed)
        self.assertError(Convoke.Error.CALL_REJECTED, proxy.get_price, 'tea')
        self.assertError(Convoke.Error.BUSY, proxy.get_price, 'tea')
        elapsed = []

        def retry(seconds):
            elapsed.append(seconds)
            return 0.001
        Convoke.set_busy_handler(proxy, retry)
        self.assertEqual(proxy.get_price('tea'), 1.5)
        self.assertEqual(asked, [(True, 'ConvokeTest-1.PriceFeed', 'get_price')] * 4)
        self.assertEqual(len(elapsed), 1)
        self.assertTrue(0 <= elapsed[0] < SECONDS)

    def test_busy_timeout(self):
        """A busy time-out is in seconds, and None is for ever (OM-59)"""
        feed = SerialFeed()
        verdicts = [Convoke.CallVerdict.RETRY_LATER] * 3
        Convoke.Apartment.dup_for_object(feed).set_call_filter(
            lambda *args: verdicts.pop() if verdicts else Convoke.CallVerdict.HANDLE)
        proxy = Convoke.create_proxy(feed)
        Convoke.set_busy_timeout(proxy, None)
        self.assertEqual(proxy.get_price('tea'), 1.5)
        Convoke.set_busy_timeout(proxy, 0)
        Convoke.set_busy_handler(proxy, None)


if __name__ == '__main__':
    tap.main()
