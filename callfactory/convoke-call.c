/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The call object: COM's view of the engine. It adds to the engine who is told
 * and how arguments come in and results go out; it has no state of a call of
 * its own beyond the record that it points at.
 */

#include "config.h"

#include "convoke-call-factory.h"
#include "convoke-call-notify-private.h"
#include "convoke-call-private.h"
#include "convoke-carrier-private.h"
#include "convoke-component.h"
#include "convoke-component-private.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-hooks-private.h"
#include "convoke-interface-info-private.h"
#include "convoke-sync-point-private.h"
#include "convoke-synchronize-handle.h"
#include "convoke-unknown.h"

enum
{
  PROP_OBJECT = 1,
  PROP_INTERFACE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

/* What most call objects never need. */
typedef struct
{
  ConvokeCallNotify      *notify;         /* (nullable) (owned): changes only while idle */
  GObject                *server_object;  /* (nullable) (owned): the component's own; constant */
  gint64                  timeout;        /* LOCK; microseconds, 0: none */
  gint64                  early_grace;    /* LOCK; of a cancel that came while a begin was under way */
  ConvokeImpersonationLevel level;        /* LOCK; 0: the default */
  gint                    record_bits;    /* LOCK; what its records have from the beginning */
} ConvokeCallExtra;

/* Bits of ConvokeCallPrivate.state */
enum
{
  LOCK_BIT     = 0,       /* the lock of what is marked LOCK below */
  STARTING     = 1 << 1,  /* a begin is under way */
  CANCEL_EARLY = 1 << 2,  /* that begin was cancelled */
  FINISHING    = 1 << 3,  /* its result is being taken */
  BUSY         = 1 << 4,  /* record is the pending or signalled call; else it is the one before, for details and reuse */
  AWAITED      = 1 << 5,  /* somebody waits for the call whose begin is under way */
};

/* Small: there is one for each call in flight. */
typedef struct
{
  ConvokeView                 view;
  gint                        state;      /* atomic; bits above, which change under the lock */
  guint                       since;      /* constant; when the proxy was used that it was asked for through; 0: there was none */
  ConvokeRecord              *record;     /* LOCK; (nullable) */
  ConvokeCallExtra           *extra;      /* atomic; LOCK to make it; (nullable) */
  GObject                    *object;     /* constant from here on */
  const ConvokeInterfaceInfo *info;
} ConvokeCallPrivate;

static void convoke_call_synchronize_init (ConvokeSynchronizeInterface *iface);
static void convoke_call_handle_init      (ConvokeSynchronizeHandleInterface *iface);
static void convoke_call_cancel_init      (ConvokeCancelMethodCallsInterface *iface);

/**
 * ConvokeCall:
 *
 * A call object: the methods of one interface of one object, to be begun now
 * and finished later.
 *
 * It is idle, pending from a successful [method@Call.begin], signalled when the
 * call has completed, and idle again after [method@Call.finish]; it makes one
 * call at a time and can be used any number of times. Each successful begin
 * completes exactly once, whatever happens (P-4). It is a
 * [iface@Synchronize] and a [iface@SynchronizeHandle], to be waited for, and a
 * [iface@CancelMethodCalls].
 *
 * Any thread may use it, except where a method says otherwise: threads that
 * begin at once get one success, and %CONVOKE_ERROR_CALL_PENDING for the others.
 *
 * A component derives from it to answer calls with call objects of its own; see
 * [iface@CallFactory]. For everything else [func@Convoke.create_call] makes one.
 *
 * Since: 0.1
 */
G_DEFINE_TYPE_WITH_CODE (ConvokeCall, convoke_call, G_TYPE_OBJECT,
                         G_ADD_PRIVATE (ConvokeCall)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, convoke_call_synchronize_init)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, convoke_call_handle_init)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CANCEL_METHOD_CALLS, convoke_call_cancel_init))

#define PRIVATE(self) ((ConvokeCallPrivate *) convoke_call_get_instance_private (self))

static void
lock (ConvokeCallPrivate *priv)
{
  g_bit_lock (&priv->state, LOCK_BIT);
}

static void
unlock (ConvokeCallPrivate *priv)
{
  g_bit_unlock (&priv->state, LOCK_BIT);
}

static gboolean
has (ConvokeCallPrivate *priv,
     gint                bits)
{
  return (g_atomic_int_get (&priv->state) & bits) != 0;
}

static void
change_locked (ConvokeCallPrivate *priv,
               gint                set,
               gint                unset)
{
  g_atomic_int_and ((guint *) &priv->state, ~unset);
  g_atomic_int_or ((guint *) &priv->state, set);
}

static ConvokeCallExtra *
get_extra (ConvokeCallPrivate *priv)
{
  return g_atomic_pointer_get (&priv->extra);
}

static ConvokeCallExtra *
ensure_extra_locked (ConvokeCallPrivate *priv)
{
  if (priv->extra == NULL)
    g_atomic_pointer_set (&priv->extra, g_new0 (ConvokeCallExtra, 1));

  return priv->extra;
}

static ConvokeCallExtra *
ensure_extra (ConvokeCallPrivate *priv)
{
  ConvokeCallExtra *extra;

  lock (priv);
  extra = ensure_extra_locked (priv);
  unlock (priv);

  return extra;
}

static ConvokeCallNotify *
get_notify (ConvokeCallPrivate *priv)
{
  ConvokeCallExtra *extra = get_extra (priv);

  return extra != NULL ? extra->notify : NULL;
}

/* --- telling others --- */

ConvokeCallNotify *
convoke_call_ensure_notify (ConvokeCall *self)
{
  ConvokeCallExtra *extra = ensure_extra (PRIVATE (self));

  if (extra->notify == NULL)
    extra->notify = convoke_call_notify_new (self);

  return extra->notify;
}

static gpointer
call_view_hold (ConvokeView   *view,
                ConvokeRecord *record)
{
  ConvokeCallNotify *notify = get_notify ((ConvokeCallPrivate *) view);

  return notify != NULL ? convoke_call_notify_hold (notify, record) : NULL;
}

static const ConvokeViewFuncs call_view_funcs = {
  .hold = call_view_hold,
  .completed = convoke_call_notify_completed,
  .progress = convoke_call_notify_progress,
  .sent = convoke_call_notify_sent,
};

/* --- state --- */

