/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* usage: customer NAME ITEM. Attaches to a shop and says the price of an item, or why not. */

#include <convoke.h>
#include <convoke-test.h>

#include <stdio.h>

static double
buy (const char  *name,
     const char  *item,
     GError     **error)
{
  g_autoptr (GObject) shop = NULL;

  if (!convoke_require ("ConvokeTest", "1", error))
    return 0;

  shop = convoke_attach (name, CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, error);
  return shop != NULL ? convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (shop), item, error) : 0;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  double price = buy (argv[1], argv[2], &error);

  if (error != NULL)
    printf ("failed: %s\n", error->message);
  else
    printf ("%g\n", price);
  return error != NULL;
}
