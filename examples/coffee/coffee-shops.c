/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The shops are asked for by name. What they are written in, and where they
 * run, stands in their keyfiles.
 */

#include "coffee-shops.h"

#include <stdio.h>

const char * const shop_names[N_SHOPS] = { "Downfall", "Fourth Coffee" };
static const char * const classes[N_SHOPS] = { "org.example.Downfall", "org.example.FourthCoffee" };

gboolean
shops_find_distance (const char      *name,
                     ConvokeDistance *distance)
{
  static const char * const names[] = { NULL, "in-process", "thread", "process" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *distance = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
find_one (Shops            *self,
          guint             i,
          ConvokeDistance   distance,
          GError          **error)
{
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_dup_default ();
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();

  convoke_activation_set_distance (activation, distance, CONVOKE_PLACEMENT_DEFAULT);
  self->feeds[i] = (DemoPriceFeed *) convoke_catalog_activate (catalog, classes[i], DEMO_TYPE_PRICE_FEED, activation,
                                                               NULL, error);
  if (self->feeds[i] != NULL)
    self->webs[i] = convoke_query_interface (G_OBJECT (self->feeds[i]), DEMO_TYPE_WEB_SHOP, error);

  return self->webs[i] != NULL;
}

gboolean
shops_find (Shops            *self,
            ConvokeDistance   distance,
            GError          **error)
{
  for (guint i = 0; i < N_SHOPS; i++)
    if (!find_one (self, i, distance, error))
      return FALSE;

  return TRUE;
}

void
shops_clear (Shops *self)
{
  for (guint i = 0; i < N_SHOPS; i++)
    {
      g_clear_object (&self->feeds[i]);
      g_clear_object (&self->webs[i]);
      g_clear_pointer (&self->urls[i], g_free);
    }
}

/* Before each run: a shop that was started anew was told nothing yet. */
void
shops_set_up (Shops *self,
              guint  timeout)
{
  for (guint i = 0; i < N_SHOPS; i++)
    g_object_set (self->webs[i], "url", self->urls[i], "timeout", timeout, NULL);
}

static void
print_place (const char *name,
             GVariant   *placement)
{
  const char *distance = "?";
  int pid = 0;

  g_variant_lookup (placement, "distance", "&s", &distance);
  if (g_variant_lookup (placement, "pid", "i", &pid))
    printf ("  %-13s  %s %d\n", name, distance, pid);
  else
    printf ("  %-13s  %s\n", name, distance);
}

void
shops_print (Shops *self)
{
  printf ("Where the shops live\n");
  for (guint i = 0; i < N_SHOPS; i++)
    {
      g_autoptr (GVariant) placement = convoke_dup_placement (G_OBJECT (self->feeds[i]));

      print_place (shop_names[i], placement);
    }
}
