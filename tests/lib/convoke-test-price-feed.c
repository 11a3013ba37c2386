/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-price-feed.h"

/**
 * convoke_test_error_quark:
 *
 * The domain of this library.
 *
 * Returns: the quark
 */
G_DEFINE_QUARK (convoke-test-error-quark, convoke_test_error)

/**
 * ConvokeTestPriceFeed:
 *
 * Tells prices: the smallest interface that a program would write.
 */
G_DEFINE_INTERFACE (ConvokeTestPriceFeed, convoke_test_price_feed, G_TYPE_OBJECT)

static void
convoke_test_price_feed_default_init (ConvokeTestPriceFeedInterface *iface)
{
  /**
   * ConvokeTestPriceFeed:currency:
   *
   * What prices are told in.
   */
  g_object_interface_install_property (iface,
    g_param_spec_string ("currency", NULL, NULL, "EUR", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestPriceFeed::price-changed:
   * @self: a feed
   * @item: what it is that costs
   * @price: how much
   *
   * A price changed.
   */
  g_signal_new ("price-changed", CONVOKE_TEST_TYPE_PRICE_FEED, G_SIGNAL_RUN_LAST,
                G_STRUCT_OFFSET (ConvokeTestPriceFeedInterface, price_changed),
                NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
}

/**
 * convoke_test_price_feed_get_price:
 * @self: a feed
 * @item: what it is that costs
 * @error: return location for an error
 *
 * Tells a price.
 *
 * Returns: the price
 */
double
convoke_test_price_feed_get_price (ConvokeTestPriceFeed  *self,
                                   const char            *item,
                                   GError               **error)
{
  return CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->get_price (self, item, error);
}

/**
 * convoke_test_price_feed_get_price_slowly:
 * @self: a feed
 * @item: what it is that costs
 * @error: return location for an error
 *
 * Tells a price once the implementation's gate lets it.
 *
 * Returns: the price
 */
double
convoke_test_price_feed_get_price_slowly (ConvokeTestPriceFeed  *self,
                                          const char            *item,
                                          GError               **error)
{
  return CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->get_price_slowly (self, item, error);
}

/**
 * convoke_test_price_feed_get_price_soon: (attributes convoke.deadline-ms=500 convoke.idempotent=1)
 * @self: a feed
 * @item: what it is that costs
 * @error: return location for an error
 *
 * Tells a price once the implementation's gate lets it, and not later than
 * half a second after the question.
 *
 * Returns: the price
 */
double
convoke_test_price_feed_get_price_soon (ConvokeTestPriceFeed  *self,
                                        const char            *item,
                                        GError               **error)
{
  return CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->get_price_soon (self, item, error);
}

/**
 * convoke_test_price_feed_count_items:
 * @self: a feed
 *
 * Cannot fail.
 *
 * Returns: the number of items
 */
int
convoke_test_price_feed_count_items (ConvokeTestPriceFeed *self)
{
  return CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->count_items (self);
}

/**
 * convoke_test_price_feed_describe:
 * @self: a feed
 *
 * Cannot fail, and its result is never %NULL.
 *
 * Returns: (transfer full): a description
 */
char *
convoke_test_price_feed_describe (ConvokeTestPriceFeed *self)
{
  return CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->describe (self);
}

/**
 * convoke_test_price_feed_note: (attributes convoke.oneway=1)
 * @self: a feed
 * @text: what to note
 *
 * Notes something; nobody waits for that.
 */
void
convoke_test_price_feed_note (ConvokeTestPriceFeed *self,
                              const char           *text)
{
  CONVOKE_TEST_PRICE_FEED_GET_IFACE (self)->note (self, text);
}