static ConvokeCallState
state_locked (ConvokeCallPrivate *priv)
{
  if (has (priv, STARTING))
    return CONVOKE_CALL_STATE_PENDING;
  if (has (priv, FINISHING))
    return CONVOKE_CALL_STATE_SIGNALED;
  if (!has (priv, BUSY))
    return CONVOKE_CALL_STATE_IDLE;

  return convoke_event_core_is_set (&priv->view.event) ? CONVOKE_CALL_STATE_SIGNALED : CONVOKE_CALL_STATE_PENDING;
}

ConvokeRecord *
convoke_call_dup_record (ConvokeCall *self)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeRecord *record;

  lock (priv);
  record = has (priv, BUSY) ? convoke_record_ref (priv->record) : NULL;
  unlock (priv);

  return record;
}

ConvokeRecord *
convoke_call_dup_record_or_last (ConvokeCall *self)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeRecord *record;

  lock (priv);
  record = priv->record != NULL ? convoke_record_ref (priv->record) : NULL;
  unlock (priv);

  return record;
}

/* --- begin --- */

/* What differs between the forms of begin and finish: how values come and go. */
typedef gboolean (*ConvokeCapture) (ConvokeFrame       *frame,
                                    const ConvokePlan  *plan,
                                    gpointer            storage,
                                    gpointer            values,
                                    guint               n_values,
                                    GError            **error);

static gboolean
capture_valist (ConvokeFrame       *frame,
                const ConvokePlan  *plan,
                gpointer            storage,
                gpointer            values,
                guint               n_values,
                GError            **error)
{
  return convoke_frame_capture_valist (frame, plan, storage, values, error);
}

static gboolean
capture_values (ConvokeFrame       *frame,
                const ConvokePlan  *plan,
                gpointer            storage,
                gpointer            values,
                guint               n_values,
                GError            **error)
{
  return convoke_frame_capture_values (frame, plan, storage, values, n_values, error);
}

typedef struct
{
  void     **args;
  gboolean   consumed;
} NativeArgs;

static gboolean
capture_native (ConvokeFrame       *frame,
                const ConvokePlan  *plan,
                gpointer            storage,
                gpointer            values,
                guint               n_values,
                GError            **error)
{
  NativeArgs *native = values;

  native->consumed = convoke_frame_capture_native (frame, plan, storage, native->args, error);
  return native->consumed;
}

/* From IDLE to "a begin is under way", which only one thread can make. */
static gboolean
claim (ConvokeCallPrivate  *priv,
       ConvokeRecord      **spare,
       gint64              *timeout,
       GError             **error)
{
  gboolean idle;

  lock (priv);
  idle = !has (priv, STARTING | FINISHING | BUSY);
  if (idle)
    {
      change_locked (priv, STARTING, CANCEL_EARLY | AWAITED);
      /* Here, so that nobody who finds a begin under way sees the end of the call before. */
      convoke_event_core_reset (&priv->view.event);
      *spare = g_steal_pointer (&priv->record);
      *timeout = priv->extra != NULL ? priv->extra->timeout : 0;
    }
  unlock (priv);

  if (!idle)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                         "A call is in progress on this call object: finish it first");

  return idle;
}

/* Whoever waits for a call that does not come is let go: it finds that none is in progress. */
static void
unclaim (ConvokeCallPrivate *priv)
{
  lock (priv);
  change_locked (priv, 0, STARTING);
  if (has (priv, AWAITED))
    convoke_event_core_set (&priv->view.event);
  unlock (priv);
}

/* An operation has no method that would have to run somewhere. */
static ConvokeApartment *
dup_apartment (ConvokeCallPrivate *priv)
{
  return convoke_call_is_operation (priv->info) ? convoke_apartment_dup_any () : convoke_apartment_dup_for_object (priv->object);
}

/* A record that knows what is called. */
static ConvokeRecord *
take_record (ConvokeCallPrivate *priv,
             ConvokeRecord      *spare,
             const ConvokePlan  *plan)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  ConvokeRecord *record;

  if (spare != NULL && convoke_record_reusable (spare, plan))
    {
      convoke_record_reuse (spare);
      return spare;
    }

  /* The apartment is not kept beside the record: there is one call object for each call in flight. */
  apartment = spare != NULL ? g_object_ref (spare->apartment) : dup_apartment (priv);
  g_clear_pointer (&spare, convoke_record_unref);

  record = convoke_record_new (plan, TRUE);
  convoke_record_bind (record, priv->object, apartment, NULL);

  return record;
}

/* A sink whose reset fails makes the begin fail (CF-27). */
static gboolean
reset_sink (ConvokeCallPrivate  *priv,
            GError             **error)
{
  ConvokeCallNotify *notify = get_notify (priv);

  if (notify == NULL || notify->sink == NULL || convoke_synchronize_reset (notify->sink, error))
    return TRUE;

  if (error != NULL && *error == NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The completion sink refused to reset");
  return FALSE;
}

/* The record becomes the call's; a cancel that came while the begin was under way is due. */
static gboolean
install (ConvokeCallPrivate *priv,
         ConvokeRecord      *record)
{
  gboolean cancelled;

  lock (priv);
  priv->record = convoke_record_ref (record);
  change_locked (priv, BUSY, STARTING);
  cancelled = has (priv, CANCEL_EARLY);
  /* Whoever waits for several objects learns which call this one is. */
  if (has (priv, AWAITED))
    convoke_event_core_notify (&priv->view.event);
  unlock (priv);

  return cancelled;
}

static gboolean
remove_record (ConvokeCallPrivate *priv,
               ConvokeRecord      *record)
{
  lock (priv);
  priv->record = NULL;
  change_locked (priv, 0, BUSY);
  unlock (priv);
  convoke_record_unref (record);

  return FALSE;
}

/* Nobody was told of a completion, and nobody will be. */
static gboolean
withdraw (ConvokeCallPrivate *priv,
          ConvokeRecord      *record)
{
  ConvokeCallNotify *notify = get_notify (priv);

  if (notify != NULL)
    convoke_call_notify_withdraw (notify, record);

  return FALSE;
}

static gboolean
announce (ConvokeCallPrivate  *priv,
          ConvokeRecord       *record,
          GError             **error)
{
  ConvokeCallNotify *notify = get_notify (priv);

  return notify == NULL || convoke_call_notify_begin (notify, record, error);
}

static gboolean
launch (ConvokeCall        *self,
        ConvokeRecord      *record,
        gint64              timeout,
        ConvokeServerCall **operation,
        GError            **error)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  const ConvokeMethodInfo *method = convoke_record_get_method (record);
  ConvokeCallExtra *extra = get_extra (priv);
  GObject *server_object = extra != NULL ? extra->server_object : NULL;
  gboolean cancelled;

  if (server_object == NULL && CONVOKE_CALL_GET_CLASS (self)->begin != NULL)
    server_object = G_OBJECT (self);

  convoke_record_bind (record, priv->object, record->apartment, server_object);
  record->frame.tag = priv->since;
  if (extra != NULL)
    {
      convoke_record_set_impersonation_level (record, convoke_call_get_impersonation_level (self));
      g_atomic_int_or ((guint *) &record->state, convoke_call_get_record_bits (self));
    }
  if (timeout <= 0)
    timeout = method->deadline;

  if (!convoke_record_prepare (record, &priv->view, convoke_chain_new (), TRUE, timeout, error) ||
      !announce (priv, record, error))
    return FALSE;

  cancelled = install (priv, record);
  if (operation != NULL)
    *operation = convoke_record_launch_operation (record);
  else if (!convoke_record_launch (record, error))
    return withdraw (priv, record) || remove_record (priv, record);

  if (cancelled)
    convoke_record_cancel (record, get_extra (priv)->early_grace, NULL);

  return TRUE;
}

