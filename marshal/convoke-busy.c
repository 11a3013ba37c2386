/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a proxy's synchronous calls do when the callee answers BUSY. Begun
 * calls have an end that is told, and whoever is told can begin again.
 */

#include "config.h"

#include "convoke-busy.h"
#include "convoke-busy-handler-private.h"
#include "convoke-proxy-private.h"

/* Takes @handler. */
static void
swap_handler (GObject            *object,
              ConvokeBusyHandler *handler)
{
  ConvokeProxy *self = convoke_proxy_from_object (object);

  /* Whoever calls an object itself meets no filter. */
  if (self != NULL)
    {
      ConvokeBusyHandler *before;

      self = convoke_proxy_get_identity (self);
      g_mutex_lock (&self->lock);
      before = self->busy;
      g_atomic_pointer_set (&self->busy, handler);
      g_mutex_unlock (&self->lock);
      handler = before;
    }

  if (handler != NULL)
    convoke_busy_handler_unref (handler);
}

ConvokeBusyHandler *
convoke_proxy_dup_busy_handler (ConvokeProxy *self)
{
  ConvokeBusyHandler *handler;

  self = convoke_proxy_get_identity (self);
  if (G_LIKELY (g_atomic_pointer_get (&self->busy) == NULL))
    return NULL;

  g_mutex_lock (&self->lock);
  handler = self->busy != NULL ? convoke_busy_handler_ref (self->busy) : NULL;
  g_mutex_unlock (&self->lock);

  return handler;
}

/**
 * convoke_set_busy_handler:
 * @proxy: a proxy
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): what decides, or %NULL
 * @user_data: what @func is given
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Sets what decides whether a synchronous call on @proxy is tried again when
 * the callee's filter has no time for it (OM-59). Without it the call fails
 * with %CONVOKE_ERROR_BUSY.
 *
 * Between two tries the thread serves the calls that belong to its own chain.
 * Begun calls are not tried again, nor are those over to another process that
 * give objects away or hand over what they are called with.
 *
 * For an object that is no proxy this does nothing, since nobody can refuse a
 * call on it. Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_set_busy_handler (GObject         *proxy,
                          ConvokeBusyFunc  func,
                          gpointer         user_data,
                          GDestroyNotify   destroy)
{
  g_return_if_fail (G_IS_OBJECT (proxy));

  swap_handler (proxy, func != NULL ? convoke_busy_handler_new (func, user_data, destroy) : NULL);
}

/* --- for so long --- */

#define FIRST_PAUSE   G_TIME_SPAN_MILLISECOND
#define LONGEST_PAUSE (100 * G_TIME_SPAN_MILLISECOND)

/* Each pause is half of what has gone by, so that a callee that is busy for long is asked seldom. */
static gint64
pause_until (gint64   elapsed,
             gpointer data)
{
  gint64 limit = *(gint64 *) data;

  if (elapsed >= limit)
    return -1;

  return MIN (CLAMP (elapsed / 2, FIRST_PAUSE, LONGEST_PAUSE), limit - elapsed);
}

/**
 * convoke_set_busy_timeout:
 * @proxy: a proxy
 * @timeout: microseconds; 0: calls are not tried again
 *
 * Lets synchronous calls on @proxy be tried again for so long, with pauses,
 * when the callee's filter has no time for them. It takes the place of
 * [func@Convoke.set_busy_handler].
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_set_busy_timeout (GObject *proxy,
                          gint64   timeout)
{
  g_return_if_fail (G_IS_OBJECT (proxy));

  swap_handler (proxy, timeout > 0 ? convoke_busy_handler_new (pause_until, g_memdup2 (&timeout, sizeof timeout), g_free) : NULL);
}
