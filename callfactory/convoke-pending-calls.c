/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls that their implementation completes by number. A number is taken when
 * the call is added, and is free again when its end was told: whoever tells it
 * first looks the call up, and the call itself says who was first.
 */

#include "config.h"

#include "convoke-pending-calls.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-request-ids-private.h"

struct _ConvokePendingCalls
{
  GObject           parent_instance;

  GMutex            lock;       /* innermost */
  ConvokeRequestIds ids;        /* LOCK: lock; (owned) ConvokeServerCall */
  gboolean          closed;     /* LOCK: lock */
};

/**
 * ConvokePendingCalls:
 *
 * Calls that an implementation has deferred and will complete later, each
 * known by a number: what it hands to whoever does the work.
 *
 * The method takes its call over with [func@Convoke.ServerCall.defer] and adds
 * it here; whoever is done, on any thread, reports so by number. Each number
 * is reported once (TA-31).
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokePendingCalls, convoke_pending_calls, G_TYPE_OBJECT)

static void
convoke_pending_calls_dispose (GObject *object)
{
  if (!convoke_check_forked (NULL))
    convoke_pending_calls_close (CONVOKE_PENDING_CALLS (object), NULL);

  G_OBJECT_CLASS (convoke_pending_calls_parent_class)->dispose (object);
}

static void
convoke_pending_calls_finalize (GObject *object)
{
  ConvokePendingCalls *self = CONVOKE_PENDING_CALLS (object);

  convoke_request_ids_clear (&self->ids);
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_pending_calls_parent_class)->finalize (object);
}

static void
convoke_pending_calls_class_init (ConvokePendingCallsClass *klass)
{
  convoke_fork_init ();

  G_OBJECT_CLASS (klass)->dispose = convoke_pending_calls_dispose;
  G_OBJECT_CLASS (klass)->finalize = convoke_pending_calls_finalize;
}

static void
convoke_pending_calls_init (ConvokePendingCalls *self)
{
  g_mutex_init (&self->lock);
  convoke_request_ids_init (&self->ids);
}

/**
 * convoke_pending_calls_new:
 *
 * Makes an empty list.
 *
 * Returns: (transfer full): a list
 *
 * Since: 0.1
 */
ConvokePendingCalls *
convoke_pending_calls_new (void)
{
  return g_object_new (CONVOKE_TYPE_PENDING_CALLS, NULL);
}

/* --- numbers --- */

static gint32
add_locked (ConvokePendingCalls  *self,
            ConvokeServerCall    *call,
            GError              **error)
{
  gint32 id = self->closed ? 0 : convoke_request_ids_add (&self->ids, call);

  if (id != 0)
    g_object_ref (call);
  else if (self->closed)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN, "The provider was closed");
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "Every request id is in use");

  return id;
}

/**
 * convoke_pending_calls_add:
 * @self: a list
 * @call: a call that was deferred
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gives a call a number. The list keeps @call until its end is reported.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_SHUTDOWN when the list was
 * closed, with %CONVOKE_ERROR_OUT_OF_RESOURCES when every number is in use, and
 * with %CONVOKE_ERROR_FORKED.
 *
 * Returns: between 1 and 0x7FFFFFFF; 0 with @error set
 *
 * Since: 0.1
 */
gint32
convoke_pending_calls_add (ConvokePendingCalls  *self,
                           ConvokeServerCall    *call,
                           GError              **error)
{
  gint32 id;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), 0);
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (call), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (convoke_check_forked (error))
    return 0;

  g_mutex_lock (&self->lock);
  id = add_locked (self, call, error);
  g_mutex_unlock (&self->lock);

  return id;
}

static ConvokeServerCall *
lookup_locked (ConvokePendingCalls  *self,
               gint32                id,
               GError              **error)
{
  ConvokeServerCall *call = convoke_request_ids_lookup (&self->ids, id);

  if (call != NULL)
    return g_object_ref (call);

  if (convoke_request_ids_was_given (&self->ids, id))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "The request %d was completed already", id);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "There never was a request %d", id);
  return NULL;
}

/**
 * convoke_pending_calls_dup_call:
 * @self: a list
 * @request_id: a number
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the call that has a number, for its arguments, its progress, or to see
 * whether its caller has cancelled it.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when the number
 * was never given, with %CONVOKE_ERROR_CALL_COMPLETE when the call's end was
 * reported, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): the call, or %NULL with @error set
 *
 * Since: 0.1
 */
ConvokeServerCall *
convoke_pending_calls_dup_call (ConvokePendingCalls  *self,
                                gint32                request_id,
                                GError              **error)
{
  ConvokeServerCall *call;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error))
    return NULL;

  g_mutex_lock (&self->lock);
  call = lookup_locked (self, request_id, error);
  g_mutex_unlock (&self->lock);

  return call;
}