static gboolean
begin (ConvokeCall              *self,
       const ConvokeMethodInfo  *method,
       ConvokeCapture            capture,
       gpointer                  values,
       guint                     n_values,
       ConvokeServerCall       **operation,
       GError                  **error)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  const ConvokePlan *plan = convoke_plan_get ((ConvokeCallableInfo *) &method->callable, error);
  ConvokeRecord *record = NULL;
  gint64 timeout = 0;
  gboolean begun = FALSE;

  if (plan == NULL || convoke_check_forked (error) ||
      (operation == NULL && !convoke_method_info_check (method, error)) || !convoke_plan_can_capture (plan, error))
    return FALSE;
  if (!convoke_disconnection_check (priv->object, priv->since, error) || !claim (priv, &record, &timeout, error))
    return FALSE;

  CONVOKE_SYNC_POINT ("call/begin-claimed");

  record = take_record (priv, record, plan);
  if (capture (&record->frame, plan, convoke_record_get_storage (record), values, n_values, error))
    begun = reset_sink (priv, error) && launch (self, record, timeout, operation, error);
  else
    memset (&record->frame, 0, sizeof record->frame);

  if (!begun)
    unclaim (priv);

  convoke_record_unref (record);
  return begun;
}

static const ConvokeMethodInfo *
find_method (ConvokeCall  *self,
             const char   *name,
             GError      **error)
{
  const ConvokeInterfaceInfo *info = PRIVATE (self)->info;

  if (info != NULL)
    return convoke_interface_info_find (info, name, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED,
               "This %s was made without object and interface", G_OBJECT_TYPE_NAME (self));
  return NULL;
}

gboolean
convoke_call_begin_native (ConvokeCall              *self,
                           const ConvokeMethodInfo  *method,
                           void                    **args,
                           GError                  **error)
{
  NativeArgs native = { args, FALSE };
  const ConvokePlan *plan;

  if (begin (self, method, capture_native, &native, 0, NULL, error))
    return TRUE;

  plan = convoke_plan_get ((ConvokeCallableInfo *) &method->callable, NULL);
  if (plan != NULL && !native.consumed)
    convoke_frame_consume_native (plan, args, FALSE);

  return FALSE;
}

/**
 * convoke_call_begin_valist: (skip)
 * @self: a call object that is idle
 * @method: a method of its interface, by either of its names
 * @args: the arguments as the C method takes them, without instance and error
 * @error: return location for an error, or %NULL
 *
 * [method@Call.begin] for a `va_list`.
 *
 * Returns: %TRUE when the call was begun
 *
 * Since: 0.1
 */
gboolean
convoke_call_begin_valist (ConvokeCall  *self,
                           const char   *method,
                           va_list       args,
                           GError      **error)
{
  const ConvokeMethodInfo *info;
  va_list copy;
  gboolean begun;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);
  g_return_val_if_fail (method != NULL, FALSE);

  info = find_method (self, method, error);
  if (info == NULL)
    return FALSE;

  va_copy (copy, args);
  begun = begin (self, info, capture_valist, &copy, 0, NULL, error);
  va_end (copy);

  return begun;
}

/**
 * convoke_call_begin: (skip)
 * @self: a call object that is idle
 * @method: a method of its interface, by either of its names
 * @error: return location for an error, or %NULL
 * @...: the arguments that go in, as the C method takes them: without instance
 *   and error, and without the arguments that only come out
 *
 * Begins a call and returns without waiting for it (CF-14).
 *
 * The arguments are copied before this returns. The method runs where the
 * object's threading says; learn of its end with [method@Call.wait], with a
 * callback, on a [class@CompletionQueue], or through the handle, and take the
 * result with [method@Call.finish]. Until then the call object is busy.
 *
 * Dropping the last reference to a call object is always enough to clean up:
 * the method runs to its end and nobody learns of it (CF-22).
 *
 * Any thread may call this; what happens before it happens before the method.
 *
 * Fails with %CONVOKE_ERROR_CALL_PENDING while a call is in progress, with
 * %CONVOKE_ERROR_NO_METHOD, with %CONVOKE_ERROR_INVALID_ARGUMENT, with
 * %CONVOKE_ERROR_NOT_SUPPORTED naming the argument that cannot be copied, and
 * with %CONVOKE_ERROR_FORKED. A begin that fails never completes (CF-15).
 *
 * Returns: %TRUE when the call was begun
 *
 * Since: 0.1
 */
gboolean
convoke_call_begin (ConvokeCall  *self,
                    const char   *method,
                    GError      **error,
                    ...)
{
  va_list args;
  gboolean begun;

  va_start (args, error);
  begun = convoke_call_begin_valist (self, method, args, error);
  va_end (args);

  return begun;
}

/**
 * convoke_call_begin_values: (rename-to convoke_call_begin)
 * @self: a call object that is idle
 * @method: a method of its interface, by either of its names
 * @args: (array length=n_args) (nullable): the arguments that go in; lengths of
 *   arrays and user data are implied
 * @n_args: the number of values
 * @error: return location for an error, or %NULL
 *
 * Begins a call with typed values; see the C function `convoke_call_begin()`.
 *
 * A value of another type is accepted where nothing can be lost: any integer
 * that is in range, a number for a floating point argument, a name for an
 * enumeration, a #GVariant for arrays and tables of basic types.
 *
 * Returns: %TRUE when the call was begun
 *
 * Since: 0.1
 */
