/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks the shop Downfall once per line "timeout url" of its input and prints
 * what it says: a program of its own, so that a sanitizer can watch it. */

#include <convoke.h>

#include "demo-web-shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
ask (DemoPriceFeed *shop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) prices = demo_price_feed_get_prices (shop, &error);
  g_autofree char *text = NULL;

  if (prices != NULL)
    text = g_variant_print (prices, FALSE);
  printf ("%s\n", text != NULL ? text : error->message);
  fflush (stdout);
}

int
main (void)
{
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_dup_default ();
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) shop = NULL;
  char line[4096];

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_IN_PROCESS, CONVOKE_PLACEMENT_MUST);
  shop = convoke_catalog_activate (catalog, "org.example.Downfall", DEMO_TYPE_PRICE_FEED, activation, NULL, &error);
  if (shop == NULL)
    g_error ("%s", error->message);

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      char *url;
      guint timeout = strtoul (line, &url, 10);

      g_object_set (shop, "url", g_strstrip (url), "timeout", timeout, NULL);
      ask (DEMO_PRICE_FEED (shop));
    }

  return 0;
}
