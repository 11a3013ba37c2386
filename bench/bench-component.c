/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bench-component.h"

#include "bench-process.h"
#include "convoke.h"

static ConvokeCatalog *
make_catalog (void)
{
  g_autofree char *folder = bench_process_folder ();
  g_autofree char *components = g_build_filename (folder, "components", NULL);

  return convoke_catalog_new ((const char *[]) { components, NULL });
}

/* A measurement of anything nearer would be a lie. */
static ConvokeActivation *
make_activation (void)
{
  ConvokeActivation *activation = convoke_activation_new ();

  convoke_activation_set_distance (activation, CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_MUST);

  return activation;
}

ConvokeBenchEcho *
bench_component_activate (const char *class_name)
{
  g_autoptr (ConvokeCatalog) catalog = make_catalog ();
  g_autoptr (ConvokeActivation) activation = make_activation ();
  g_autoptr (GError) error = NULL;
  GObject *object = convoke_catalog_activate (catalog, class_name, CONVOKE_BENCH_TYPE_ECHO, activation, NULL, &error);

  if (object == NULL)
    g_error ("%s", error->message);

  return CONVOKE_BENCH_ECHO (object);
}

GPid
bench_component_get_pid (ConvokeBenchEcho *component)
{
  g_autoptr (GVariant) placement = convoke_dup_placement (G_OBJECT (component));
  gint32 pid = 0;

  if (!g_variant_lookup (placement, "pid", "i", &pid))
    g_error ("The component is in no other process");

  return pid;
}