gboolean
convoke_call_begin_values (ConvokeCall   *self,
                           const char    *method,
                           const GValue  *args,
                           guint          n_args,
                           GError       **error)
{
  const ConvokeMethodInfo *info;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);
  g_return_val_if_fail (method != NULL, FALSE);
  g_return_val_if_fail (args != NULL || n_args == 0, FALSE);

  info = find_method (self, method, error);

  return info != NULL && begin (self, info, capture_values, (gpointer) args, n_args, NULL, error);
}

const char *
convoke_call_get_operation (ConvokeCall *self)
{
  const ConvokeInterfaceInfo *info = PRIVATE (self)->info;

  return convoke_call_is_operation (info) ? info->methods->callable.name : NULL;
}

ConvokeServerCall *
convoke_call_begin_own (ConvokeCall  *self,
                        GError      **error)
{
  const ConvokeMethodInfo *method = PRIVATE (self)->info->methods;
  ConvokeServerCall *server_call = NULL;

  begin (self, method, capture_values, NULL, 0, &server_call, error);

  return server_call;
}

/* --- finish --- */

/* From SIGNALED to IDLE, which only one thread can make. */
static ConvokeRecord *
take_finished (ConvokeCall              *self,
               const ConvokeMethodInfo  *method,
               GError                  **error)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeRecord *record = NULL;

  if (convoke_check_forked (error))
    return NULL;

  lock (priv);
  if (!has (priv, STARTING | BUSY))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                 "No call of %s is in progress", method->callable.name);
  else if (has (priv, BUSY) && convoke_record_get_method (priv->record) != method)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                 "No call of %s is in progress: %s was begun",
                 method->callable.name, convoke_record_get_method (priv->record)->callable.name);
  else if (state_locked (priv) != CONVOKE_CALL_STATE_SIGNALED)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                 "The call of %s has not completed: wait for it first", method->callable.name);
  else
    {
      record = g_steal_pointer (&priv->record);
      change_locked (priv, FINISHING, BUSY);
    }
  unlock (priv);

  return record;
}

/* Keeps the finished record for its details and for the next begin. */
static void
keep_last (ConvokeCall   *self,
           ConvokeRecord *record)
{
  ConvokeCallPrivate *priv = PRIVATE (self);

  convoke_record_detach (record);

  lock (priv);
  priv->record = record;
  change_locked (priv, 0, FINISHING);
  unlock (priv);
}

/* FALSE: the call failed, and @error has the cause as it was. */
static gboolean
succeeded (ConvokeRecord  *record,
           GError        **error)
{
  const GError *cause = convoke_record_get_cause (record);

  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (cause));
  return FALSE;
}

gboolean
convoke_call_finish_native (ConvokeCall              *self,
                            const ConvokeMethodInfo  *method,
                            void                    **args,
                            void                     *ret,
                            GError                  **error)
{
  ConvokeRecord *record = take_finished (self, method, error);
  gboolean done;

  if (record == NULL)
    return FALSE;

  done = succeeded (record, error);
  if (done)
    convoke_frame_take_native (&record->frame, args, ret, G_OBJECT (self));
  keep_last (self, record);

  return done;
}

/**
 * convoke_call_finish_valist: (skip)
 * @self: a call object whose call has completed
 * @method: the method that was begun
 * @outs: where the results go
 * @error: return location for an error, or %NULL
 *
 * The C function `convoke_call_finish()` for a `va_list`.
 *
 * Returns: %TRUE when the method succeeded
 *
 * Since: 0.1
 */
gboolean
convoke_call_finish_valist (ConvokeCall  *self,
                            const char   *method,
                            va_list       outs,
                            GError      **error)
{
  const ConvokeMethodInfo *info;
  ConvokeRecord *record;
  gboolean done;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);
  g_return_val_if_fail (method != NULL, FALSE);

  info = find_method (self, method, error);
  record = info != NULL ? take_finished (self, info, error) : NULL;
  if (record == NULL)
    return FALSE;

  done = succeeded (record, error);
  if (done)
    {
      va_list copy;

      va_copy (copy, outs);
      convoke_frame_take_valist (&record->frame, &copy);
      va_end (copy);
    }
  keep_last (self, record);

  return done;
}

/**
 * convoke_call_finish: (skip)
 * @self: a call object whose call has completed
 * @method: the method that was begun
 * @error: return location for an error, or %NULL
 * @...: where the results go: first the return value, if the method has one,
 *   then each argument that comes out, as pointers to its C type; %NULL for what
 *   is not wanted. What has to be freed belongs to the caller.
 *
 * Takes the result of a completed call and makes the call object idle (CF-19).
 *
 * Gives exactly what the synchronous method would have given: its results, or
 * its error with domain, code and message unchanged. Results are written only
 * on success.
 *
 * Any thread may call this; what the method wrote happened before.
 *
 * Fails, without disturbing the call, with %CONVOKE_ERROR_CALL_PENDING before
 * the call is signalled (P-2) and with %CONVOKE_ERROR_CALL_COMPLETE when none is
 * in progress or another method was begun (P-3). Fails with what ended the call:
 * %CONVOKE_ERROR_CANCELLED, %CONVOKE_ERROR_TIMEOUT, %CONVOKE_ERROR_SERVER_FAULT,
 * or the method's own error.
 *
 * Returns: %TRUE when the method succeeded
 *
 * Since: 0.1
 */
gboolean
convoke_call_finish (ConvokeCall  *self,
                     const char   *method,
                     GError      **error,
                     ...)
{
  va_list outs;
  gboolean done;

  va_start (outs, error);
  done = convoke_call_finish_valist (self, method, outs, error);
  va_end (outs);

  return done;
}

/**
 * convoke_call_finish_values: (rename-to convoke_call_finish)
 * @self: a call object whose call has completed
 * @method: the method that was begun
 * @n_outs: (out): the number of values
 * @error: return location for an error, or %NULL
 *
 * Takes the result of a completed call as typed values; see the C function
 * `convoke_call_finish()`.
 *
 * Returns: (transfer full) (array length=n_outs) (nullable): the return value,
 *   if the method has one, then the arguments that come out; %NULL with @error
 *   unset when the method gives nothing
 *
 * Since: 0.1
 */
GValue *
convoke_call_finish_values (ConvokeCall  *self,
                            const char   *method,
                            guint        *n_outs,
                            GError      **error)
{
  const ConvokeMethodInfo *info;
  ConvokeRecord *record;
  GValue *values = NULL;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);
  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (n_outs != NULL, NULL);

  *n_outs = 0;
  info = find_method (self, method, error);
  record = info != NULL ? take_finished (self, info, error) : NULL;
  if (record == NULL)
    return NULL;

  if (succeeded (record, error))
    values = convoke_frame_take_values (&record->frame, n_outs);
  keep_last (self, record);

  return values;
}

