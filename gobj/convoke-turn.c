/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-turn-private.h"

#define PATIENCE (10 * G_TIME_SPAN_SECOND)

struct _ConvokeTurn
{
  char    *of;
  GThread *thread;
  guint    depth;       /* LOCK: turn_lock */
};

static GMutex      turn_lock;
static GCond       turn_over;
static GHashTable *turns;       /* LOCK: turn_lock; ConvokeTurn.of -> ConvokeTurn, which its thread frees */

static ConvokeTurn *
lookup_locked (const char *of)
{
  if (turns == NULL)
    turns = g_hash_table_new (g_str_hash, g_str_equal);

  return g_hash_table_lookup (turns, of);
}

static ConvokeTurn *
add_locked (const char *of)
{
  ConvokeTurn *self = g_new0 (ConvokeTurn, 1);

  self->of = g_strdup (of);
  self->thread = g_thread_self ();
  g_hash_table_insert (turns, self->of, self);
  return self;
}

static gboolean
is_somebody_elses (const ConvokeTurn *self)
{
  return self != NULL && self->thread != g_thread_self ();
}

ConvokeTurn *
convoke_turn_begin (const char *of)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  gboolean in_time = TRUE;
  ConvokeTurn *self;

  g_mutex_lock (&turn_lock);
  self = lookup_locked (of);
  while (is_somebody_elses (self) && in_time)
    {
      in_time = g_cond_wait_until (&turn_over, &turn_lock, end);
      self = lookup_locked (of);
    }

  if (is_somebody_elses (self))
    self = NULL;
  else if (self == NULL)
    self = add_locked (of);
  if (self != NULL)
    self->depth++;
  g_mutex_unlock (&turn_lock);

  return self;
}

void
convoke_turn_end (ConvokeTurn *self)
{
  gboolean over;

  if (self == NULL)
    return;

  g_mutex_lock (&turn_lock);
  over = --self->depth == 0;
  if (over)
    {
      g_hash_table_remove (turns, self->of);
      g_cond_broadcast (&turn_over);
    }
  g_mutex_unlock (&turn_lock);

  if (over)
    {
      g_free (self->of);
      g_free (self);
    }
}
