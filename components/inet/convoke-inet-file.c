/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What all services' files have in common: one operation at a time, which is
 * one of the handle's, and bytes in both directions.
 *
 * An operation that cannot be done at once waits. When its exchange has moved,
 * the loop's thread looks whether what is waited for is there, and ends the
 * operation. Whoever takes it out of its place ends it: the loop's thread, or
 * the thread that cancelled.
 */

#include "convoke-inet-file-private.h"

typedef struct
{
  ConvokeInetWait    wait;
  ConvokeServerCall *call;         /* (owned) */
  GCancellable      *cancellable;  /* (owned) */
  gulong             cancelled_id;
  gsize              count;        /* bytes to read at most */
  GBytes            *bytes;        /* (owned) (nullable) to write */
} Operation;

typedef struct
{
  ConvokeInetMulti    *multi;      /* (owned) fixed when it is made */
  GMutex               lock;
  Operation            operation;  /* LOCK: lock */
  ConvokeInetExchange *exchange;   /* (owned) (nullable); LOCK: lock */
} ConvokeInetFilePrivate;

/**
 * ConvokeInetFile:
 *
 * What bytes are read from and written to: a request of HTTP now, and later a
 * file of FTP or Gopher (WI-1).
 *
 * The answer is read ahead to at most 256 KiB; when nobody reads, the server
 * waits. Any thread may use a file, but one operation is pending at a time; a
 * second one fails with %CONVOKE_ERROR_CALL_PENDING (WI-18).
 *
 * Since: 0.1
 */
G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ConvokeInetFile, convoke_inet_file, CONVOKE_TYPE_HANDLE)

static ConvokeInetFilePrivate *
get_private (ConvokeInetFile *self)
{
  return convoke_inet_file_get_instance_private (self);
}

static const ConvokeInetFileFuncs *
get_funcs (ConvokeInetFile *self)
{
  return CONVOKE_INET_FILE_GET_CLASS (self)->funcs;
}

void
convoke_inet_file_class_set_funcs (ConvokeInetFileClass       *klass,
                                   const ConvokeInetFileFuncs *funcs)
{
  klass->funcs = (gpointer) funcs;
}

gboolean
convoke_inet_check_kind (gpointer   handle,
                         GType      type,
                         GError   **error)
{
  if (convoke_inet_check_forked (error))
    return FALSE;
  if (G_TYPE_CHECK_INSTANCE_TYPE (handle, type))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_TYPE, "The handle is a %s; this takes a %s",
               G_OBJECT_TYPE_NAME (handle), g_type_name (type));
  return FALSE;
}

/* --- exchanges --- */

ConvokeInetExchange *
convoke_inet_file_dup_exchange (ConvokeInetFile *self)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  ConvokeInetExchange *exchange;

  g_mutex_lock (&priv->lock);
  exchange = priv->exchange != NULL ? convoke_inet_exchange_ref (priv->exchange) : NULL;
  g_mutex_unlock (&priv->lock);

  return exchange;
}

void
convoke_inet_file_drop_exchange (ConvokeInetFile *self)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  g_autoptr (ConvokeInetExchange) old = NULL;

  g_mutex_lock (&priv->lock);
  old = g_steal_pointer (&priv->exchange);
  g_mutex_unlock (&priv->lock);

  /* What is stopped midway takes its connection along (WI-31). */
  if (old != NULL && convoke_inet_exchange_stop (old))
    {
      convoke_handle_notify (CONVOKE_HANDLE (self), CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION, NULL);
      convoke_handle_notify (CONVOKE_HANDLE (self), CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED, NULL);
    }
}

gboolean
convoke_inet_file_start_exchange (ConvokeInetFile     *self,
                                  ConvokeInetExchange *exchange)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  gboolean wanted;

  g_mutex_lock (&priv->lock);
  wanted = priv->operation.wait != CONVOKE_INET_WAIT_NONE;
  if (wanted)
    priv->exchange = convoke_inet_exchange_ref (exchange);
  g_mutex_unlock (&priv->lock);

  if (wanted)
    convoke_inet_exchange_start (exchange);
  return wanted;
}

