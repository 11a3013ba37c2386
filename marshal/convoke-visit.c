/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-visit-private.h"

static GQuark
visit_quark (void)
{
  return g_quark_from_static_string ("convoke-visit");
}

ConvokeApartment *
convoke_visit_new (void)
{
  ConvokeApartment *self = convoke_apartment_new_serial ();

  g_object_set_qdata (G_OBJECT (self), visit_quark (), self);
  return self;
}

gboolean
convoke_visit_is (ConvokeApartment *apartment)
{
  return convoke_apartment_get_threading (apartment) == CONVOKE_THREADING_SERIAL &&
         g_object_get_qdata (G_OBJECT (apartment), visit_quark ()) != NULL;
}

ConvokeApartment *
convoke_visit_dup_lasting (ConvokeApartment *apartment)
{
  if (convoke_visit_is (apartment))
    return convoke_apartment_new_for_context (g_main_context_default ());

  return g_object_ref (apartment);
}
