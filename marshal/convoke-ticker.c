/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-fork-private.h"
#include "convoke-ticker-private.h"
#include "convoke-timer-private.h"

#define PERIOD 1000

static void tick_all (ConvokeTimer *timer);

static GMutex         tickers_lock;
static ConvokeTicker *tickers;       /* LOCK: tickers_lock */
static gboolean       ticking;       /* LOCK: tickers_lock; the timer is armed or fires */
static ConvokeTimer   timer = { .func = tick_all };

static void
list_locked (ConvokeTicker *self)
{
  if (self->listed)
    return;

  self->listed = TRUE;
  self->next = tickers;
  tickers = self;
}

static void
unlist_locked (ConvokeTicker *self)
{
  ConvokeTicker **link = &tickers;

  while (*link != NULL && *link != self)
    link = &(*link)->next;
  if (*link != NULL)
    *link = self->next;
  self->listed = FALSE;
}

void
convoke_ticker_want (ConvokeTicker *self)
{
  gboolean arm;

  if (G_LIKELY (g_atomic_int_get (&self->wanted) != 0) || convoke_check_forked (NULL))
    return;

  g_mutex_lock (&tickers_lock);
  g_atomic_int_set (&self->wanted, 1);
  list_locked (self);
  arm = !ticking;
  ticking = TRUE;
  g_mutex_unlock (&tickers_lock);

  if (arm)
    convoke_timer_arm (&timer, g_get_monotonic_time () + PERIOD);
}

void
convoke_ticker_remove (ConvokeTicker *self)
{
  g_mutex_lock (&tickers_lock);
  if (self->listed)
    unlist_locked (self);
  g_mutex_unlock (&tickers_lock);
}

static ConvokeTicker *
take_next (void)
{
  ConvokeTicker *self;

  g_mutex_lock (&tickers_lock);
  while ((self = tickers) != NULL)
    {
      unlist_locked (self);
      if (self->hold (self))
        {
          g_atomic_int_set (&self->wanted, 0);
          break;
        }
    }
  g_mutex_unlock (&tickers_lock);

  return self;
}

/* Those that want to go on are listed again when all had their turn. */
static void
tick_all (ConvokeTimer *fired)
{
  g_autoptr (GPtrArray) again = g_ptr_array_new ();
  ConvokeTicker *self;
  gboolean arm;

  while ((self = take_next ()) != NULL)
    {
      if (self->tick (self))
        g_ptr_array_add (again, self);
      else
        self->drop (self);
    }

  g_mutex_lock (&tickers_lock);
  for (guint i = 0; i < again->len; i++)
    {
      self = g_ptr_array_index (again, i);
      g_atomic_int_set (&self->wanted, 1);
      list_locked (self);
    }
  arm = tickers != NULL;
  ticking = arm;
  g_mutex_unlock (&tickers_lock);

  for (guint i = 0; i < again->len; i++)
    {
      self = g_ptr_array_index (again, i);
      self->drop (self);
    }

  if (arm)
    convoke_timer_arm (&timer, g_get_monotonic_time () + PERIOD);
}