/* --- waiting --- */

static gboolean
set_no_sync (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC,
                       "There is nothing to wait for: no call is in progress");
  return FALSE;
}

ConvokeCallWait
convoke_call_look_for_wait (ConvokeCall       *self,
                            ConvokeEventCore **core,
                            guint64           *chain,
                            ConvokeApartment **remote)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeCallWait phase = CONVOKE_CALL_WAIT_NOTHING;

  if (core != NULL)
    *core = &priv->view.event;

  lock (priv);
  if (has (priv, STARTING))
    {
      change_locked (priv, AWAITED, 0);
      phase = CONVOKE_CALL_WAIT_STARTING;
    }
  else if (has (priv, BUSY | FINISHING))
    {
      phase = CONVOKE_CALL_WAIT_BEGUN;
      if (chain != NULL && has (priv, BUSY))
        *chain = priv->record->task.chain;
      if (remote != NULL && has (priv, BUSY) && convoke_apartment_is_remote (priv->record->apartment))
        *remote = g_object_ref (priv->record->apartment);
    }
  unlock (priv);

  return phase;
}

static gboolean
wait_for_call (ConvokeCall       *self,
               ConvokeWaitFlags   flags,
               gint64             timeout,
               GError           **error)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  g_autoptr (ConvokeApartment) remote = NULL;
  guint64 chain = 0;
  gboolean starting;

  if (convoke_check_forked (error) || !convoke_wait_check_timeout (timeout, error))
    return FALSE;

  starting = convoke_call_look_for_wait (self, NULL, &chain, &remote) == CONVOKE_CALL_WAIT_STARTING;
  if (!starting && chain == 0)
    return set_no_sync (error);
  if (!convoke_wait_for_call (&priv->view.event, chain, remote, FALSE, flags, timeout, error))
    return FALSE;

  /* That begin may have failed. */
  return !starting || has (priv, STARTING | BUSY | FINISHING) || set_no_sync (error);
}

/**
 * convoke_call_wait:
 * @self: a call object
 * @timeout: how long to wait at most, in microseconds; 0 polls, -1 waits for ever
 * @error: return location for an error, or %NULL
 *
 * Waits until the call has completed. A completed call stays signalled until
 * it is finished, so waiting again succeeds again (CF-25).
 *
 * The waiting thread runs the calls begun on objects of its own main context
 * up to this one, and the calls that come back to it from the chain that it
 * waits for, so a program without a main loop can wait for its own objects.
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_TIMEOUT, also for a poll; the call goes on (P-1).
 * Fails with %CONVOKE_ERROR_NO_SYNC when no call is in progress, and with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for a @timeout below -1.
 *
 * Returns: %TRUE when the call has completed
 *
 * Since: 0.1
 */
gboolean
convoke_call_wait (ConvokeCall  *self,
                   gint64        timeout,
                   GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);

  return wait_for_call (self, CONVOKE_WAIT_DEFAULT, timeout, error);
}

static gboolean
convoke_call_synchronize_wait (ConvokeSynchronize  *synchronize,
                               ConvokeWaitFlags     flags,
                               gint64               timeout,
                               GError             **error)
{
  return wait_for_call (CONVOKE_CALL (synchronize), flags, timeout, error);
}

gboolean
convoke_call_waits_itself (ConvokeCall *self)
{
  return CONVOKE_SYNCHRONIZE_GET_IFACE (self)->wait == convoke_call_synchronize_wait;
}

static gboolean
refuse_signal (ConvokeSynchronize  *synchronize,
               GError             **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "Only a call's own begin and end reset and signal it");
  return FALSE;
}

static void
convoke_call_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->wait = convoke_call_synchronize_wait;
  iface->signal = refuse_signal;
  iface->reset = refuse_signal;
}

static int
convoke_call_get_fd (ConvokeSynchronizeHandle  *handle,
                     GError                   **error)
{
  if (convoke_check_forked (error))
    return -1;

  return convoke_event_core_get_fd (&PRIVATE (CONVOKE_CALL (handle))->view.event, error);
}

static void
convoke_call_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = convoke_call_get_fd;
}

/* --- cancelling --- */

/* The call in progress; else NULL: with @starting a begin is under way and will cancel its call. */
static ConvokeRecord *
dup_record_or_cancel_early (ConvokeCallPrivate *priv,
                            gint64              grace,
                            gboolean           *starting)
{
  ConvokeRecord *record;

  lock (priv);
  record = has (priv, BUSY) ? convoke_record_ref (priv->record) : NULL;
  *starting = has (priv, STARTING);
  if (*starting)
    {
      ensure_extra_locked (priv)->early_grace = grace;
      change_locked (priv, CANCEL_EARLY, 0);
    }
  unlock (priv);

  return record;
}

/**
 * convoke_call_cancel:
 * @self: a call object
 * @grace: how long the server is granted, in microseconds; 0 gives up at once
 *   (%CONVOKE_CANCEL_ABORTIVE), -1 waits for the server (%CONVOKE_CANCEL_POLITE)
 * @error: return location for an error, or %NULL
 *
 * Asks for the end of the call in progress.
 *
 * The server is told in any case. This returns at once; the call completes at
 * the latest when @grace is over, with %CONVOKE_ERROR_CANCELLED unless the
 * server's answer came first (CX-3, CX-5). What became of the cancel is told by
 * [method@Call.get_cancel_outcome]. A second cancel with a shorter @grace
 * shortens it. [method@Call.finish] is still how the call object becomes idle
 * again (CX-1).
 *
 * Any thread may call this, from the moment begin is entered until finish
 * returns. Handlers of the server's cancellable run on this thread.
 *
 * Fails with %CONVOKE_ERROR_CANCELLED when the call was cancelled already and
 * with %CONVOKE_ERROR_CALL_COMPLETE when it has completed or none is in progress
 * (CX-4).
 *
 * Returns: %TRUE when the cancel was sent
 *
 * Since: 0.1
 */
gboolean
convoke_call_cancel (ConvokeCall  *self,
                     gint64        grace,
                     GError      **error)
{
  ConvokeRecord *record;
  gboolean starting;
  gboolean sent;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  record = dup_record_or_cancel_early (PRIVATE (self), grace, &starting);
  if (record == NULL)
    {
      if (starting)
        return TRUE;

      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "No call is in progress");
      return FALSE;
    }

  sent = convoke_record_cancel (record, grace, error);
  convoke_record_unref (record);

  return sent;
}

