/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A port's requests. A request is a call of the engine: what is kept beside
 * the call object is its id and the message that its end fills in. How it ends
 * is the engine's alone.
 */

#include "config.h"

#include "convoke-reply-port-private.h"

#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"

/* What TAPI says of a null pointer. */
#define INVALPOINTER ((gint32) 0x80000035u)

/* --- a call object of the request's own --- */

static void
request_completed (ConvokeCall   *call,
                   ConvokeRecord *record,
                   gpointer       data)
{
  ConvokeReplyRequest *self = data;
  ConvokeReplyMessage *message = self->message;
  g_autoptr (ConvokeCall) own = NULL;

  message->values = convoke_call_finish_values (call, convoke_record_get_method (record)->callable.name,
                                                &message->n_values, &message->error);

  g_mutex_lock (&self->core->lock);
  own = g_steal_pointer (&self->call);
  g_mutex_unlock (&self->core->lock);

  convoke_reply_core_reply (self->core, self);
}

static void
request_free (gpointer data)
{
  convoke_reply_request_unref (data);
}

static const ConvokeCallObserverFuncs request_funcs = {
  .completed = request_completed,
  .free = request_free,
};

/* Not under way after all. */
static void
give_up (ConvokeReplyRequest *request,
         gboolean             reserved)
{
  g_autoptr (ConvokeCall) call = NULL;

  g_mutex_lock (&request->core->lock);
  call = g_steal_pointer (&request->call);
  g_mutex_unlock (&request->core->lock);

  convoke_reply_core_withdraw (request->core, request, reserved);
}

/* Takes @call. */
static gint32
begin (ConvokeReplyRequest  *request,
       ConvokeCall          *call,
       const char           *method,
       const GValue         *args,
       guint                 n_args,
       gint64                timeout,
       gint32                request_id,
       GError              **error)
{
  g_autoptr (ConvokeCall) own = call;

  request->id = request_id;
  request->call = g_object_ref (call);
  convoke_call_set_timeout (call, MAX (timeout, 0));
  convoke_call_add_observer (call, &request_funcs, convoke_reply_request_ref (request));

  if (!convoke_reply_core_add (request->core, request, error) ||
      !convoke_call_begin_values (call, method, args, n_args, error))
    {
      give_up (request, request_id != 0);
      return 0;
    }

  /* A shutdown that came before the begin had nothing to cancel. */
  if (!convoke_reply_core_check (request->core, NULL))
    convoke_call_cancel (call, 0, NULL);

  return request->id;
}

/**
 * convoke_reply_port_request:
 * @self: a port
 * @object: the object to ask; a proxy will do
 * @iface: one of its interfaces
 * @method: a method of @iface, by either of its names
 * @args: (array length=n_args) (nullable): the arguments that go in, as for
 *   [method@Convoke.Call.begin]
 * @n_args: the number of values
 * @timeout: the request's deadline in microseconds from now; 0 or less for none
 * @request_id: an id from [method@ReplyPort.reserve_id], or 0 to take a new one
 * @error: return location for an error, or %NULL
 *
 * Begins a method; its end comes as a message with the id that this returns
 * (TA-1), and with its results or its error. Nothing of the arguments is needed
 * any more when this returns (TA-4).
 *
 * The message never comes from inside of this function (TA-12). Where other
 * threads take the messages, it can come before this has returned: whoever has
 * to know the id before reserves one (P-9, TA-11). An id that was reserved stays
 * so when the request fails here.
 *
 * Any thread may call this. Fails as [func@Convoke.create_call] and
 * [method@Convoke.Call.begin] do; no message comes then. Fails with
 * %CONVOKE_ERROR_SHUTDOWN, and of @request_id with %CONVOKE_ERROR_NOT_FOUND when
 * it was not reserved and with %CONVOKE_ERROR_CALL_PENDING when it is outstanding.
 *
 * Returns: the request's id, which is positive; or, with @error set, the
 *   negative number that [func@Convoke.error_to_status] has for it in TAPI;
 *   never 0
 *
 * Since: 0.1
 */
