/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The context of a call: what the server side may know of it and say about
 * it. Everything is the record's; the object is a handle on it that any thread
 * which works for the call can hold.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-impersonation-private.h"

#include <math.h>
#include <sys/socket.h>
#include <unistd.h>

struct _ConvokeCallContext
{
  GObject        parent_instance;

  ConvokeRecord *record;  /* owned; constant */
};

static void convoke_call_context_security_init (ConvokeServerSecurityInterface *iface);

/**
 * ConvokeCallContext:
 *
 * What an implementation may know of the call that it serves, and say about it:
 * request id, deadline, caller, cancel, progress. It is also the call's
 * [iface@ServerSecurity].
 *
 * It belongs to the call and not to a thread: keep it and use it on any thread
 * that works for the call (P-7). When the call has ended it still tells what it
 * knew, and what is reported reaches nobody.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeCallContext, convoke_call_context, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SERVER_SECURITY, convoke_call_context_security_init))

static void
convoke_call_context_finalize (GObject *object)
{
  ConvokeCallContext *self = CONVOKE_CALL_CONTEXT (object);

  g_clear_pointer (&self->record, convoke_record_unref);

  G_OBJECT_CLASS (convoke_call_context_parent_class)->finalize (object);
}

static void
convoke_call_context_class_init (ConvokeCallContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_call_context_finalize;
}

static void
convoke_call_context_init (ConvokeCallContext *self)
{
}

ConvokeCallContext *
convoke_call_context_new (ConvokeRecord *record)
{
  ConvokeCallContext *self = g_object_new (CONVOKE_TYPE_CALL_CONTEXT, NULL);

  self->record = convoke_record_ref (record);
  return self;
}

ConvokeRecord *
convoke_call_context_get_record (ConvokeCallContext *self)
{
  return self->record;
}

/**
 * convoke_call_context_dup_current:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the context of the call that the calling thread serves (SEC-1).
 *
 * Keep it to work for the call on another thread: the context belongs to the
 * call, not to the thread (P-7).
 *
 * Fails with %CONVOKE_ERROR_CALL_COMPLETE when the thread serves no call.
 *
 * Returns: (transfer full): the context
 *
 * Since: 0.1
 */
ConvokeCallContext *
convoke_call_context_dup_current (GError **error)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (thread->context != NULL)
    return g_object_ref (thread->context);
  if (thread->serving != NULL)
    return convoke_call_context_new (thread->serving);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "This thread serves no call");
  return NULL;
}

/**
 * convoke_call_context_switch:
 * @context: (nullable) (transfer full): the context to install; %NULL for none
 *
 * Installs a context on the calling thread and hands the one before back, so
 * that code which works for a call on another thread has it as its current
 * context (SEC-2). Give back what this returned when the work is over. A thread
 * that acts as a caller stops doing so.
 *
 * Returns: (transfer full) (nullable): the context that was installed by hand
 *   before, or %NULL: giving %NULL back then restores the thread's own
 *
 * Since: 0.1
 */
ConvokeCallContext *
convoke_call_context_switch (ConvokeCallContext *context)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeCallContext *previous = thread->context;

  g_return_val_if_fail (context == NULL || CONVOKE_IS_CALL_CONTEXT (context), NULL);

  convoke_impersonation_end (thread);
  thread->context = context;

  return previous;
}

/**
 * convoke_call_context_get_request_id:
 * @self: a call context
 *
 * Gets the id of the call, which its caller knows too. Any thread may call
 * this.
 *
 * Returns: the id, positive
 *
 * Since: 0.1
 */
guint64
convoke_call_context_get_request_id (ConvokeCallContext *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), 0);

  return convoke_record_get_id (self->record);
}

/**
 * convoke_call_context_get_deadline:
 * @self: a call context
 *
 * Gets when the caller stops waiting. Any thread may call this.
 *
 * Returns: the time on the clock of g_get_monotonic_time(), in microseconds;
 *   0 when there is no deadline
 *
 * Since: 0.1
 */
gint64
convoke_call_context_get_deadline (ConvokeCallContext *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), 0);

  return convoke_record_get_deadline (self->record);
}

gint64
convoke_record_get_deadline (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = g_atomic_pointer_get (&self->extra);

  return extra != NULL ? extra->deadline : 0;
}

/* --- who calls --- */

void
convoke_record_set_impersonation_level (ConvokeRecord             *self,
                                        ConvokeImpersonationLevel  level)
{
  if (level != convoke_record_get_impersonation_level (self))
    convoke_record_get_extra (self)->impersonation_level = level;
}

ConvokeImpersonationLevel
convoke_record_get_impersonation_level (ConvokeRecord *self)
{
  ConvokeRecordExtra *extra = g_atomic_pointer_get (&self->extra);

  return extra != NULL && extra->impersonation_level != 0
         ? extra->impersonation_level : CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE;
}

static gboolean
is_incoming (ConvokeRecord *record)
{
  return (g_atomic_int_get (&record->state) & CONVOKE_RECORD_INCOMING) != 0;
}