static gboolean
convoke_call_cancel_method (ConvokeCancelMethodCalls  *cancel,
                            gint64                     grace,
                            GError                   **error)
{
  return convoke_call_cancel (CONVOKE_CALL (cancel), grace, error);
}

static void
convoke_call_test_cancel (ConvokeCancelMethodCalls  *cancel,
                          GError                   **error)
{
  ConvokeCallPrivate *priv = PRIVATE (CONVOKE_CALL (cancel));
  ConvokeRecord *record;

  if (convoke_check_forked (error))
    return;

  record = convoke_call_dup_record (CONVOKE_CALL (cancel));
  if (record == NULL)
    {
      if (!has (priv, STARTING))
        g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "No call is in progress");
      else if (has (priv, CANCEL_EARLY))
        g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "Cancelling was requested");
      else
        g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "A begin is under way");
      return;
    }

  convoke_record_set_test_cancel (record, error);
  convoke_record_unref (record);
}

static void
convoke_call_cancel_init (ConvokeCancelMethodCallsInterface *iface)
{
  iface->cancel = convoke_call_cancel_method;
  iface->test_cancel = convoke_call_test_cancel;
}

/* --- getters --- */

/* What is called can be a stand-in for an object elsewhere, which is nothing for users. */
static GObject *
dup_public_object (ConvokeCallPrivate *priv)
{
  if (priv->object == NULL)
    return NULL;

  return convoke_hooks.dup_public != NULL ? convoke_hooks.dup_public (priv->object) : g_object_ref (priv->object);
}

/**
 * convoke_call_dup_object:
 * @self: a call object
 *
 * Gets the object that is called. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the object; %NULL for a component's own
 *   call object that was made without one
 *
 * Since: 0.1
 */
GObject *
convoke_call_dup_object (ConvokeCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);

  return dup_public_object (PRIVATE (self));
}

/**
 * convoke_call_get_interface:
 * @self: a call object
 *
 * Gets the interface whose methods can be begun. Any thread may call this.
 *
 * Returns: the interface's type
 *
 * Since: 0.1
 */
GType
convoke_call_get_interface (ConvokeCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), G_TYPE_INVALID);

  return PRIVATE (self)->info != NULL ? PRIVATE (self)->info->gtype : G_TYPE_INVALID;
}

/**
 * convoke_call_get_state:
 * @self: a call object
 *
 * Gets the state of the call object. Any thread may call this; another thread
 * can have changed it by the time this returns.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
ConvokeCallState
convoke_call_get_state (ConvokeCall *self)
{
  ConvokeCallPrivate *priv;
  ConvokeCallState state;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), CONVOKE_CALL_STATE_IDLE);

  priv = PRIVATE (self);
  lock (priv);
  state = state_locked (priv);
  unlock (priv);

  return state;
}

/**
 * convoke_call_set_timeout:
 * @self: a call object
 * @timeout: in microseconds; 0 for none
 *
 * Sets the deadline of the calls that are begun from now on, counted from
 * their begin. Without it a method's own `convoke.deadline-ms` counts.
 *
 * A call whose deadline passes completes with %CONVOKE_ERROR_TIMEOUT; the server
 * is told to cancel, and whatever it answers is dropped (P-6).
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_call_set_timeout (ConvokeCall *self,
                          gint64       timeout)
{
  ConvokeCallPrivate *priv;

  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (timeout >= 0);

  priv = PRIVATE (self);
  lock (priv);
  if (timeout > 0 || priv->extra != NULL)
    ensure_extra_locked (priv)->timeout = timeout;
  unlock (priv);
}

/**
 * convoke_call_get_timeout:
 * @self: a call object
 *
 * Gets what [method@Call.set_timeout] set. Any thread may call this.
 *
 * Returns: the time-out in microseconds; 0 for none
 *
 * Since: 0.1
 */
gint64
convoke_call_get_timeout (ConvokeCall *self)
{
  ConvokeCallPrivate *priv;
  gint64 timeout;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), 0);

  priv = PRIVATE (self);
  lock (priv);
  timeout = priv->extra != NULL ? priv->extra->timeout : 0;
  unlock (priv);

  return timeout;
}

/**
 * convoke_call_set_ordered:
 * @self: a call object
 * @ordered: %FALSE to give up the order
 *
 * Sets whether the calls that are begun from now on start in their order: what
 * one thread begins on one object starts as it was begun (RA-28), unless this
 * was given up, as with the option NONCAUSAL (RA-30).
 *
 * A call without order passes those that wait for the object's thread and have
 * not started, all but one, and waiting for it does not run those before it. An
 * object that runs on any thread has no line to pass: its calls are taken in
 * order and overlap.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_call_set_ordered (ConvokeCall *self,
                          gboolean     ordered)
{
  g_return_if_fail (CONVOKE_IS_CALL (self));

  convoke_call_set_record_bit (self, CONVOKE_RECORD_UNORDERED, !ordered);
}

/**
 * convoke_call_get_ordered:
 * @self: a call object
 *
 * Gets what [method@Call.set_ordered] set. Any thread may call this.
 *
 * Returns: %FALSE when the order was given up
 *
 * Since: 0.1
 */
gboolean
convoke_call_get_ordered (ConvokeCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), TRUE);

  return !(convoke_call_get_record_bits (self) & CONVOKE_RECORD_UNORDERED);
}

void
convoke_call_set_impersonation_level (ConvokeCall               *self,
                                      ConvokeImpersonationLevel  level)
{
  ConvokeCallPrivate *priv = PRIVATE (self);

  lock (priv);
  ensure_extra_locked (priv)->level = level;
  unlock (priv);
}

ConvokeImpersonationLevel
convoke_call_get_impersonation_level (ConvokeCall *self)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeImpersonationLevel level;

  lock (priv);
  level = priv->extra != NULL ? priv->extra->level : 0;
  unlock (priv);

  return level != 0 ? level : CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE;
}

void
convoke_call_set_record_bit (ConvokeCall *self,
                             gint         bit,
                             gboolean     set)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  ConvokeCallExtra *extra;

  lock (priv);
  extra = ensure_extra_locked (priv);
  extra->record_bits = set ? extra->record_bits | bit : extra->record_bits & ~bit;
  unlock (priv);
}

gint
convoke_call_get_record_bits (ConvokeCall *self)
{
  ConvokeCallPrivate *priv = PRIVATE (self);
  gint bits;

  lock (priv);
  bits = priv->extra != NULL ? priv->extra->record_bits : 0;
  unlock (priv);

  return bits;
}

void
convoke_call_add_observer (ConvokeCall                    *self,
                           const ConvokeCallObserverFuncs *funcs,
                           gpointer                        data)
{
  convoke_call_notify_add_observer (convoke_call_ensure_notify (self), funcs, data);
}

