/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The server's view of a call: what an implementation keeps to complete the
 * call later. It holds the record, and says the server side's one last word,
 * at the latest when it is dropped.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-record-private.h"

/* What RpcServerTestCancel answers. */
#define RPC_S_OK               0u
#define RPC_S_NO_CALL_ACTIVE   1725u
#define RPC_S_CALL_IN_PROGRESS 1791u

struct _ConvokeServerCall
{
  GObject        parent_instance;

  ConvokeRecord *record;   /* owned; constant */
  gint           ended;    /* atomic; completing or aborting is under way or done */
  GList          link;     /* LOCK: pending_lock */
};

static GMutex pending_lock;  /* innermost */
static GQueue pending = G_QUEUE_INIT;  /* LOCK: pending_lock; all of them */

/**
 * ConvokeServerCall:
 *
 * The implementation's side of one call, to end it later than by returning.
 *
 * [func@ServerCall.defer] takes it inside the method; a call object of the
 * component's own gets it with each begin. It ends the call once, with
 * [method@ServerCall.complete] or [method@ServerCall.abort], or as a fault when
 * it is dropped without either.
 *
 * [method@ServerCall.subscribe] tells what the caller does meanwhile. What the
 * implementation wants to keep with it goes into g_object_set_data().
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeServerCall, convoke_server_call, G_TYPE_OBJECT)

static void
remember (ConvokeServerCall *self)
{
  g_mutex_lock (&pending_lock);
  self->link.data = self;
  g_queue_push_tail_link (&pending, &self->link);
  g_mutex_unlock (&pending_lock);
}

/* Before its record goes: whoever finds it takes a reference to that. */
static void
forget (ConvokeServerCall *self)
{
  g_mutex_lock (&pending_lock);
  g_queue_unlink (&pending, &self->link);
  g_mutex_unlock (&pending_lock);
}

static void
convoke_server_call_finalize (GObject *object)
{
  ConvokeServerCall *self = CONVOKE_SERVER_CALL (object);

  if (!convoke_check_forked (NULL) && self->record != NULL)
    forget (self);
  if (!self->ended && !convoke_check_forked (NULL) && self->record != NULL)
    convoke_record_end (self->record,
                        g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                                     "The implementation of %s dropped the call without completing it",
                                     convoke_record_get_method (self->record)->callable.name),
                        NULL);
  g_clear_pointer (&self->record, convoke_record_unref);

  G_OBJECT_CLASS (convoke_server_call_parent_class)->finalize (object);
}

static void
convoke_server_call_class_init (ConvokeServerCallClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_server_call_finalize;
}

static void
convoke_server_call_init (ConvokeServerCall *self)
{
}

ConvokeServerCall *
convoke_server_call_new (ConvokeRecord *record)
{
  ConvokeServerCall *self;

  if (g_atomic_int_or ((guint *) &record->state, CONVOKE_RECORD_DEFERRED) & CONVOKE_RECORD_DEFERRED)
    return NULL;

  self = g_object_new (CONVOKE_TYPE_SERVER_CALL, NULL);
  self->record = convoke_record_ref (record);
  remember (self);

  return self;
}

/* (transfer full): its record, when the end of the call is ours to tell now. */
static ConvokeRecord *
claim_for_locked (ConvokeServerCall *self,
                  GObject           *target,
                  guint              mark)
{
  ConvokeRecord *record = self->record;

  if (record->target != target || record->frame.tag == 0 || record->frame.tag >= mark ||
      !g_atomic_int_compare_and_exchange (&self->ended, FALSE, TRUE))
    return NULL;

  return convoke_record_ref (record);
}

void
convoke_server_call_abort_all (GObject      *target,
                               guint         mark,
                               const GError *why)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_record_unref);

  g_mutex_lock (&pending_lock);
  for (GList *link = pending.head; link != NULL; link = link->next)
    {
      ConvokeRecord *record = claim_for_locked (link->data, target, mark);

      if (record != NULL)
        g_ptr_array_add (records, record);
    }
  g_mutex_unlock (&pending_lock);

  for (guint i = 0; i < records->len; i++)
    convoke_record_end (records->pdata[i], g_error_copy (why), NULL);
}

/**
 * convoke_server_call_defer:
 * @object: the object whose method is running
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes the call that the calling thread serves out of its method's hands: the
 * method's return is not the end of the call any more, and what it returns is
 * ignored. The call ends with [method@ServerCall.complete] or
 * [method@ServerCall.abort], from any thread, also before the method returned.
 *
 * The arguments that came in stay valid until then. Dropping the last
 * reference without ending the call ends it with %CONVOKE_ERROR_SERVER_FAULT
 * (SV-12).
 *
 * Only the thread that runs the method may call this. Fails with
 * %CONVOKE_ERROR_CALL_COMPLETE when the method was not called through Convoke,
 * or its call was deferred already: the method then has to do its work before it
 * returns.
 *
 * Returns: (transfer full): the server's side of the call
 *
 * Since: 0.1
 */