void
convoke_inet_file_set_multi (ConvokeInetFile  *self,
                             ConvokeInetMulti *multi)
{
  get_private (self)->multi = convoke_inet_multi_ref (multi);
}

ConvokeInetMulti *
convoke_inet_file_get_multi (ConvokeInetFile *self)
{
  return get_private (self)->multi;
}

gboolean
convoke_inet_file_is_current (ConvokeInetFile     *self,
                              ConvokeInetExchange *exchange)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  gboolean current;

  g_mutex_lock (&priv->lock);
  current = priv->exchange == exchange;
  g_mutex_unlock (&priv->lock);

  return current;
}

/* --- the pending operation --- */

static Operation
take_operation_locked (ConvokeInetFilePrivate *priv)
{
  Operation operation = priv->operation;

  priv->operation = (Operation) { CONVOKE_INET_WAIT_NONE };
  return operation;
}

static void
operation_clear (Operation *self)
{
  if (self->cancelled_id != 0)
    g_signal_handler_disconnect (self->cancellable, self->cancelled_id);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->call);
}

static void
end_with_error (Operation    *operation,
                const GError *error)
{
  convoke_server_call_abort (operation->call, error, NULL);
  operation_clear (operation);
}

static void
end_cancelled (Operation *operation)
{
  g_autoptr (GError) error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The operation was cancelled");

  end_with_error (operation, error);
}

static void
abandon (ConvokeInetFile *self,
         GCancellable    *cancellable)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  Operation operation = { CONVOKE_INET_WAIT_NONE };

  g_mutex_lock (&priv->lock);
  if (priv->operation.cancellable == cancellable)
    operation = take_operation_locked (priv);
  g_mutex_unlock (&priv->lock);

  if (operation.wait == CONVOKE_INET_WAIT_NONE)
    return;

  get_funcs (self)->abandoned (self, operation.wait);
  end_cancelled (&operation);
}

/*
 * What is pending does not keep the file: who drops that closes it. But for the
 * one operation whose result is the file.
 */
typedef struct
{
  GWeakRef         file;
  ConvokeInetFile *kept;  /* (owned) (nullable) */
} Watch;

static void
watch_free (gpointer  data,
            GClosure *closure)
{
  Watch *watch = data;

  g_weak_ref_clear (&watch->file);
  g_clear_object (&watch->kept);
  g_free (watch);
}

/* Its deadline came, somebody cancelled it, or the handle was closed. */
static void
cancelled_cb (GCancellable *cancellable,
              Watch        *watch)
{
  g_autoptr (ConvokeInetFile) self = g_weak_ref_get (&watch->file);

  if (self != NULL)
    abandon (self, cancellable);
}

static gulong
connect_watch (ConvokeInetFile *self,
               GCancellable    *cancellable,
               ConvokeInetWait  wait)
{
  Watch *watch = g_new0 (Watch, 1);

  g_weak_ref_init (&watch->file, self);
  watch->kept = wait == CONVOKE_INET_WAIT_HANDLE ? g_object_ref (self) : NULL;
  return g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb), watch, watch_free, 0);
}

/* A blocked call on the thread that is to end it would wait for ever. */
static gboolean
check_thread (ConvokeInetFile  *self,
              GError          **error)
{
  ConvokeHandle *handle = CONVOKE_HANDLE (self);

  if (!convoke_inet_loop_is_own_thread () ||
      (convoke_handle_get_asynchronous (handle) && convoke_handle_get_context (handle) != 0))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK,
                       "The thread that moves the bytes cannot wait for them: use an asynchronous handle with a context here");
  return FALSE;
}

static void
watch_cancel (ConvokeInetFile *self,
              GCancellable    *cancellable,
              ConvokeInetWait  wait)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  gulong id = connect_watch (self, cancellable, wait);
  gboolean ours;

  g_mutex_lock (&priv->lock);
  ours = priv->operation.cancellable == cancellable;
  if (ours)
    priv->operation.cancelled_id = id;
  g_mutex_unlock (&priv->lock);

  if (!ours)
    g_signal_handler_disconnect (cancellable, id);
  else if (g_cancellable_is_cancelled (cancellable))
    abandon (self, cancellable);
}

