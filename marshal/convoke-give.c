/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Tables that outlive the call in which they got an object keep the object
 * itself and never a proxy, which is good for whoever asked for it. Who takes
 * it out gets what is right for the thread that it is on.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-component-private.h"
#include "convoke-give-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"

GObject *
convoke_give_dup_target (GObject  *object,
                         GError  **error)
{
  g_autoptr (GObject) outer = convoke_component_dup_outermost (object);
  ConvokeProxy *proxy = convoke_proxy_from_object (outer != NULL ? outer : object);

  if (proxy == NULL && outer != NULL)
    return g_steal_pointer (&outer);
  return proxy != NULL ? convoke_proxy_dup_target (proxy, error) : g_object_ref (object);
}

GObject *
convoke_give_here (GObject           *target,
                   ConvokeApartment  *apartment,
                   GError           **error)
{
  g_autoptr (ConvokeApartment) home = NULL;
  GObject *proxy;

  if (convoke_import_from_object (target) == NULL && convoke_apartment_is_current (apartment))
    return target;

  home = convoke_proxy_dup_home ();
  proxy = (GObject *) convoke_proxy_table_ensure (target, home, error);
  /* The last reference would run its code here. */
  convoke_apartment_release (apartment, target);
  return proxy;
}