gboolean
convoke_call_has_observer (ConvokeCall                    *self,
                           const ConvokeCallObserverFuncs *funcs,
                           GEqualFunc                      fits,
                           gconstpointer                   what)
{
  return convoke_call_notify_has_observer (convoke_call_ensure_notify (self), funcs, fits, what);
}

gboolean
convoke_call_check_timeout (gint64   timeout,
                            GError **error)
{
  if (timeout >= 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "A deadline in %" G_GINT64_FORMAT " microseconds; 0 is none", timeout);
  return FALSE;
}

/**
 * convoke_call_check_status:
 * @self: a call object
 * @error: return location for an error, or %NULL
 *
 * Tells how the call stands, and never ends it (RA-10).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_CALL_PENDING while the
 * call is in progress, with %CONVOKE_ERROR_HANDLE_IDLE when none is, and, once
 * it has ended, as finish will.
 *
 * Returns: %TRUE when the call has ended well and waits to be finished
 *
 * Since: 0.1
 */
gboolean
convoke_call_check_status (ConvokeCall  *self,
                           GError      **error)
{
  ConvokeCallPrivate *priv;
  ConvokeCallState state;
  ConvokeRecord *record = NULL;
  gboolean well = FALSE;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);

  priv = PRIVATE (self);
  lock (priv);
  state = state_locked (priv);
  if (state == CONVOKE_CALL_STATE_SIGNALED && priv->record != NULL)
    record = convoke_record_ref (priv->record);
  unlock (priv);

  if (record != NULL)
    {
      well = succeeded (record, error);
      convoke_record_unref (record);
    }
  else if (state == CONVOKE_CALL_STATE_PENDING)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "The call is in progress");
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_IDLE, "No call is in progress");

  return well;
}

/* --- making --- */

static gboolean
check_interface (GType    iface,
                 GError **error)
{
  if (G_TYPE_IS_INTERFACE (iface))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s is not an interface",
               iface != 0 && g_type_name (iface) != NULL ? g_type_name (iface) : "The type");
  return FALSE;
}

/* From now on at the latest the object belongs to an apartment. */
static void
bind_object (ConvokeCallPrivate *priv)
{
  g_object_unref (convoke_apartment_dup_for_object (priv->object));
}

static void
set_target (ConvokeCall                *self,
            GObject                    *object,
            const ConvokeInterfaceInfo *info)
{
  ConvokeCallPrivate *priv = PRIVATE (self);

  priv->info = info;
  priv->object = g_object_ref (object);
  bind_object (priv);
}

ConvokeCall *
convoke_call_new_own (GObject                    *source,
                      const ConvokeInterfaceInfo *info)
{
  ConvokeCall *self = g_object_new (CONVOKE_TYPE_CALL, NULL);

  PRIVATE (self)->info = info;
  PRIVATE (self)->object = source != NULL ? g_object_ref (source) : NULL;

  return self;
}

ConvokeCall *
convoke_call_new_plain (GObject             *object,
                        GType                iface,
                        guint                since,
                        GObject             *server_object,
                        ConvokeSynchronize  *sink,
                        GError             **error)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (iface, error);
  ConvokeCall *self;

  if (info == NULL)
    return NULL;
  if (info->refusal != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s cannot be called: %s",
                   info->name, info->refusal);
      return NULL;
    }

  self = g_object_new (since != 0 ? convoke_marshaled_call_get_type () : CONVOKE_TYPE_CALL, NULL);
  set_target (self, object, info);
  PRIVATE (self)->since = since;
  if (server_object != NULL)
    ensure_extra (PRIVATE (self))->server_object = g_object_ref (server_object);
  if (sink != NULL)
    convoke_call_ensure_notify (self)->sink = g_object_ref (sink);

  return self;
}

/* The outer owns the call object, which owns the object and the sink. */
static gboolean
check_outer (GObject             *outer,
             GObject             *object,
             ConvokeSynchronize  *sink,
             GError             **error)
{
  if (outer == NULL)
    return TRUE;

  if (!CONVOKE_IS_COMPONENT (outer))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "%s can have no parts: it is no ConvokeComponent", G_OBJECT_TYPE_NAME (outer));
  else if (convoke_same_object (outer, object))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "A call object is no part of what it calls, since it keeps this %s", G_OBJECT_TYPE_NAME (outer));
  else if (sink != NULL && convoke_same_object (outer, G_OBJECT (sink)))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "A call object is no part of its sink, since it keeps this %s", G_OBJECT_TYPE_NAME (outer));
  else
    return TRUE;

  return FALSE;
}

gboolean
convoke_call_check_connected (ConvokeCall  *self,
                              GError      **error)
{
  return convoke_disconnection_check (PRIVATE (self)->object, PRIVATE (self)->since, error);
}

static ConvokeCall *
new_for_target (GObject             *target,
                GType                iface,
                guint                since,
                ConvokeSynchronize  *sink,
                GError             **error)
{
  g_autoptr (GObject) server_object = NULL;

  if (CONVOKE_IS_CALL_FACTORY (target) &&
      !convoke_call_factory_make_server_object (target, iface, &server_object, error))
    return NULL;

  return convoke_call_new_plain (target, iface, since, server_object, sink, error);
}