static gboolean
place_operation (ConvokeInetFile    *self,
                 Operation          *operation,
                 GError            **error)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  gboolean free;

  g_mutex_lock (&priv->lock);
  free = priv->operation.wait == CONVOKE_INET_WAIT_NONE;
  if (free)
    priv->operation = *operation;
  g_mutex_unlock (&priv->lock);

  if (!free)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "Another operation is pending on the handle");
  return free;
}

/* Waits for what @operation says, as @call; takes over what it holds, also on failure. */
static gboolean
wait_as (ConvokeInetFile    *self,
         ConvokeServerCall  *call,
         Operation           operation,
         GError            **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (call);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);

  operation.call = g_object_ref (call);
  operation.cancellable = g_object_ref (cancellable);
  if (!place_operation (self, &operation, error))
    {
      operation_clear (&operation);
      return FALSE;
    }

  watch_cancel (self, cancellable, operation.wait);
  return TRUE;
}

/* The handle was free for it and the file was not: a read that blocks goes on there. */
static void
give_up (ConvokeInetFile   *self,
         ConvokeServerCall *call,
         const GError      *error)
{
  g_auto (GValue) result = G_VALUE_INIT;

  convoke_server_call_abort (call, error, NULL);
  convoke_handle_run (CONVOKE_HANDLE (self), call, &result, NULL);
}

static gboolean
begin (ConvokeInetFile    *self,
       const char         *name,
       Operation           operation,
       ConvokeServerCall **call,
       GError            **error)
{
  GError *failure = NULL;

  *call = NULL;
  if (check_thread (self, error))
    *call = convoke_handle_begin_operation (CONVOKE_HANDLE (self), name, error);
  if (*call == NULL)
    {
      g_clear_pointer (&operation.bytes, g_bytes_unref);
      return FALSE;
    }
  if (wait_as (self, *call, operation, &failure))
    return TRUE;

  give_up (self, g_steal_pointer (call), failure);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
convoke_inet_file_begin (ConvokeInetFile    *self,
                         ConvokeInetWait     wait,
                         const char         *name,
                         ConvokeServerCall **operation,
                         GError            **error)
{
  return begin (self, name, (Operation) { .wait = wait }, operation, error);
}

/* --- what is waited for --- */

static gboolean
try_bytes (ConvokeInetExchange  *exchange,
           gsize                 count,
           GValue               *result,
           GError              **error)
{
  GBytes *bytes;

  if (!convoke_inet_exchange_read (exchange, count, &bytes, error))
    return FALSE;

  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, bytes);
  return TRUE;
}

static gboolean
try_available (ConvokeInetExchange  *exchange,
               GValue               *result,
               GError              **error)
{
  gsize available;

  if (!convoke_inet_exchange_query (exchange, &available, error))
    return FALSE;

  g_value_init (result, G_TYPE_UINT64);
  g_value_set_uint64 (result, available);
  return TRUE;
}

static gboolean
try_room (ConvokeInetFile      *self,
          ConvokeInetExchange  *exchange,
          GBytes               *bytes,
          GValue               *result,
          GError              **error)
{
  if (!convoke_inet_exchange_write (exchange, bytes, error))
    return FALSE;

  get_funcs (self)->wrote (self, g_bytes_get_size (bytes));
  g_value_init (result, G_TYPE_UINT64);
  g_value_set_uint64 (result, g_bytes_get_size (bytes));
  return TRUE;
}

/* Under the lock. */
static gboolean
try_operation (ConvokeInetFile      *self,
               const Operation      *operation,
               ConvokeInetExchange  *exchange,
               GValue               *result,
               GError              **error)
{
  switch (operation->wait)
    {
    case CONVOKE_INET_WAIT_BYTES:
      return try_bytes (exchange, operation->count, result, error);
    case CONVOKE_INET_WAIT_AVAILABLE:
      return try_available (exchange, result, error);
    case CONVOKE_INET_WAIT_ROOM:
      return try_room (self, exchange, operation->bytes, result, error);
    default:
      return get_funcs (self)->check_wait (self, exchange, operation->wait, result, error);
    }
}

static gboolean
is_reading (ConvokeInetWait wait)
{
  return wait == CONVOKE_INET_WAIT_BYTES || wait == CONVOKE_INET_WAIT_AVAILABLE;
}

