/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An interface that is registered when it is first used, and nobody has. */

#include <glib-object.h>

#define EXPORT __attribute__ ((visibility ("default")))

typedef struct { GTypeInterface parent_iface; } TestLazyInterface;

EXPORT GType test_lazy_get_type (void);

G_DEFINE_INTERFACE (TestLazy, test_lazy, G_TYPE_OBJECT)

static void
test_lazy_default_init (TestLazyInterface *iface)
{
}
