/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a shop can be asked: an interface as anybody writes it with GObject.
 * This library does not know Convoke.
 */

#include "demo-price-feed.h"

/**
 * DemoPriceFeed:
 *
 * A shop that tells its prices.
 */

G_DEFINE_QUARK (demo-price-feed-error-quark, demo_price_feed_error)

G_DEFINE_INTERFACE (DemoPriceFeed, demo_price_feed, G_TYPE_OBJECT)

static GVariant *
demo_price_feed_has_no_list (DemoPriceFeed  *self,
                             GError        **error)
{
  g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_FAILED,
                       "this shop has no price list");
  return NULL;
}

static void
demo_price_feed_default_init (DemoPriceFeedInterface *iface)
{
  iface->get_prices = demo_price_feed_has_no_list;
}

/**
 * demo_price_feed_get_price:
 * @self: a shop
 * @item: what to buy
 * @error: return location for a [error@Demo.PriceFeedError], or %NULL
 *
 * Asks for the price of one item. Blocks until the shop has answered.
 *
 * Returns: the price, 0 on failure
 */
double
demo_price_feed_get_price (DemoPriceFeed  *self,
                           const char     *item,
                           GError        **error)
{
  g_return_val_if_fail (DEMO_IS_PRICE_FEED (self), 0);
  g_return_val_if_fail (item != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  return DEMO_PRICE_FEED_GET_IFACE (self)->get_price (self, item, error);
}

/**
 * demo_price_feed_get_prices:
 * @self: a shop
 * @error: return location for a [error@Demo.PriceFeedError], or %NULL
 *
 * Asks for the whole price list. Blocks until the shop has answered.
 *
 * Returns: (transfer full): the price of each item, of type `a{sd}`
 */
GVariant *
demo_price_feed_get_prices (DemoPriceFeed  *self,
                            GError        **error)
{
  g_return_val_if_fail (DEMO_IS_PRICE_FEED (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return DEMO_PRICE_FEED_GET_IFACE (self)->get_prices (self, error);
}