static gsize
count_received (const GValue *result)
{
  return G_VALUE_HOLDS (result, G_TYPE_BYTES) ? g_bytes_get_size (g_value_get_boxed (result)) : g_value_get_uint64 (result);
}

static void
end_with_result (ConvokeInetFile *self,
                 Operation       *operation,
                 GValue          *result)
{
  if (is_reading (operation->wait))
    convoke_inet_file_tell_number (self, CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED, count_received (result));

  convoke_server_call_complete_operation (operation->call, result, NULL);
  operation_clear (operation);
}

/* What needs no exchange is a service's own. */
static gboolean
can_try_locked (ConvokeInetFilePrivate *priv)
{
  return priv->operation.wait >= CONVOKE_INET_WAIT_SENT ||
         (priv->operation.wait != CONVOKE_INET_WAIT_NONE && priv->exchange != NULL);
}

/* Takes the operation out when it can end. Nothing that is tried runs foreign code. */
static gboolean
take_ended (ConvokeInetFile  *self,
            Operation        *operation,
            GValue           *result,
            GError          **error)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  gboolean ended = FALSE;

  g_mutex_lock (&priv->lock);
  if (can_try_locked (priv))
    ended = try_operation (self, &priv->operation, priv->exchange, result, error) || *error != NULL;
  if (ended)
    *operation = take_operation_locked (priv);
  g_mutex_unlock (&priv->lock);

  return ended;
}

void
convoke_inet_file_serve (ConvokeInetFile *self)
{
  g_auto (GValue) result = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  Operation operation;

  if (!take_ended (self, &operation, &result, &error))
    return;

  if (error != NULL)
    end_with_error (&operation, error);
  else
    end_with_result (self, &operation, &result);
}

/* --- telling --- */

void
convoke_inet_file_tell_number (ConvokeInetFile     *self,
                               ConvokeHandleStatus  status,
                               guint64              number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT64);
  g_value_set_uint64 (&value, number);
  convoke_handle_notify (CONVOKE_HANDLE (self), status, &value);
}

static void
tell_text (ConvokeInetFile     *self,
           ConvokeHandleStatus  status,
           const char          *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  convoke_handle_notify (CONVOKE_HANDLE (self), status, &value);
}

static ConvokeCallContext *
dup_operation_context (ConvokeInetFile *self)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  g_autoptr (ConvokeServerCall) call = NULL;

  g_mutex_lock (&priv->lock);
  g_set_object (&call, priv->operation.call);
  g_mutex_unlock (&priv->lock);

  return call != NULL ? convoke_server_call_dup_context (call) : NULL;
}

/* Through the pending operation's call, which tells all its views; without one to the callback. */
static void
tell_progress (ConvokeInetFile *self,
               guint64          done,
               guint64          total)
{
  g_autoptr (ConvokeCallContext) context = dup_operation_context (self);
  g_auto (GValue) value = G_VALUE_INIT;

  if (context != NULL)
    {
      convoke_call_context_report_amount (context, done, total, "bytes");
      return;
    }

  /* WI-12: who blocks is told on its own thread, which is not here between two operations. */
  if (!convoke_handle_get_asynchronous (CONVOKE_HANDLE (self)))
    return;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, g_variant_new ("(tt)", done, total));
  convoke_handle_notify (CONVOKE_HANDLE (self), CONVOKE_HANDLE_STATUS_PROGRESS, &value);
}

void
convoke_inet_file_tell (ConvokeInetFile       *self,
                        const ConvokeInetNews *news)
{
  switch (news->status)
    {
    case CONVOKE_HANDLE_STATUS_PROGRESS:
      tell_progress (self, news->number, news->total);
      break;
    case CONVOKE_HANDLE_STATUS_REQUEST_SENT:
    case CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED:
    case CONVOKE_HANDLE_STATUS_INTERMEDIATE_RESPONSE:
      convoke_inet_file_tell_number (self, news->status, news->number);
      break;
    default:
      if (news->text != NULL)
        tell_text (self, news->status, news->text);
      else
        convoke_handle_notify (CONVOKE_HANDLE (self), news->status, NULL);
      break;
    }
}

/* --- reading and writing --- */