gint32
convoke_reply_port_request (ConvokeReplyPort  *self,
                            GObject           *object,
                            GType              iface,
                            const char        *method,
                            const GValue      *args,
                            guint              n_args,
                            gint64             timeout,
                            gint32             request_id,
                            GError           **error)
{
  g_autoptr (GError) local_error = NULL;
  ConvokeReplyCore *core;
  ConvokeCall *call = NULL;
  gint32 id = 0;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), INVALPOINTER);
  g_return_val_if_fail (G_IS_OBJECT (object), INVALPOINTER);
  g_return_val_if_fail (method != NULL, INVALPOINTER);
  g_return_val_if_fail (args != NULL || n_args == 0, INVALPOINTER);
  g_return_val_if_fail (error == NULL || *error == NULL, INVALPOINTER);

  core = convoke_reply_port_get_core (self);
  if (convoke_reply_core_check (core, &local_error))
    call = convoke_create_call (object, iface, &local_error);
  if (call != NULL)
    {
      ConvokeReplyRequest *request = convoke_reply_request_new (core, object);

      id = begin (request, call, method, args, n_args, timeout, request_id, &local_error);
      convoke_reply_request_unref (request);
    }

  if (id > 0)
    return id;

  id = (gint32) convoke_error_to_status (local_error, CONVOKE_ERROR_FAMILY_TAPI);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return id;
}

/* --- a call object of the program's --- */

typedef struct
{
  ConvokeReplyCore *core;      /* (owned) */
  gpointer          call;      /* what it is found by; compared, and used for nothing else */
  GSList           *requests;  /* LOCK: the core's; (owned): begun, and not told of */
  gint32            last_id;   /* LOCK: the core's; of the last that was begun, or 0 */
} Attachment;

static void
set_last_id (Attachment *self,
             gint32      id)
{
  g_mutex_lock (&self->core->lock);
  self->last_id = id;
  g_mutex_unlock (&self->core->lock);
}

static gboolean
attached_begin (ConvokeCall    *call,
                ConvokeRecord  *record,
                gpointer        data,
                GError        **error)
{
  Attachment *self = data;
  g_autoptr (GObject) object = convoke_call_dup_object (call);
  ConvokeReplyRequest *request = convoke_reply_request_new (self->core, object);

  request->record = record;
  request->call = g_object_ref (call);
  request->message->call = g_object_ref (call);

  /* A port that is shut down is in nobody's way. */
  if (!convoke_reply_core_add (self->core, request, NULL))
    {
      convoke_reply_request_unref (request);
      set_last_id (self, 0);
      return TRUE;
    }

  set_last_id (self, request->id);
  g_mutex_lock (&self->core->lock);
  self->requests = g_slist_prepend (self->requests, request);
  g_mutex_unlock (&self->core->lock);

  return TRUE;
}

/* (transfer full) (nullable) */
static ConvokeReplyRequest *
attached_steal (Attachment    *self,
                ConvokeRecord *record,
                ConvokeCall  **call)
{
  ConvokeReplyRequest *request = NULL;

  *call = NULL;

  g_mutex_lock (&self->core->lock);
  for (GSList *link = self->requests; link != NULL; link = link->next)
    if (((ConvokeReplyRequest *) link->data)->record == record)
      {
        request = link->data;
        *call = g_steal_pointer (&request->call);
        self->requests = g_slist_delete_link (self->requests, link);
        break;
      }
  g_mutex_unlock (&self->core->lock);

  return request;
}

static void
attached_withdraw (ConvokeCall   *call,
                   ConvokeRecord *record,
                   gpointer       data)
{
  Attachment *self = data;
  g_autoptr (ConvokeCall) own = NULL;
  ConvokeReplyRequest *request = attached_steal (self, record, &own);

  if (request == NULL)
    return;

  set_last_id (self, 0);
  convoke_reply_core_withdraw (self->core, request, FALSE);
  convoke_reply_request_unref (request);
}

static void
attached_completed (ConvokeCall   *call,
                    ConvokeRecord *record,
                    gpointer       data)
{
  Attachment *self = data;
  g_autoptr (ConvokeCall) own = NULL;
  ConvokeReplyRequest *request = attached_steal (self, record, &own);
  const GError *cause;

  if (request == NULL)
    return;

  cause = convoke_record_get_cause (record);
  if (cause != NULL)
    request->message->error = g_error_copy (cause);
  convoke_reply_core_reply (self->core, request);
  convoke_reply_request_unref (request);
}

static void
attached_free (gpointer data)
{
  Attachment *self = data;

  if (!convoke_check_forked (NULL))
    {
      g_mutex_lock (&self->core->lock);
      if (g_hash_table_lookup (self->core->attached, self->call) == self)
        g_hash_table_remove (self->core->attached, self->call);
      g_mutex_unlock (&self->core->lock);
    }

  convoke_reply_core_unref (self->core);
  g_free (self);
}

static const ConvokeCallObserverFuncs attached_funcs = {
  .begin = attached_begin,
  .withdraw = attached_withdraw,
  .completed = attached_completed,
  .free = attached_free,
};

static gboolean
is_of_core (gconstpointer attachment,
            gconstpointer core)
{
  return ((const Attachment *) attachment)->core == core;
}

