/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-copy-kinds-private.h"

/* GDestroyNotify has no room for a GType, and counted containers take nothing
 * else. So the boxed types that were met inside such containers are numbered,
 * and each number has a function of its own. */
#define N_BOXED 64

static GType boxed_types[N_BOXED];
static guint n_boxed;
static GMutex boxed_lock; /* guards both; an entry never changes once it is set */

#define FOR_8(f, n) f (n##0) f (n##1) f (n##2) f (n##3) f (n##4) f (n##5) f (n##6) f (n##7)
#define FOR_64(f) FOR_8 (f, 0) FOR_8 (f, 01) FOR_8 (f, 02) FOR_8 (f, 03) \
                  FOR_8 (f, 04) FOR_8 (f, 05) FOR_8 (f, 06) FOR_8 (f, 07)

#define DEFINE_DESTROY(n) \
  static void destroy_boxed_##n (gpointer boxed) { if (boxed != NULL) g_boxed_free (boxed_types[n], boxed); }
FOR_64 (DEFINE_DESTROY)

#define NAME_DESTROY(n) destroy_boxed_##n,
static const GDestroyNotify boxed_destroys[N_BOXED] = { FOR_64 (NAME_DESTROY) };

GDestroyNotify
convoke_boxed_get_destroy (GType gtype)
{
  GDestroyNotify destroy = NULL;

  g_mutex_lock (&boxed_lock);
  for (guint i = 0; i < N_BOXED && destroy == NULL; i++)
    {
      if (i == n_boxed)
        boxed_types[n_boxed++] = gtype;
      if (boxed_types[i] == gtype)
        destroy = boxed_destroys[i];
    }
  g_mutex_unlock (&boxed_lock);

  return destroy;
}