/* (nullable): NULL for a call from this process. */
static GCredentials *
get_peer (ConvokeRecord *record)
{
  ConvokeView *view = is_incoming (record) ? record->view : NULL;

  return view != NULL && view->funcs->peek_credentials != NULL ? view->funcs->peek_credentials (view) : NULL;
}

static gint64
get_peer_gid (GCredentials *credentials)
{
#ifdef __linux__
  const struct ucred *native = g_credentials_get_native (credentials, G_CREDENTIALS_TYPE_LINUX_UCRED);

  return native != NULL ? (gint64) native->gid : -1;
#else
  return -1;
#endif
}

void
convoke_record_get_caller (ConvokeRecord *self,
                           ConvokeCaller *caller)
{
  GCredentials *peer = get_peer (self);

  if (peer != NULL)
    {
      uid_t uid = g_credentials_get_unix_user (peer, NULL);

      *caller = (ConvokeCaller) {
        .uid = uid != (uid_t) -1 ? (gint64) uid : -1,
        .gid = get_peer_gid (peer),
        .pid = g_credentials_get_unix_pid (peer, NULL),
      };
    }
  else if (is_incoming (self))
    *caller = (ConvokeCaller) { -1, -1, -1 };
  else
    *caller = (ConvokeCaller) { geteuid (), getegid (), getpid () };
}

static gboolean
is_anonymous (ConvokeRecord *record)
{
  return convoke_record_get_impersonation_level (record) == CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS;
}

GCredentials *
convoke_record_dup_credentials (ConvokeRecord *self)
{
  GCredentials *peer;

  if (is_anonymous (self))
    return NULL;

  peer = get_peer (self);
  if (peer != NULL)
    return g_object_ref (peer);

  return is_incoming (self) ? NULL : g_credentials_new ();
}

static void
get_caller (ConvokeCallContext *self,
            ConvokeCaller      *caller)
{
  if (is_anonymous (self->record))
    *caller = (ConvokeCaller) { -1, -1, -1 };
  else
    convoke_record_get_caller (self->record, caller);
}

/**
 * convoke_call_context_dup_credentials:
 * @self: a call context
 *
 * Gets who calls (P-7): for a call from another process what the kernel says of
 * the process at the other end of its connection, for a call from this process
 * the process itself. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the caller's credentials; %NULL when the
 *   caller stays anonymous ([method@ClientSecurity.set_blanket])
 *
 * Since: 0.1
 */
GCredentials *
convoke_call_context_dup_credentials (ConvokeCallContext *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), NULL);

  return convoke_record_dup_credentials (self->record);
}

/**
 * convoke_call_context_get_uid:
 * @self: a call context
 *
 * Gets the effective user of the process that calls. Any thread may call this.
 *
 * Returns: the user's id; -1 when the caller stays anonymous
 *
 * Since: 0.1
 */
gint64
convoke_call_context_get_uid (ConvokeCallContext *self)
{
  ConvokeCaller caller;

  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), -1);

  get_caller (self, &caller);
  return caller.uid;
}

/**
 * convoke_call_context_get_gid:
 * @self: a call context
 *
 * Gets the effective group of the process that calls. Any thread may call this.
 *
 * Returns: the group's id; -1 when the caller stays anonymous
 *
 * Since: 0.1
 */
gint64
convoke_call_context_get_gid (ConvokeCallContext *self)
{
  ConvokeCaller caller;

  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), -1);

  get_caller (self, &caller);
  return caller.gid;
}

/**
 * convoke_call_context_get_pid:
 * @self: a call context
 *
 * Gets the number of the process that calls, for messages and logs. Decide
 * nothing by it: the process can be gone and its number another's. Any thread
 * may call this.
 *
 * Returns: the process id; -1 when the caller stays anonymous
 *
 * Since: 0.1
 */
gint64
convoke_call_context_get_pid (ConvokeCallContext *self)
{
  ConvokeCaller caller;

  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), -1);

  get_caller (self, &caller);
  return caller.pid;
}

/* --- acting as the caller --- */

static ConvokeAuthentication
get_authentication (ConvokeCallContext *self)
{
  if (is_anonymous (self->record))
    return CONVOKE_AUTHENTICATION_NONE;
  if (get_peer (self->record) != NULL)
    return CONVOKE_AUTHENTICATION_PEER;

  return is_incoming (self->record) ? CONVOKE_AUTHENTICATION_NONE : CONVOKE_AUTHENTICATION_SAME_PROCESS;
}

static void
convoke_call_context_query_blanket (ConvokeServerSecurity      *security,
                                    ConvokeAuthentication      *authentication,
                                    ConvokeImpersonationLevel  *level,
                                    GCredentials              **credentials)
{
  ConvokeCallContext *self = CONVOKE_CALL_CONTEXT (security);

  *authentication = get_authentication (self);
  *level = convoke_record_get_impersonation_level (self->record);
  *credentials = convoke_call_context_dup_credentials (self);
}

/* Whether it is the thread's present context: of the call that it serves, unless one was switched in. */
static gboolean
is_served (ConvokeCallContext *self,
           ConvokeThread      *thread)
{
  ConvokeCallContext *switched = thread->context;

  return (switched != NULL ? switched->record : thread->serving) == self->record;
}