/* Twice would be two ids for one call, of which the program could learn one. */
static gboolean
check_unattached (ConvokeReplyCore  *core,
                  ConvokeCall       *call,
                  GError           **error)
{
  if (!convoke_call_has_observer (call, &attached_funcs, is_of_core, core))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                       "The call object is attached to this port already");
  return FALSE;
}

/**
 * convoke_reply_port_attach:
 * @self: a port
 * @call: a call object that is idle
 * @error: return location for an error, or %NULL
 *
 * Has each call that is begun with @call from now on be a request of this port
 * too: it gets an id, and its end comes as a message. The message has no
 * results: [method@Convoke.ReplyMessage.dup_call] gives @call, which the
 * program finishes as ever. The other ways to learn of its end still work.
 *
 * From begin to end the port keeps @call. Its shutdown does not cancel what is
 * the program's own, and what is begun after that has no id.
 *
 * Call this before @call is shared between threads. Fails with
 * %CONVOKE_ERROR_CALL_PENDING when a call is in progress, with
 * %CONVOKE_ERROR_ALREADY_REGISTERED when @call is attached to this port, with
 * %CONVOKE_ERROR_SHUTDOWN and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when the port will be told
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_attach (ConvokeReplyPort  *self,
                           ConvokeCall       *call,
                           GError           **error)
{
  Attachment *attachment;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_CALL (call), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!convoke_reply_core_check (convoke_reply_port_get_core (self), error))
    return FALSE;
  if (convoke_call_get_state (call) != CONVOKE_CALL_STATE_IDLE)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                           "A call is in progress on this call object: finish it first");
      return FALSE;
    }
  if (!check_unattached (convoke_reply_port_get_core (self), call, error))
    return FALSE;

  attachment = g_new0 (Attachment, 1);
  attachment->core = convoke_reply_core_ref (convoke_reply_port_get_core (self));
  attachment->call = call;
  g_mutex_lock (&attachment->core->lock);
  g_hash_table_insert (attachment->core->attached, call, attachment);
  g_mutex_unlock (&attachment->core->lock);
  convoke_call_add_observer (call, &attached_funcs, attachment);

  return TRUE;
}

static gint32
find_last_id (ConvokeReplyCore *core,
              ConvokeCall      *call)
{
  Attachment *attachment;
  gint32 id;

  g_mutex_lock (&core->lock);
  attachment = g_hash_table_lookup (core->attached, call);
  id = attachment != NULL ? attachment->last_id : 0;
  g_mutex_unlock (&core->lock);

  return id;
}

/**
 * convoke_reply_port_get_attached_id:
 * @self: a port
 * @call: a call object that was attached
 *
 * Gets the id of the call in progress, or of the last one. Any thread may call
 * this.
 *
 * Returns: a positive id; 0 when @call was begun for no port, or not begun yet
 *
 * Since: 0.1
 */
gint32
convoke_reply_port_get_attached_id (ConvokeReplyPort *self,
                                    ConvokeCall      *call)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), 0);
  g_return_val_if_fail (CONVOKE_IS_CALL (call), 0);

  return convoke_check_forked (NULL) ? 0 : find_last_id (convoke_reply_port_get_core (self), call);
}

/* --- cancelling --- */

/**
 * convoke_reply_port_cancel:
 * @self: a port
 * @request_id: the id of an outstanding request
 * @grace: how long the server is granted, in microseconds; 0 gives up at once,
 *   -1 waits for the server
 * @error: return location for an error, or %NULL
 *
 * Asks for the end of a request, as [method@Convoke.Call.cancel] does. Its reply
 * comes all the same, at the latest when @grace is over: with
 * %CONVOKE_ERROR_CANCELLED unless the server's answer was first.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when no request
 * with this id is outstanding, and as [method@Convoke.Call.cancel].
 *
 * Returns: %TRUE when the cancel was sent
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_cancel (ConvokeReplyPort  *self,
                           gint32             request_id,
                           gint64             grace,
                           GError           **error)
{
  ConvokeReplyRequest *request;
  g_autoptr (ConvokeCall) call = NULL;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!convoke_reply_core_check (convoke_reply_port_get_core (self), error))
    return FALSE;

  request = convoke_reply_core_dup_request (convoke_reply_port_get_core (self), request_id, error);
  if (request == NULL)
    return FALSE;

  call = convoke_reply_request_dup_call (request);
  convoke_reply_request_unref (request);
  if (call != NULL)
    return convoke_call_cancel (call, grace, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, "The request with the id %d has completed", request_id);
  return FALSE;
}
