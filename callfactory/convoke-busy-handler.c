/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-busy-handler-private.h"
#include "convoke-thread-private.h"

struct _ConvokeBusyHandler
{
  gatomicrefcount        ref_count;
  ConvokeBusyHandlerFunc func;
  gpointer               data;
  GDestroyNotify         destroy;
};

ConvokeBusyHandler *
convoke_busy_handler_new (ConvokeBusyHandlerFunc func,
                          gpointer               data,
                          GDestroyNotify         destroy)
{
  ConvokeBusyHandler *self = g_new (ConvokeBusyHandler, 1);

  *self = (ConvokeBusyHandler) { .func = func, .data = data, .destroy = destroy };
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

ConvokeBusyHandler *
convoke_busy_handler_ref (ConvokeBusyHandler *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
convoke_busy_handler_unref (ConvokeBusyHandler *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

/* The callee may call back before it has time. */
static void
pause_serving (gint64 microseconds)
{
  ConvokeEventCore never;

  convoke_event_core_init (&never);
  convoke_wait (&never, FALSE, convoke_thread_self ()->chain, CONVOKE_WAIT_DEFAULT, microseconds, NULL);
  convoke_event_core_clear (&never);
}

gboolean
convoke_busy_handler_wait (ConvokeBusyHandler *self,
                           gint64              since)
{
  gint64 pause = self->func (g_get_monotonic_time () - since, self->data);

  if (pause > 0)
    pause_serving (pause);

  return pause >= 0;
}
