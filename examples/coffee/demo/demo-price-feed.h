/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define DEMO_EXPORT extern __attribute__ ((visibility ("default")))

/**
 * DEMO_PRICE_FEED_ERROR:
 *
 * The error domain of price feeds.
 */
#define DEMO_PRICE_FEED_ERROR (demo_price_feed_error_quark ())

/**
 * DemoPriceFeedError:
 * @DEMO_PRICE_FEED_ERROR_FAILED: it failed, and no other code fits
 * @DEMO_PRICE_FEED_ERROR_UNREACHABLE: the shop could not be asked
 * @DEMO_PRICE_FEED_ERROR_REFUSED: the shop was asked and gives no prices
 * @DEMO_PRICE_FEED_ERROR_NOT_A_PRICE_LIST: the shop sent something else
 * @DEMO_PRICE_FEED_ERROR_TIMED_OUT: the shop did not answer in time
 * @DEMO_PRICE_FEED_ERROR_CANCELLED: the caller does not want the answer any more
 * @DEMO_PRICE_FEED_ERROR_NO_SUCH_ITEM: the shop does not sell it
 *
 * Why a shop has no prices.
 */
typedef enum
{
  DEMO_PRICE_FEED_ERROR_FAILED,
  DEMO_PRICE_FEED_ERROR_UNREACHABLE,
  DEMO_PRICE_FEED_ERROR_REFUSED,
  DEMO_PRICE_FEED_ERROR_NOT_A_PRICE_LIST,
  DEMO_PRICE_FEED_ERROR_TIMED_OUT,
  DEMO_PRICE_FEED_ERROR_CANCELLED,
  DEMO_PRICE_FEED_ERROR_NO_SUCH_ITEM,
} DemoPriceFeedError;

DEMO_EXPORT
GQuark demo_price_feed_error_quark (void);

#define DEMO_TYPE_PRICE_FEED (demo_price_feed_get_type ())
DEMO_EXPORT
G_DECLARE_INTERFACE (DemoPriceFeed, demo_price_feed, DEMO, PRICE_FEED, GObject)

struct _DemoPriceFeedInterface
{
  GTypeInterface parent_iface;

  double    (*get_price)  (DemoPriceFeed  *self,
                           const char     *item,
                           GError        **error);
  GVariant *(*get_prices) (DemoPriceFeed  *self,
                           GError        **error);
};

DEMO_EXPORT
double demo_price_feed_get_price (DemoPriceFeed  *self,
                                  const char     *item,
                                  GError        **error);

DEMO_EXPORT
GVariant *demo_price_feed_get_prices (DemoPriceFeed  *self,
                                      GError        **error);

G_END_DECLS