/* Open, free, and in a state to do it. */
static gboolean
check_reading (ConvokeInetFile  *self,
               GError          **error)
{
  return convoke_inet_check_kind (self, CONVOKE_INET_TYPE_FILE, error) &&
         convoke_handle_check_idle (CONVOKE_HANDLE (self), error) &&
         get_funcs (self)->check_readable (self, error);
}

static gboolean
try_free_locked (ConvokeInetFile  *self,
                 const Operation  *operation,
                 GValue           *result,
                 GError          **error)
{
  ConvokeInetFilePrivate *priv = get_private (self);

  if (priv->operation.wait != CONVOKE_INET_WAIT_NONE)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "Another operation is pending on the handle");
  else if (priv->exchange == NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE, "The handle was closed");
  else
    return try_operation (self, operation, priv->exchange, result, error);

  return FALSE;
}

static ConvokeHandleOutcome
try_now (ConvokeInetFile  *self,
         const Operation  *operation,
         GValue           *result,
         GError          **error)
{
  ConvokeInetFilePrivate *priv = get_private (self);
  GError *failure = NULL;
  gboolean done;

  g_mutex_lock (&priv->lock);
  done = try_free_locked (self, operation, result, &failure);
  g_mutex_unlock (&priv->lock);

  if (done)
    return CONVOKE_HANDLE_OUTCOME_DONE;
  if (failure == NULL)
    return CONVOKE_HANDLE_OUTCOME_PENDING;

  g_propagate_error (error, failure);
  return CONVOKE_HANDLE_OUTCOME_FAILED;
}

static void
poke_cb (gpointer data)
{
  g_autoptr (ConvokeInetFile) self = data;

  convoke_inet_file_serve (self);
}

void
convoke_inet_file_poke (ConvokeInetFile *self)
{
  convoke_inet_loop_put (convoke_inet_multi_get_loop (get_private (self)->multi), poke_cb, g_object_ref (self));
}

