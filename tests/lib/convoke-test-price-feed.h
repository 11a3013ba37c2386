/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_ERROR (convoke_test_error_quark ())

/**
 * ConvokeTestError:
 * @CONVOKE_TEST_ERROR_NO_SUCH_ITEM: there is no such item
 * @CONVOKE_TEST_ERROR_HELD: nobody opened the gate
 *
 * Errors that nobody but this library knows.
 */
typedef enum
{
  CONVOKE_TEST_ERROR_NO_SUCH_ITEM = 7,
  CONVOKE_TEST_ERROR_HELD = 9,
} ConvokeTestError;

GQuark convoke_test_error_quark (void);

#define CONVOKE_TEST_TYPE_PRICE_FEED (convoke_test_price_feed_get_type ())
G_DECLARE_INTERFACE (ConvokeTestPriceFeed, convoke_test_price_feed, CONVOKE_TEST, PRICE_FEED, GObject)

struct _ConvokeTestPriceFeedInterface
{
  GTypeInterface parent_iface;

  double  (*get_price)        (ConvokeTestPriceFeed  *self,
                               const char            *item,
                               GError               **error);
  double  (*get_price_slowly) (ConvokeTestPriceFeed  *self,
                               const char            *item,
                               GError               **error);
  double  (*get_price_soon)   (ConvokeTestPriceFeed  *self,
                               const char            *item,
                               GError               **error);
  int     (*count_items)      (ConvokeTestPriceFeed  *self);
  char   *(*describe)         (ConvokeTestPriceFeed  *self);
  void    (*note)             (ConvokeTestPriceFeed  *self,
                               const char            *text);
  void    (*price_changed)    (ConvokeTestPriceFeed  *self,
                               const char            *item,
                               double                 price);
};

double convoke_test_price_feed_get_price        (ConvokeTestPriceFeed  *self,
                                                 const char            *item,
                                                 GError               **error);
double convoke_test_price_feed_get_price_slowly (ConvokeTestPriceFeed  *self,
                                                 const char            *item,
                                                 GError               **error);
double convoke_test_price_feed_get_price_soon   (ConvokeTestPriceFeed  *self,
                                                 const char            *item,
                                                 GError               **error);
int    convoke_test_price_feed_count_items      (ConvokeTestPriceFeed  *self);
char  *convoke_test_price_feed_describe         (ConvokeTestPriceFeed  *self);
void   convoke_test_price_feed_note             (ConvokeTestPriceFeed  *self,
                                                 const char            *text);

G_END_DECLS
