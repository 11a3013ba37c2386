/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-thunks-private.h"

gboolean convoke_thunks_off;

#if CONVOKE_HAVE_THUNKS

#include "convoke-component.h"

extern const guint8 convoke_thunks_table[];

G_STATIC_ASSERT (sizeof (gpointer) == 8);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ConvokePart, object) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ConvokePart, vtable) == 8);
G_STATIC_ASSERT (sizeof (ConvokePart) == 16);
G_STATIC_ASSERT (G_STRUCT_OFFSET (ConvokeComponent, parts) == CONVOKE_THUNKS_PARTS);

GCallback
convoke_thunks_get (guint part,
                    guint offset)
{
  guint slot = offset / sizeof (gpointer);

  if (convoke_thunks_off || part >= CONVOKE_THUNKS_N_PARTS || slot >= CONVOKE_THUNKS_N_SLOTS)
    return NULL;

  return (GCallback) (convoke_thunks_table + (part * CONVOKE_THUNKS_N_SLOTS + slot) * CONVOKE_THUNKS_SIZE);
}

#else

GCallback
convoke_thunks_get (guint part,
                    guint offset)
{
  return NULL;
}

#endif