/* At once where it can be, else as an operation of the handle (WI-29). */
static ConvokeHandleOutcome
do_or_wait (ConvokeInetFile  *self,
            const char       *name,
            Operation         operation,
            GValue           *result,
            GError          **error)
{
  g_autoptr (ConvokeServerCall) call = NULL;
  ConvokeHandleOutcome outcome = try_now (self, &operation, result, error);

  if (outcome != CONVOKE_HANDLE_OUTCOME_PENDING)
    {
      g_clear_pointer (&operation.bytes, g_bytes_unref);
      return outcome;
    }
  if (!begin (self, name, operation, &call, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  if (is_reading (operation.wait))
    convoke_handle_notify (CONVOKE_HANDLE (self), CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE, NULL);
  convoke_inet_file_poke (self);
  return convoke_handle_run (CONVOKE_HANDLE (self), g_steal_pointer (&call), result, error);
}

/* Blocks in an asynchronous session: an operation that the handle does not know, and so tells nobody of. */
static ConvokeHandleOutcome
wait_here (ConvokeInetFile  *self,
           const char       *name,
           Operation         operation,
           GValue           *result,
           GError          **error)
{
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (G_OBJECT (self), name);
  g_autoptr (ConvokeServerCall) server_call = NULL;
  gint64 timeout = convoke_handle_get_timeout (CONVOKE_HANDLE (self));

  if (timeout > 0)
    convoke_call_set_timeout (call, timeout);
  server_call = convoke_call_begin_operation (call, error);
  if (server_call == NULL || !wait_as (self, server_call, operation, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  g_clear_object (&server_call);
  convoke_inet_file_poke (self);
  if (!convoke_call_wait (call, -1, error) || !convoke_call_finish_operation (call, result, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  return CONVOKE_HANDLE_OUTCOME_DONE;
}

static ConvokeHandleOutcome
do_or_block (ConvokeInetFile  *self,
             const char       *name,
             Operation         operation,
             GValue           *result,
             GError          **error)
{
  ConvokeHandleOutcome outcome = try_now (self, &operation, result, error);

  if (outcome != CONVOKE_HANDLE_OUTCOME_PENDING)
    return outcome;
  if (convoke_inet_loop_is_own_thread ())
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK, "The thread that moves the bytes cannot wait for them");
      return CONVOKE_HANDLE_OUTCOME_FAILED;
    }

  return wait_here (self, name, operation, result, error);
}

/**
 * convoke_inet_file_read:
 * @self: a file
 * @count: how many bytes to read at most, not 0
 * @bytes: (out) (optional) (nullable) (transfer full): what was read, empty at
 *   the end; %NULL while it is pending, and after a failure
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reads what there is; WinINet's `InternetReadFile`.
 *
 * Bytes that have come are given at once and nobody is told, also on an
 * asynchronous handle (WI-29). Where none have come the operation is pending,
 * and its result is a `GBytes`; on a synchronous handle the thread blocks. It
 * ends with the first bytes, not when all of @count are there: read until the
 * bytes are empty, which is the end.
 *
 * When an answer broke off, what came of it is read first, then it fails:
 * %CONVOKE_ERROR_DISCONNECTED: the connection broke, or ended before the
 * announced length; %CONVOKE_ERROR_PROTOCOL: it sent more than it had
 * announced. %CONVOKE_ERROR_HANDLE_STATE: there is no answer to be read (WI-38).
 *
 * Any thread may call this.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_file_read (ConvokeInetFile  *self,
                        gsize             count,
                        GBytes          **bytes,
                        GError          **error)
{
  return convoke_inet_file_read_ex (self, count, CONVOKE_INET_READ_NONE, bytes, error);
}

static ConvokeHandleOutcome
read_by_flags (ConvokeInetFile       *self,
               gsize                  count,
               ConvokeInetReadFlags   flags,
               GValue                *result,
               GError               **error)
{
  Operation operation = { .wait = CONVOKE_INET_WAIT_BYTES, .count = count };
  ConvokeHandleOutcome outcome;

  if (flags & CONVOKE_INET_READ_NO_WAIT)
    {
      outcome = try_now (self, &operation, result, error);
      return outcome == CONVOKE_HANDLE_OUTCOME_PENDING ? CONVOKE_HANDLE_OUTCOME_DONE : outcome;
    }
  if (flags & CONVOKE_INET_READ_SYNC)
    return do_or_block (self, "read", operation, result, error);

  return do_or_wait (self, "read", operation, result, error);
}

/**
 * convoke_inet_file_read_ex:
 * @self: a file
 * @count: how many bytes to read at most, not 0
 * @flags: how to read
 * @bytes: (out) (optional) (nullable) (transfer full): what was read, empty at
 *   the end; %NULL while it is pending, after a failure, and where nothing is
 *   there and nothing is waited for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Reads as [method@File.read] does, and as @flags say; WinINet's
 * `InternetReadFileEx`. With %CONVOKE_INET_READ_NO_WAIT it is done at once, with
 * %NULL when nothing has come, which is not the end. With %CONVOKE_INET_READ_SYNC
 * it blocks, and nobody is told.
 *
 * The context value is the file's own.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_file_read_ex (ConvokeInetFile       *self,
                           gsize                  count,
                           ConvokeInetReadFlags   flags,
                           GBytes               **bytes,
                           GError               **error)
{
  g_auto (GValue) result = G_VALUE_INIT;
  ConvokeHandleOutcome outcome;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);

  if (bytes != NULL)
    *bytes = NULL;
  if (count == 0)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "A read of 0 bytes would look like the end");
      return CONVOKE_HANDLE_OUTCOME_FAILED;
    }
  if (!check_reading (self, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  outcome = read_by_flags (self, count, flags, &result, error);
  if (outcome == CONVOKE_HANDLE_OUTCOME_DONE && bytes != NULL && G_VALUE_HOLDS (&result, G_TYPE_BYTES))
    *bytes = g_value_dup_boxed (&result);

  return outcome;
}

/**
 * convoke_inet_file_query_available:
 * @self: a file
 * @available: (out) (optional): how many bytes can be read at once, 0 at the end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks how much there is to read; WinINet's `InternetQueryDataAvailable`.
 *
 * Where nothing has come it is pending until something comes or the end is
 * known (WI-29); the result is an unsigned 64-bit number. It fails as
 * [method@File.read] does.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_file_query_available (ConvokeInetFile  *self,
                                   guint64          *available,
                                   GError          **error)
{
  g_auto (GValue) result = G_VALUE_INIT;
  ConvokeHandleOutcome outcome;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);

  if (available != NULL)
    *available = 0;
  if (!check_reading (self, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  outcome = do_or_wait (self, "query-available", (Operation) { .wait = CONVOKE_INET_WAIT_AVAILABLE }, &result, error);
  if (outcome == CONVOKE_HANDLE_OUTCOME_DONE && available != NULL && G_VALUE_HOLDS_UINT64 (&result))
    *available = g_value_get_uint64 (&result);

  return outcome;
}

/**
 * convoke_inet_file_write:
 * @self: a file
 * @bytes: what to write
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Writes a part of the body, after [method@Request.send_ex]; WinINet's
 * `InternetWriteFile`.
 *
 * What is taken is sent in the background and reported as
 * %CONVOKE_HANDLE_STATUS_SENDING_REQUEST and %CONVOKE_HANDLE_STATUS_REQUEST_SENT
 * (WI-24). At most 256 KiB and one more part are kept; where the server takes
 * less than is written the operation is pending until there is room, and its
 * result is the number of bytes, unsigned 64-bit.
 *
 * %CONVOKE_ERROR_HANDLE_STATE: nothing is to be written now (WI-38).
 * %CONVOKE_ERROR_INVALID_ARGUMENT: more than was announced. Otherwise it fails
 * with what the sending failed with.
 *
 * Returns: whether it is done, pending, or failed
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_inet_file_write (ConvokeInetFile  *self,
                         GBytes           *bytes,
                         GError          **error)
{
  g_auto (GValue) result = G_VALUE_INIT;
  ConvokeHandleOutcome outcome;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (bytes != NULL, CONVOKE_HANDLE_OUTCOME_FAILED);

  if (!convoke_inet_check_kind (self, CONVOKE_INET_TYPE_FILE, error) ||
      !convoke_handle_check_idle (CONVOKE_HANDLE (self), error) ||
      !get_funcs (self)->check_writable (self, g_bytes_get_size (bytes), error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  outcome = do_or_wait (self, "write", (Operation) { .wait = CONVOKE_INET_WAIT_ROOM, .bytes = g_bytes_ref (bytes) }, &result, error);
  if (outcome == CONVOKE_HANDLE_OUTCOME_DONE)
    {
      convoke_handle_notify (CONVOKE_HANDLE (self), CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL);
      convoke_inet_file_tell_number (self, CONVOKE_HANDLE_STATUS_REQUEST_SENT, g_bytes_get_size (bytes));
    }

  return outcome;
}

/* --- the class --- */

/* What is pending ends before the handle says its last word; what runs for it stops. */
static void
convoke_inet_file_closed (ConvokeHandle *handle)
{
  ConvokeInetFile *self = CONVOKE_INET_FILE (handle);
  ConvokeInetFilePrivate *priv = get_private (self);
  Operation operation;

  g_mutex_lock (&priv->lock);
  operation = take_operation_locked (priv);
  g_mutex_unlock (&priv->lock);

  if (operation.wait != CONVOKE_INET_WAIT_NONE)
    end_cancelled (&operation);
  convoke_inet_file_drop_exchange (self);

  if (CONVOKE_HANDLE_CLASS (convoke_inet_file_parent_class)->closed != NULL)
    CONVOKE_HANDLE_CLASS (convoke_inet_file_parent_class)->closed (handle);
}

static void
convoke_inet_file_finalize (GObject *object)
{
  ConvokeInetFile *self = CONVOKE_INET_FILE (object);
  ConvokeInetFilePrivate *priv = get_private (self);

  convoke_inet_file_drop_exchange (self);
  g_clear_pointer (&priv->multi, convoke_inet_multi_unref);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (convoke_inet_file_parent_class)->finalize (object);
}

static void
convoke_inet_file_class_init (ConvokeInetFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_inet_file_finalize;
  CONVOKE_HANDLE_CLASS (klass)->closed = convoke_inet_file_closed;
}

static void
convoke_inet_file_init (ConvokeInetFile *self)
{
  g_mutex_init (&get_private (self)->lock);
}
