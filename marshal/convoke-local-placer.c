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
bind (const ConvokeComponentFile *file,
      GObject                    *object)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  if (convoke_is_proxy (object))
    return;

  if (file->has_threading)
    {
      apartment = make_apartment (file->threading);
      convoke_apartment_bind (apartment, object, NULL);
    }
  else
    apartment = convoke_apartment_dup_for_object (object);
}

GObject *
convoke_local_placer_create (const ConvokeComponentFile  *file,
                             GType                        iface,
                             GError                     **error)
{
  GObject *object;

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  object = convoke_component_create (file, iface, error);
  if (object != NULL)
    bind (file, object);

  return object;
}

GObject *
convoke_local_placer_place (GObject   *object,
                            gpointer   home,
                            GError   **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  GObject *proxy;

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
                               GType                        iface,
                               gpointer                     home,
                               gint64                       deadline,
                               GCancellable                *cancellable,
                               GVariantDict                *placement,
                               GError                     **error)
{
  GObject *object = convoke_local_placer_create (file, iface, error);

  return object != NULL ? convoke_local_placer_place (object, home, error) : NULL;
}
