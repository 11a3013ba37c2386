/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeThreading:
 * @CONVOKE_THREADING_CONTEXT: on the thread that iterates one main context
 * @CONVOKE_THREADING_SERIAL: on any thread, one at a time
 * @CONVOKE_THREADING_ANY: on any number of threads at once
 *
 * Where an object's code may run.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_THREADING_CONTEXT,
  CONVOKE_THREADING_SERIAL,
  CONVOKE_THREADING_ANY,
} ConvokeThreading;

#define CONVOKE_TYPE_APARTMENT (convoke_apartment_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeApartment, convoke_apartment, CONVOKE, APARTMENT, GObject)

CONVOKE_AVAILABLE_IN_0_1
void convoke_type_set_threading (GType            type,
                                 ConvokeThreading threading);

CONVOKE_AVAILABLE_IN_0_1
ConvokeThreading convoke_type_get_threading (GType type);

CONVOKE_AVAILABLE_IN_0_1
ConvokeApartment *convoke_apartment_new_for_context (GMainContext *context);

CONVOKE_AVAILABLE_IN_0_1
ConvokeApartment *convoke_apartment_new_serial (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeApartment *convoke_apartment_dup_any (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeApartment *convoke_apartment_dup_for_object (GObject *object);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_apartment_bind (ConvokeApartment  *self,
                                 GObject           *object,
                                 GError           **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeThreading convoke_apartment_get_threading (ConvokeApartment *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_apartment_is_current (ConvokeApartment *self);

G_END_DECLS