static gboolean
check_served (ConvokeCallContext  *self,
              ConvokeThread       *thread,
              GError             **error)
{
  if (is_served (self, thread))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "This thread does not serve the call of %s",
               convoke_record_get_method (self->record)->callable.name);
  return FALSE;
}

static gboolean
convoke_call_context_impersonate_client (ConvokeServerSecurity  *security,
                                         GError                **error)
{
  ConvokeCallContext *self = CONVOKE_CALL_CONTEXT (security);
  ConvokeThread *thread = convoke_thread_self ();

  if (!check_served (self, thread, error))
    return FALSE;
  if (g_atomic_int_get (&self->record->state) & CONVOKE_RECORD_ENDING)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "The call of %s was completed",
                   convoke_record_get_method (self->record)->callable.name);
      return FALSE;
    }

  return convoke_impersonation_begin (thread, self->record, error);
}

static gboolean
convoke_call_context_revert_to_self (ConvokeServerSecurity  *security,
                                     GError                **error)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (!check_served (CONVOKE_CALL_CONTEXT (security), thread, error))
    return FALSE;

  convoke_impersonation_end (thread);
  return TRUE;
}

static gboolean
convoke_call_context_is_impersonating (ConvokeServerSecurity *security)
{
  ConvokeThread *thread = convoke_thread_self ();

  return thread->impersonation != NULL && is_served (CONVOKE_CALL_CONTEXT (security), thread);
}

static void
convoke_call_context_security_init (ConvokeServerSecurityInterface *iface)
{
  iface->query_blanket = convoke_call_context_query_blanket;
  iface->impersonate_client = convoke_call_context_impersonate_client;
  iface->revert_to_self = convoke_call_context_revert_to_self;
  iface->is_impersonating = convoke_call_context_is_impersonating;
}

/**
 * convoke_call_context_dup_cancellable:
 * @self: a call context
 *
 * Gets a cancellable that is cancelled when the caller asks for the end of the
 * call or its deadline passes. Hand it to the GIO calls that work for this one.
 * Any thread may call this.
 *
 * Returns: (transfer full): the cancellable
 *
 * Since: 0.1
 */
GCancellable *
convoke_call_context_dup_cancellable (ConvokeCallContext *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL_CONTEXT (self), NULL);

  return convoke_record_dup_cancellable (self->record);
}

/**
 * convoke_call_context_report_fraction:
 * @self: a call context
 * @fraction: how much is done, between 0 and 1
 *
 * Tells the caller how much of the call is done. What is reported after the
 * end of the call is not told to anybody.
 *
 * Any thread may call this. Reports are coalesced on their way; the last one
 * counts.
 *
 * Since: 0.1
 */
void
convoke_call_context_report_fraction (ConvokeCallContext *self,
                                      double              fraction)
{
  ConvokeRecordExtra *extra;

  g_return_if_fail (CONVOKE_IS_CALL_CONTEXT (self));
  g_return_if_fail (!isnan (fraction));

  extra = convoke_record_get_extra (self->record);
  convoke_record_lock (self->record);
  extra->fraction = CLAMP (fraction, 0.0, 1.0);
  convoke_record_unlock (self->record);

  convoke_record_notify_progress (self->record);
}

/**
 * convoke_call_context_report_amount:
 * @self: a call context
 * @done: the amount done
 * @total: the amount in all, or 0 when it is not known
 * @unit: what the amounts count, such as "bytes"
 *
 * Tells the caller how much of the call is done. A known @total sets the
 * fraction too; see [method@CallContext.report_fraction].
 *
 * Since: 0.1
 */
void
convoke_call_context_report_amount (ConvokeCallContext *self,
                                    guint64             done,
                                    guint64             total,
                                    const char         *unit)
{
  ConvokeRecordExtra *extra;

  g_return_if_fail (CONVOKE_IS_CALL_CONTEXT (self));
  g_return_if_fail (unit != NULL);

  extra = convoke_record_get_extra (self->record);
  convoke_record_lock (self->record);
  extra->done = done;
  extra->total = total;
  if (g_strcmp0 (extra->unit, unit) != 0)
    {
      g_free (extra->unit);
      extra->unit = g_strdup (unit);
    }
  if (total > 0)
    extra->fraction = MIN ((double) done / (double) total, 1.0);
  convoke_record_unlock (self->record);

  convoke_record_notify_progress (self->record);
}

/**
 * convoke_call_context_report_status:
 * @self: a call context
 * @status: what the server does just now, for a person to read
 *
 * Tells the caller what the server does; see
 * [method@CallContext.report_fraction].
 *
 * Since: 0.1
 */
void
convoke_call_context_report_status (ConvokeCallContext *self,
                                    const char         *status)
{
  ConvokeRecordExtra *extra;

  g_return_if_fail (CONVOKE_IS_CALL_CONTEXT (self));
  g_return_if_fail (status != NULL);

  extra = convoke_record_get_extra (self->record);
  convoke_record_lock (self->record);
  g_free (extra->status);
  extra->status = g_strdup (status);
  convoke_record_unlock (self->record);

  convoke_record_notify_progress (self->record);
}