ConvokeServerCall *
convoke_server_call_defer (GObject  *object,
                           GError  **error)
{
  ConvokeRecord *serving = convoke_thread_self ()->serving;
  ConvokeServerCall *self;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  self = serving != NULL && serving->target == object ? convoke_server_call_new (serving) : NULL;
  if (self == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                 "This thread serves no call on the %s that could be deferred", G_OBJECT_TYPE_NAME (object));

  return self;
}

/**
 * convoke_server_call_dup_method:
 * @self: a server call
 *
 * Gets the method that was called. Any thread may call this.
 *
 * Returns: (transfer full): the user's name of the method
 *
 * Since: 0.1
 */
char *
convoke_server_call_dup_method (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), NULL);

  return g_strdup (convoke_record_get_method (self->record)->callable.name);
}

/**
 * convoke_server_call_dup_object:
 * @self: a server call
 *
 * Gets the object that was called. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the object; %NULL for an operation of
 *   nobody's
 *
 * Since: 0.1
 */
GObject *
convoke_server_call_dup_object (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), NULL);

  return self->record->target != NULL ? g_object_ref (self->record->target) : NULL;
}

/**
 * convoke_server_call_get_interface:
 * @self: a server call
 *
 * Gets the interface of the method that was called. Any thread may call this.
 *
 * Returns: the interface's type; %G_TYPE_NONE for an operation, which has none
 *
 * Since: 0.1
 */
GType
convoke_server_call_get_interface (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), G_TYPE_INVALID);

  return convoke_record_get_method (self->record)->owner->gtype;
}

/**
 * convoke_server_call_get_request_id:
 * @self: a server call
 *
 * Gets the id of the call, which its caller knows too. Any thread may call
 * this.
 *
 * Returns: the id, positive
 *
 * Since: 0.1
 */
guint64
convoke_server_call_get_request_id (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), 0);

  return convoke_record_get_id (self->record);
}

/**
 * convoke_server_call_get_time_left:
 * @self: a server call
 *
 * Gets how long the caller still waits. Any thread may call this.
 *
 * Returns: microseconds; 0 when the deadline has passed, -1 when there is none
 *
 * Since: 0.1
 */
gint64
convoke_server_call_get_time_left (ConvokeServerCall *self)
{
  gint64 deadline;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), -1);

  deadline = convoke_record_get_deadline (self->record);
  return deadline != 0 ? MAX (0, deadline - g_get_monotonic_time ()) : -1;
}

/**
 * convoke_server_call_dup_credentials:
 * @self: a server call
 *
 * Gets who calls, as [method@CallContext.dup_credentials] does. Any thread may
 * call this.
 *
 * Returns: (transfer full) (nullable): the caller's credentials; %NULL when the
 *   caller stays anonymous
 *
 * Since: 0.1
 */
GCredentials *
convoke_server_call_dup_credentials (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), NULL);

  return convoke_record_dup_credentials (self->record);
}

/**
 * convoke_server_call_dup_args:
 * @self: a server call that has not ended
 * @n_args: (out): the number of values
 *
 * Gets copies of the arguments that came in, lengths and user data left out.
 * Any thread may call this, as long as the call has not ended.
 *
 * Returns: (transfer full) (array length=n_args) (nullable): the arguments;
 *   %NULL when the method takes none
 *
 * Since: 0.1
 */
GValue *
convoke_server_call_dup_args (ConvokeServerCall *self,
                              guint             *n_args)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), NULL);
  g_return_val_if_fail (n_args != NULL, NULL);

  return convoke_frame_dup_in_values (&self->record->frame, n_args);
}

/* The one that may end the call; TRUE exactly once. */
static gboolean
claim_end (ConvokeServerCall  *self,
           GError            **error)
{
  if (convoke_check_forked (error))
    return FALSE;
  if (g_atomic_int_compare_and_exchange (&self->ended, FALSE, TRUE))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
               "The call of %s was completed or aborted already",
               convoke_record_get_method (self->record)->callable.name);
  return FALSE;
}

/* Results that do not fit the method leave the call as it was. */
static gboolean
stored (ConvokeServerCall  *self,
        gboolean            valid,
        GError            **error)
{
  if (!valid)
    {
      g_atomic_int_set (&self->ended, FALSE);
      return FALSE;
    }

  convoke_record_map_outs (self->record);
  return convoke_record_end (self->record, NULL, error);
}

ConvokeRecord *
convoke_server_call_get_record (ConvokeServerCall *self)
{
  return self->record;
}

gboolean
convoke_server_call_complete_stored (ConvokeServerCall  *self,
                                     GError            **error)
{
  return claim_end (self, error) && stored (self, TRUE, error);
}

