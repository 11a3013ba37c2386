/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-cancel-method-calls.h"
#include "convoke-last-error-private.h"

/* Threads come and go; those that never look at their errors must not fill the memory. */
#define MAX_THREADS 64

typedef struct
{
  guint64  thread;
  GError  *error;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_clear_error (&self->error);
  g_free (self);
}

void
convoke_last_error_init (ConvokeLastError *self)
{
  self->n_errors = 0;
  g_mutex_init (&self->lock);
  g_queue_init (&self->errors);
}

void
convoke_last_error_wipe (ConvokeLastError *self)
{
  g_queue_clear_full (&self->errors, entry_free);
  g_mutex_clear (&self->lock);
}

static GList *
find_locked (ConvokeLastError *self)
{
  guint64 thread = convoke_thread_get_id ();

  for (GList *l = self->errors.head; l != NULL; l = l->next)
    if (((Entry *) l->data)->thread == thread)
      return l;

  return NULL;
}

static void
remove_locked (ConvokeLastError *self,
               GList            *link)
{
  if (link == NULL)
    return;

  entry_free (link->data);
  g_queue_delete_link (&self->errors, link);
  g_atomic_int_add (&self->n_errors, -1);
}

void
convoke_last_error_reset (ConvokeLastError *self)
{
  if (G_LIKELY (g_atomic_int_get (&self->n_errors) == 0))
    return;

  g_mutex_lock (&self->lock);
  remove_locked (self, find_locked (self));
  g_mutex_unlock (&self->lock);
}

void
convoke_last_error_take (ConvokeLastError *self,
                         GError           *error)
{
  Entry *entry = g_new (Entry, 1);

  entry->thread = convoke_thread_get_id ();
  entry->error = error;

  g_mutex_lock (&self->lock);
  remove_locked (self, find_locked (self));
  if (self->errors.length == MAX_THREADS)
    remove_locked (self, self->errors.tail);
  g_queue_push_head (&self->errors, entry);
  g_atomic_int_inc (&self->n_errors);
  g_mutex_unlock (&self->lock);
}

GError *
convoke_last_error_dup (ConvokeLastError *self)
{
  GError *error = NULL;
  GList *link;

  if (g_atomic_int_get (&self->n_errors) == 0)
    return NULL;

  g_mutex_lock (&self->lock);
  link = find_locked (self);
  if (link != NULL)
    error = g_error_copy (((Entry *) link->data)->error);
  g_mutex_unlock (&self->lock);

  return error;
}
