/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Handlers of a proxy run in its home, whenever that is run. A watch is told
 * of the same signals where they arrive: inside the emission, or on the thread
 * that reads them from another process. So it hears of them in order with the
 * replies that come the same way, and nobody has to run a main context for it.
 * It runs none of the program's code.
 */

#include "config.h"

#include "convoke-channel-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"

typedef struct
{
  gint                  ref_count;  /* atomic */
  ConvokeProxyWatchFunc func;
  gpointer              data;
  GDestroyNotify        destroy;
} Watch;

static gpointer
watch_ref (gconstpointer src,
           gpointer      user_data)
{
  Watch *self = (gpointer) src;

  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
watch_unref (gpointer data)
{
  Watch *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  self->destroy (self->data);
  g_free (self);
}

/* A new array, since those who tell have the old one. */
static GPtrArray *
copy_watches (GPtrArray *watches)
{
  return watches != NULL ? g_ptr_array_copy (watches, watch_ref, NULL) : g_ptr_array_new_with_free_func (watch_unref);
}

/* Takes @watches; gives the ones before, whose end runs code of others. */
static GPtrArray *
swap_locked (ConvokeProxy *self,
             GPtrArray    *watches)
{
  GPtrArray *old = self->watches;

  g_atomic_pointer_set (&self->watches, watches);
  return old;
}

gpointer
convoke_proxy_watch (GObject               *object,
                     ConvokeProxyWatchFunc  func,
                     gpointer               data,
                     GDestroyNotify         destroy)
{
  ConvokeProxy *self = convoke_proxy_get_identity (convoke_proxy_from_object (object));
  Watch *watch = g_new (Watch, 1);
  GPtrArray *watches;
  GPtrArray *old;

  *watch = (Watch) { 1, func, data, destroy };

  g_mutex_lock (&self->lock);
  watches = copy_watches (self->watches);
  g_ptr_array_add (watches, watch);
  old = swap_locked (self, watches);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&old, g_ptr_array_unref);
  return watch;
}

void
convoke_proxy_unwatch (GObject  *object,
                       gpointer  watch)
{
  ConvokeProxy *self = convoke_proxy_get_identity (convoke_proxy_from_object (object));
  GPtrArray *watches;
  GPtrArray *old;

  g_mutex_lock (&self->lock);
  watches = copy_watches (self->watches);
  watch_ref (watch, NULL);
  g_ptr_array_remove (watches, watch);
  if (watches->len == 0)
    g_clear_pointer (&watches, g_ptr_array_unref);
  old = swap_locked (self, watches);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&old, g_ptr_array_unref);
  watch_unref (watch);
}

GError *
convoke_proxy_dup_end (GObject *object)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);
  const GError *ended = self != NULL ? g_atomic_pointer_get (&self->ended) : NULL;
  ConvokeImport *import = self != NULL ? convoke_import_from_object (self->target) : NULL;

  if (ended != NULL)
    return g_error_copy (ended);

  /* One that comes back does so when it is called. */
  if (import == NULL || g_atomic_pointer_get (&import->revival) != NULL)
    return NULL;

  return convoke_channel_dup_end_reason (convoke_import_get_place (import)->channel);
}

gboolean
convoke_proxy_is_watched (ConvokeProxy *self)
{
  return g_atomic_pointer_get (&convoke_proxy_get_identity (self)->watches) != NULL;
}

/* What a facet hears of and its identity, too, is told by the identity. */
static gboolean
is_told_by (ConvokeProxy *face,
            ConvokeProxy *identity,
            guint         signal_id)
{
  GSignalQuery query;

  if (face == identity)
    return TRUE;

  g_signal_query (signal_id, &query);
  return !g_type_is_a (G_OBJECT_TYPE (identity), query.itype);
}

void
convoke_proxy_tell_watches (ConvokeProxy *face,
                            guint         signal_id,
                            GQuark        detail,
                            const GValue *params,
                            guint         n_params)
{
  ConvokeProxy *self = convoke_proxy_get_identity (face);
  g_autoptr (GPtrArray) watches = NULL;

  if (G_LIKELY (g_atomic_pointer_get (&self->watches) == NULL) || !is_told_by (face, self, signal_id))
    return;

  g_mutex_lock (&self->lock);
  watches = self->watches != NULL ? g_ptr_array_ref (self->watches) : NULL;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; watches != NULL && i < watches->len; i++)
    {
      Watch *watch = watches->pdata[i];

      watch->func (watch->data, signal_id, detail, params, n_params);
    }
}
