/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <glib-object.h>

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT GType test_tea (void);

GType
test_tea (void)
{
  return G_TYPE_OBJECT;
}

/* The linker leaves out what is not used. */
EXPORT gpointer test_tea_uses (gpointer object);

gpointer
test_tea_uses (gpointer object)
{
  return g_object_ref (object);
}
