/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks the shop Downfall once per line "timeout url" of its input and prints
 * what it says: a program of its own, so that a sanitizer can watch it. */

#include "downfall-shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
ask (DownfallShop *shop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) prices = demo_price_feed_get_prices (DEMO_PRICE_FEED (shop), &error);
  g_autofree char *text = NULL;

  if (prices != NULL)
    text = g_variant_print (prices, FALSE);
  printf ("%s\n", text != NULL ? text : error->message);
  fflush (stdout);
}

int
main (void)
{
  g_autoptr (DownfallShop) shop = g_object_new (DOWNFALL_TYPE_SHOP, NULL);
  char line[4096];

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      char *url;
      guint timeout = strtoul (line, &url, 10);

      g_object_set (shop, "url", g_strstrip (url), "timeout", timeout, NULL);
      ask (shop);
    }

  return 0;
}
