/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* In the caller's process, on the calling thread. */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-fork-private.h"
#include "convoke-local-placer-private.h"
#include "convoke-proxy-private.h"

static ConvokeApartment *
make_apartment (ConvokeThreading threading)
{
  switch (threading)
    {
    case CONVOKE_THREADING_SERIAL:
      return convoke_apartment_new_serial ();

    case CONVOKE_THREADING_ANY:
      return convoke_apartment_dup_any ();

    case CONVOKE_THREADING_CONTEXT:
    default:
      return convoke_apartment_new_for_context (NULL);
    }
}

/* A factory can give what it gave before, which is bound by then, or what lives elsewhere. */
static void
bind (GObject          *object,
      ConvokeApartment *declared)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  if (convoke_is_proxy (object))
    return;

  if (declared != NULL)
    convoke_apartment_bind (declared, object, NULL);
  else
    apartment = convoke_apartment_dup_for_object (object);
}

/* What they are where the object will be used. Where only its class says that, it is not known yet: then where it is made. */
static ConvokeProperties *
map_properties (const ConvokeProperties *properties,
                ConvokeApartment        *from,
                ConvokeApartment        *declared)
{
  g_autoptr (ConvokeApartment) to = declared != NULL ? g_object_ref (declared) : convoke_proxy_dup_home ();
  ConvokeProperties *mapped;

  if (properties == NULL || to == from)
    return convoke_properties_ref (properties);

  mapped = convoke_properties_copy (properties, NULL);
  for (guint i = 0; i < mapped->n; i++)
    convoke_proxy_map_value (&g_array_index (mapped->values, GValue, i), from, to);
  return mapped;
}

GObject *
convoke_local_placer_create (const ConvokeComponentFile  *file,
                             const ConvokeProperties     *properties,
                             GType                        iface,
                             ConvokeApartment            *from,
                             GError                     **error)
{
  g_autoptr (ConvokeApartment) declared = NULL;
  g_autoptr (ConvokeProperties) mapped = NULL;
  GObject *object;

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  declared = file->has_threading ? make_apartment (file->threading) : NULL;
  mapped = map_properties (properties, from, declared);
  object = convoke_component_create (file, mapped, NULL, iface, error);
  if (object != NULL)
    bind (object, declared);

  return object;
}

GObject *
convoke_local_placer_place (GObject   *object,
                            gpointer   home,
                            GError   **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  GObject *proxy;

  convoke_fork_init ();
  if (convoke_check_forked (error))
    {
      g_object_unref (object);
      return NULL;
    }

  if (convoke_is_proxy (object))
    return object;

  apartment = convoke_apartment_dup_for_object (object);
  if (convoke_apartment_is_current (apartment))
    return object;

  proxy = (GObject *) convoke_proxy_table_ensure (object, home, error);
  /* The last reference would run its code here. */
  convoke_apartment_release (apartment, object);
  return proxy;
}

GObject *
convoke_local_placer_activate (const ConvokeComponentFile  *file,
                               const ConvokeProperties     *properties,
                               GType                        iface,
                               gpointer                     home,
                               gint64                       deadline,
                               GCancellable                *cancellable,
                               GVariantDict                *placement,
                               GError                     **error)
{
  GObject *object = convoke_local_placer_create (file, properties, iface, home, error);

  return object != NULL ? convoke_local_placer_place (object, home, error) : NULL;
}
