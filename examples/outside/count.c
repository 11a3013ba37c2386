/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program: counts what is on the shelf, as far away as its argument says. */

#include <convoke.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE (20 * G_TIME_SPAN_SECOND)

static ConvokeDistance
parse_distance (const char *name)
{
  if (g_strcmp0 (name, "process") == 0)
    return CONVOKE_DISTANCE_PROCESS;
  if (g_strcmp0 (name, "thread") == 0)
    return CONVOKE_DISTANCE_THREAD;

  return CONVOKE_DISTANCE_IN_PROCESS;
}

static GObject *
dup_shelf (ConvokeDistance   distance,
           GError          **error)
{
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_dup_default ();
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();

  convoke_activation_set_distance (activation, distance, CONVOKE_PLACEMENT_MUST);
  convoke_activation_set_timeout (activation, PATIENCE);
  return convoke_catalog_activate (catalog, "org.example.Shelf", G_TYPE_LIST_MODEL, activation, NULL, error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) shelf = dup_shelf (parse_distance (argv[1]), &error);
  guint n_items;

  if (shelf == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  n_items = g_list_model_get_n_items (G_LIST_MODEL (shelf));
  g_print ("%u things, %s\n", n_items, convoke_is_proxy (shelf) ? "elsewhere" : "here");
  return n_items > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