/**
 * convoke_server_call_complete: (skip)
 * @self: a server call
 * @error: return location for a [error@Convoke.Error], or %NULL
 * @...: the results: first the return value, if the method has one, then each
 *   argument that comes out, by their C types, lengths of arrays included
 *
 * Ends the call with its results. They are copied.
 *
 * Any thread may call this; what happens before it happens before the caller's
 * finish.
 *
 * Fails with %CONVOKE_ERROR_CALL_COMPLETE when the call was completed or aborted
 * before, with %CONVOKE_ERROR_TOO_LATE when nobody waits for it any more because
 * of a cancel or a deadline, with %CONVOKE_ERROR_DISCONNECTED when the caller's
 * process is gone (RA-27), and, leaving the call as it was, with
 * %CONVOKE_ERROR_INVALID_ARGUMENT.
 *
 * Returns: %TRUE when this was the end of the call
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_complete (ConvokeServerCall  *self,
                              GError            **error,
                              ...)
{
  va_list outs;
  gboolean valid;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);

  if (!claim_end (self, error))
    return FALSE;

  va_start (outs, error);
  valid = convoke_frame_set_outs_valist (&self->record->frame, &outs, error);
  va_end (outs);

  return stored (self, valid, error);
}

/**
 * convoke_server_call_complete_values: (rename-to convoke_server_call_complete)
 * @self: a server call
 * @outs: (array length=n_outs) (nullable): the return value, if the method has
 *   one, then the arguments that come out; lengths of arrays are counted
 * @n_outs: the number of values
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Ends the call with its results as typed values; see the C function
 * `convoke_server_call_complete()`.
 *
 * Returns: %TRUE when this was the end of the call
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_complete_values (ConvokeServerCall  *self,
                                     const GValue       *outs,
                                     guint               n_outs,
                                     GError            **error)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (outs != NULL || n_outs == 0, FALSE);

  if (!claim_end (self, error))
    return FALSE;

  return stored (self, convoke_frame_set_outs_values (&self->record->frame, outs, n_outs, error), error);
}

/**
 * convoke_server_call_abort:
 * @self: a server call
 * @reason: why
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Ends the call with an error, which reaches the caller with its domain, code
 * and message unchanged (RA-21).
 *
 * Any thread may call this. Fails as the C function
 * `convoke_server_call_complete()`.
 *
 * Returns: %TRUE when this was the end of the call
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_abort (ConvokeServerCall  *self,
                           const GError       *reason,
                           GError            **error)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);

  return claim_end (self, error) && convoke_record_end (self->record, g_error_copy (reason), error);
}

/**
 * convoke_server_call_test_cancel:
 * @self: a server call
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells whether the caller asked for the end of the call. A call that was
 * cancelled must still be completed or aborted (RA-25).
 *
 * Any thread may call this. The code is %CONVOKE_ERROR_CANCELLED when a cancel
 * was requested, %CONVOKE_ERROR_CALL_PENDING while the call is running and not
 * cancelled, and %CONVOKE_ERROR_CALL_COMPLETE when it is over (CX-6).
 *
 * Returns: always %FALSE, with @error set: "not cancelled" is an error too
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_test_cancel (ConvokeServerCall  *self,
                                 GError            **error)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);

  convoke_record_set_test_cancel (self->record, error);
  return FALSE;
}

/**
 * convoke_server_call_get_cancel_status:
 * @self: a server call
 *
 * Gets what `RpcServerTestCancel` answers, whose logic is the other way round:
 * 0 says that the caller *has* cancelled (RA-25, X-21).
 *
 * Any thread may call this. It is [method@ServerCall.test_cancel] for programs
 * that were written for these numbers.
 *
 * Returns: 0 when a cancel was requested, 1791 while the call is running and
 *   not cancelled, 1725 when it is over
 *
 * Since: 0.1
 */
guint32
convoke_server_call_get_cancel_status (ConvokeServerCall *self)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), RPC_S_NO_CALL_ACTIVE);

  convoke_record_set_test_cancel (self->record, &error);
  if (error->code == CONVOKE_ERROR_CANCELLED)
    return RPC_S_OK;

  return error->code == CONVOKE_ERROR_CALL_PENDING ? RPC_S_CALL_IN_PROGRESS : RPC_S_NO_CALL_ACTIVE;
}

/**
 * convoke_server_call_refuse_cancel:
 * @self: a server call
 *
 * Answers the cancel: the server goes on to its end (P-6). The caller learns
 * of it as %CONVOKE_CANCEL_OUTCOME_REFUSED; whatever grace it granted still
 * limits its own waiting.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_server_call_refuse_cancel (ConvokeServerCall *self)
{
  g_return_if_fail (CONVOKE_IS_SERVER_CALL (self));

  g_atomic_int_or ((guint *) &self->record->state, CONVOKE_RECORD_REFUSED);
}

/**
 * convoke_server_call_dup_context:
 * @self: a server call
 *
 * Gets the context of the call: request id, deadline, caller, progress. Any
 * thread may call this and use the context (P-7).
 *
 * Returns: (transfer full): the context
 *
 * Since: 0.1
 */
ConvokeCallContext *
convoke_server_call_dup_context (ConvokeServerCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), NULL);

  return convoke_call_context_new (self->record);
}