/* FALSE: @object is a proxy of nothing. */
static gboolean
find_target (GObject  *object,
             GObject **target,
             guint    *since,
             GError  **error)
{
  g_autoptr (GError) local_error = NULL;

  *since = 0;
  *target = convoke_hooks.dup_target != NULL ? convoke_hooks.dup_target (object, since, &local_error) : NULL;
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What @object is a proxy of is called itself. */
static ConvokeCall *
new_call (GObject             *object,
          GType                iface,
          ConvokeSynchronize  *sink,
          GError             **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  ConvokeCall *call;
  GObject *target;
  guint since;

  if (!find_target (object, &target, &since, error))
    return NULL;
  if (target == NULL)
    return new_for_target (object, iface, 0, sink, error);

  apartment = convoke_apartment_dup_for_object (target);
  call = new_for_target (target, iface, since, sink, error);
  convoke_apartment_release (apartment, target);
  return call;
}

/**
 * convoke_create_call_full:
 * @object: the object to call; a proxy will do
 * @iface: one of its interfaces
 * @outer: (nullable): an aggregate that reserved [iface@Synchronize],
 *   [iface@SynchronizeHandle] or [iface@CancelMethodCalls] and gets them from the
 *   call object, which becomes a part of it (CF-8)
 * @sink: (nullable): reset by each begin and signalled by each completion, on
 *   the thread where it happens (CF-26)
 * @error: return location for an error, or %NULL
 *
 * Makes a call object with a completion sink; see [func@Convoke.create_call].
 *
 * @sink may be dropped from inside of its own signal. It must not keep the
 * call object (CF-28). A reset that fails makes begin fail (CF-27); what its
 * signal answers changes nothing, because the call has completed (P-4).
 *
 * It is told just after those who wait: a thread that learned of a completion by
 * waiting, and begins again at once, can reset @sink before the signal of the
 * call before comes. Learn of completions in one way only.
 *
 * What is begun and finished is the call object; whoever has @outer can wait for
 * it and cancel it. @outer keeps the call object.
 *
 * Fails as [func@Convoke.create_call]. Of @outer fails with
 * %CONVOKE_ERROR_INVALID_ARGUMENT when it is no aggregate, is @object itself or
 * is @sink, which the call object keeps; and with %CONVOKE_ERROR_NO_INTERFACE
 * when it reserved none of these interfaces, or another part gives them.
 *
 * Returns: (transfer full): a call object that is idle
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_create_call_full (GObject             *object,
                          GType                iface,
                          GObject             *outer,
                          ConvokeSynchronize  *sink,
                          GError             **error)
{
  g_autoptr (GObject) outermost = NULL;
  g_autoptr (GObject) facet = NULL;
  g_autoptr (ConvokeCall) call = NULL;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (outer == NULL || G_IS_OBJECT (outer), NULL);
  g_return_val_if_fail (sink == NULL || CONVOKE_IS_SYNCHRONIZE (sink), NULL);

  if (convoke_check_forked (error) || !check_interface (iface, error))
    return NULL;
  if (!check_outer (outer, object, sink, error))
    return NULL;

  outermost = convoke_component_dup_outermost (object);
  if (outermost != NULL)
    object = outermost;

  facet = convoke_query_interface (object, iface, error);
  if (facet == NULL)
    return NULL;

  call = new_call (object, iface, sink, error);
  if (call != NULL && outer != NULL && !convoke_component_fill (CONVOKE_COMPONENT (outer), G_OBJECT (call), error))
    return NULL;

  return g_steal_pointer (&call);
}

/**
 * convoke_create_call:
 * @object: the object to call; a proxy will do
 * @iface: one of its interfaces
 * @error: return location for an error, or %NULL
 *
 * Makes a call object for one interface of an object, wherever the object
 * lives (P-5). Each call object is independent: N calls in flight need N of
 * them (CF-9).
 *
 * An object that Convoke sees for the first time here is bound to an apartment;
 * see [func@Apartment.dup_for_object].
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NO_INTERFACE,
 * %CONVOKE_ERROR_NO_TYPELIB, and with %CONVOKE_ERROR_NOT_SUPPORTED for an
 * interface that no proxy can exist for.
 *
 * Returns: (transfer full): a call object that is idle
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_create_call (GObject  *object,
                     GType     iface,
                     GError  **error)
{
  return convoke_create_call_full (object, iface, NULL, NULL, error);
}

static void
convoke_call_dispose (GObject *object)
{
  ConvokeCallPrivate *priv = PRIVATE (CONVOKE_CALL (object));
  ConvokeCallNotify *notify = get_notify (priv);
  ConvokeRecord *record;

  /* In a forked child another thread of the parent may hold the locks for ever: what they guard is left alone. */
  if (convoke_check_forked (NULL))
    {
      G_OBJECT_CLASS (convoke_call_parent_class)->dispose (object);
      return;
    }

  lock (priv);
  record = g_steal_pointer (&priv->record);
  change_locked (priv, 0, BUSY);
  unlock (priv);

  /* From here on nobody can be told about this object, so nobody can take a reference to it. */
  if (record != NULL)
    {
      convoke_record_detach (record);
      convoke_record_unref (record);
    }
  if (notify != NULL)
    convoke_call_notify_forget_call (notify);

  G_OBJECT_CLASS (convoke_call_parent_class)->dispose (object);
}

static void
convoke_call_finalize (GObject *object)
{
  ConvokeCallPrivate *priv = PRIVATE (CONVOKE_CALL (object));

  if (priv->extra != NULL)
    {
      g_clear_pointer (&priv->extra->notify, convoke_call_notify_unref);
      g_clear_object (&priv->extra->server_object);
      g_clear_pointer (&priv->extra, g_free);
    }
  if (priv->object != NULL)
    {
      g_autoptr (ConvokeApartment) apartment = dup_apartment (priv);

      convoke_apartment_release (apartment, priv->object);
    }
  convoke_event_core_clear (&priv->view.event);

  G_OBJECT_CLASS (convoke_call_parent_class)->finalize (object);
}

static void
convoke_call_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ConvokeCallPrivate *priv = PRIVATE (CONVOKE_CALL (object));

  switch (prop_id)
    {
    case PROP_OBJECT:
      priv->object = g_value_dup_object (value);
      if (priv->object != NULL)
        bind_object (priv);
      break;

    case PROP_INTERFACE:
      if (G_TYPE_IS_INTERFACE (g_value_get_gtype (value)))
        priv->info = convoke_interface_info_lookup (g_value_get_gtype (value), NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
convoke_call_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ConvokeCallPrivate *priv = PRIVATE (CONVOKE_CALL (object));

  switch (prop_id)
    {
    case PROP_OBJECT:
      g_value_take_object (value, dup_public_object (priv));
      break;

    case PROP_INTERFACE:
      g_value_set_gtype (value, priv->info != NULL ? priv->info->gtype : G_TYPE_NONE);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
convoke_call_class_init (ConvokeCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = convoke_call_dispose;
  object_class->finalize = convoke_call_finalize;
  object_class->set_property = convoke_call_set_property;
  object_class->get_property = convoke_call_get_property;

  /**
   * ConvokeCall:object: (getter dup_object)
   *
   * The object that is called.
   *
   * Since: 0.1
   */
  props[PROP_OBJECT] = g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, flags);

  /**
   * ConvokeCall:interface: (getter get_interface)
   *
   * The interface whose methods can be begun.
   *
   * Since: 0.1
   */
  props[PROP_INTERFACE] = g_param_spec_gtype ("interface", NULL, NULL, G_TYPE_NONE, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_call_init (ConvokeCall *self)
{
  ConvokeCallPrivate *priv = PRIVATE (self);

  convoke_fork_init ();
  priv->view.funcs = &call_view_funcs;
  convoke_event_core_init (&priv->view.event);
}