/* --- reporting --- */

/* Values that do not fit leave the call as it was; anything else was its end, this one or another. */
static gboolean
settle (ConvokePendingCalls  *self,
        gint32                id,
        ConvokeServerCall    *call,
        GError               *failure,
        GError              **error)
{
  gboolean removed = FALSE;

  if (!g_error_matches (failure, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT))
    {
      g_mutex_lock (&self->lock);
      removed = convoke_request_ids_remove (&self->ids, id, call);
      g_mutex_unlock (&self->lock);
    }

  if (removed)
    g_object_unref (call);
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * convoke_pending_calls_complete:
 * @self: a list
 * @request_id: a number
 * @outs: (array length=n_outs) (nullable): the results, as for
 *   [method@Convoke.ServerCall.complete]
 * @n_outs: the number of values
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reports that the call with this number is done.
 *
 * Any thread may call this, also before the method that added the call has
 * returned (TA-10). Fails with %CONVOKE_ERROR_NOT_FOUND when the number was
 * never given, with %CONVOKE_ERROR_CALL_COMPLETE when somebody was first, with
 * %CONVOKE_ERROR_TOO_LATE when nobody waits for the call any more, with
 * %CONVOKE_ERROR_FORKED, and, leaving the call as it was, with
 * %CONVOKE_ERROR_INVALID_ARGUMENT.
 *
 * Returns: %TRUE when this was the end of the call
 *
 * Since: 0.1
 */
gboolean
convoke_pending_calls_complete (ConvokePendingCalls  *self,
                                gint32                request_id,
                                const GValue         *outs,
                                guint                 n_outs,
                                GError              **error)
{
  g_autoptr (ConvokeServerCall) call = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), FALSE);
  g_return_val_if_fail (outs != NULL || n_outs == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  call = convoke_pending_calls_dup_call (self, request_id, error);
  if (call == NULL)
    return FALSE;

  convoke_server_call_complete_values (call, outs, n_outs, &failure);
  return settle (self, request_id, call, failure, error);
}

/**
 * convoke_pending_calls_abort:
 * @self: a list
 * @request_id: a number
 * @reason: why
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reports that the call with this number has failed; the error reaches its
 * caller unchanged.
 *
 * Any thread may call this. Fails as [method@PendingCalls.complete].
 *
 * Returns: %TRUE when this was the end of the call
 *
 * Since: 0.1
 */
gboolean
convoke_pending_calls_abort (ConvokePendingCalls  *self,
                             gint32                request_id,
                             const GError         *reason,
                             GError              **error)
{
  g_autoptr (ConvokeServerCall) call = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  call = convoke_pending_calls_dup_call (self, request_id, error);
  if (call == NULL)
    return FALSE;

  convoke_server_call_abort (call, reason, &failure);
  return settle (self, request_id, call, failure, error);
}

/**
 * convoke_pending_calls_get_n_calls:
 * @self: a list
 *
 * Counts the calls whose end was not reported. Any thread may call this.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint
convoke_pending_calls_get_n_calls (ConvokePendingCalls *self)
{
  guint n;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), 0);

  if (convoke_check_forked (NULL))
    return 0;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->ids.used);
  g_mutex_unlock (&self->lock);

  return n;
}

static GPtrArray *
steal_all_locked (ConvokePendingCalls *self)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer call;

  g_hash_table_iter_init (&iter, self->ids.used);
  while (g_hash_table_iter_next (&iter, NULL, &call))
    {
      g_ptr_array_add (calls, call);
      g_hash_table_iter_remove (&iter);
    }

  return calls;
}

/**
 * convoke_pending_calls_close:
 * @self: a list
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gives up: every call in the list fails with %CONVOKE_ERROR_FAILED, which is
 * OPERATIONFAILED in TAPI (TA-31), and none can be added any more.
 *
 * Dropping the last reference to a list does this, too. Any thread may call
 * this. Fails with %CONVOKE_ERROR_SHUTDOWN when the list was closed before, and
 * with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it is closed now
 *
 * Since: 0.1
 */
gboolean
convoke_pending_calls_close (ConvokePendingCalls  *self,
                             GError              **error)
{
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (CONVOKE_IS_PENDING_CALLS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&self->lock);
  if (!self->closed)
    calls = steal_all_locked (self);
  self->closed = TRUE;
  g_mutex_unlock (&self->lock);

  if (calls == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN, "The provider was closed already");
      return FALSE;
    }

  reason = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The provider went away before it had completed the request");
  for (guint i = 0; i < calls->len; i++)
    convoke_server_call_abort (calls->pdata[i], reason, NULL);

  return TRUE;
}
