/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The port: where messages go, and what is open. Its requests are in
 * convoke-reply-request.c, what it knows in convoke-reply-core.c.
 */

#include "config.h"

#include "convoke-reply-port-private.h"

#include "convoke-apartment-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-hooks-private.h"
#include "convoke-reply-watch-private.h"
#include "convoke-synchronize-handle.h"
#include "convoke-unknown.h"

typedef enum
{
  BY_GET_MESSAGE,
  BY_CONTEXT,
  BY_QUEUE,
} Delivery;

struct _ConvokeReplyPort
{
  GObject           parent_instance;

  Delivery          delivery;   /* constant, as is the core */
  ConvokeReplyCore *core;       /* (owned) */
};

/**
 * ConvokeReplyPort:
 *
 * Gets replies to requests, and what components tell of their own accord, as
 * messages: TAPI's way to learn that a call is done.
 *
 * A request is any method of any component, in this process or in another,
 * begun with [method@ReplyPort.request]. It has a positive id, and exactly one
 * reply message with this id comes for it (TA-5, P-4). A component that is
 * open, see [method@ReplyPort.open], has its signals come as messages without an
 * id on the same way, in order with the replies (TA-32).
 *
 * A port delivers in one way, which is chosen when it is made (TA-17):
 *
 * - [ctor@ReplyPort.new]: [method@ReplyPort.get_message] takes them, and a
 *   descriptor is readable while there are any;
 * - [ctor@ReplyPort.new_for_context]: a function gets them in a main context;
 * - [ctor@ReplyPort.new_for_queue]: they go into a queue of the program's own.
 *
 * After [method@ReplyPort.shutdown] nothing comes any more. Dropping the last
 * reference does the same, but for what is outstanding: that is not cancelled,
 * and nobody learns of its end (P-6).
 *
 * Any thread may use a port.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeReplyPort, convoke_reply_port, G_TYPE_OBJECT)

static void
convoke_reply_port_dispose (GObject *object)
{
  ConvokeReplyPort *self = CONVOKE_REPLY_PORT (object);

  if (self->core != NULL && !convoke_check_forked (NULL))
    convoke_reply_core_shutdown (self->core, FALSE, NULL);

  G_OBJECT_CLASS (convoke_reply_port_parent_class)->dispose (object);
}

static void
convoke_reply_port_finalize (GObject *object)
{
  ConvokeReplyPort *self = CONVOKE_REPLY_PORT (object);

  g_clear_pointer (&self->core, convoke_reply_core_unref);

  G_OBJECT_CLASS (convoke_reply_port_parent_class)->finalize (object);
}

static void
convoke_reply_port_constructed (GObject *object)
{
  ConvokeReplyPort *self = CONVOKE_REPLY_PORT (object);
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autoptr (ConvokeApartment) anywhere = convoke_apartment_dup_any ();

  G_OBJECT_CLASS (convoke_reply_port_parent_class)->constructed (object);

  self->core = convoke_reply_core_new (0, queue, TRUE, anywhere);
}

static void
convoke_reply_port_class_init (ConvokeReplyPortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  convoke_fork_init ();

  object_class->constructed = convoke_reply_port_constructed;
  object_class->dispose = convoke_reply_port_dispose;
  object_class->finalize = convoke_reply_port_finalize;
}

static void
convoke_reply_port_init (ConvokeReplyPort *self)
{
}

ConvokeReplyCore *
convoke_reply_port_get_core (ConvokeReplyPort *self)
{
  return self->core;
}

/* --- making --- */

static ConvokeReplyPort *
make (Delivery           delivery,
      guint64            key,
      ConvokeReplyQueue *queue,
      ConvokeApartment  *home)
{
  ConvokeReplyPort *self = g_object_new (CONVOKE_TYPE_REPLY_PORT, NULL);

  convoke_reply_core_unref (self->core);
  self->core = convoke_reply_core_new (key, queue, delivery != BY_QUEUE, home);
  self->delivery = delivery;

  return self;
}

/**
 * convoke_reply_port_new:
 * @key: what replies are known by, or 0; see [method@Convoke.ReplyMessage.get_key]
 *
 * Makes a port whose messages are taken with [method@ReplyPort.get_message]
 * (TA-19).
 *
 * Returns: (transfer full): a port
 *
 * Since: 0.1
 */
ConvokeReplyPort *
convoke_reply_port_new (guint64 key)
{
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autoptr (ConvokeApartment) anywhere = convoke_apartment_dup_any ();

  return make (BY_GET_MESSAGE, key, queue, anywhere);
}

/* Keeps the context: what is outstanding keeps it alive. */
typedef struct
{
  ConvokeReplyFunc  func;
  gpointer          data;
  GDestroyNotify    destroy;
  GMainContext     *context;   /* (owned) */
} Handler;

static void
handler_run (ConvokeReplyMessage *message,
             gpointer             data)
{
  Handler *self = data;

  self->func (message, self->data);
}

static void
handler_free (gpointer data)
{
  Handler *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * convoke_reply_port_new_for_context:
 * @key: what replies are known by, or 0; see [method@Convoke.ReplyMessage.get_key]
 * @context: (nullable): where @func runs; %NULL means the calling thread's
 *   thread-default main context (P-11)
 * @func: (scope notified) (closure user_data) (destroy destroy): gets the messages
 * @user_data: passed to @func
 * @destroy: frees @user_data, once the port is shut down
 *
 * Makes a port whose messages are given to @func, in order, whenever @context
 * is iterated (TA-18). None comes from inside of a request, nor to the thread
 * that iterates @context before its request has returned (TA-12).
 *
 * Returns: (transfer full): a port
 *
 * Since: 0.1
 */
ConvokeReplyPort *
convoke_reply_port_new_for_context (guint64           key,
                                    GMainContext     *context,
                                    ConvokeReplyFunc  func,
                                    gpointer          user_data,
                                    GDestroyNotify    destroy)
{
  g_autoptr (ConvokeReplyQueue) queue = NULL;
  g_autoptr (ConvokeApartment) home = NULL;
  Handler *handler;

  g_return_val_if_fail (func != NULL, NULL);

  handler = g_new0 (Handler, 1);
  handler->func = func;
  handler->data = user_data;
  handler->destroy = destroy;
  handler->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();

  queue = convoke_reply_queue_new ();
  home = convoke_apartment_new_for_context (handler->context);
  convoke_reply_queue_deliver (queue, handler->context, handler_run, handler, handler_free);

  return make (BY_CONTEXT, key, queue, home);
}

/**
 * convoke_reply_port_new_for_queue:
 * @key: what replies are known by, or 0; see [method@Convoke.ReplyMessage.get_key]
 * @queue: where the messages go
 *
 * Makes a port whose messages go into a queue of the program's, from which any
 * number of threads take them (TA-21). Several ports can share one: @key tells
 * which port a reply is from. Ids of requests are each port's own.
 *
 * Returns: (transfer full): a port
 *
 * Since: 0.1
 */
ConvokeReplyPort *
convoke_reply_port_new_for_queue (guint64            key,
                                  ConvokeReplyQueue *queue)
{
  g_autoptr (ConvokeApartment) anywhere = NULL;

  g_return_val_if_fail (CONVOKE_IS_REPLY_QUEUE (queue), NULL);

  anywhere = convoke_apartment_dup_any ();
  return make (BY_QUEUE, key, queue, anywhere);
}

/**
 * convoke_reply_port_get_key:
 * @self: a port
 *
 * Gets what the port's replies are known by.
 *
 * Returns: the key
 *
 * Since: 0.1
 */
guint64
convoke_reply_port_get_key (ConvokeReplyPort *self)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), 0);

  return self->core->key;
}

/* --- taking messages --- */

static gboolean
check_delivery (ConvokeReplyPort  *self,
                GError           **error)
{
  if (self->delivery == BY_GET_MESSAGE)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       self->delivery == BY_CONTEXT
                       ? "The messages of this port go to the function that it was made with"
                       : "The messages of this port go to the queue that it was made with: take them there");
  return FALSE;
}

/**
 * convoke_reply_port_get_message:
 * @self: a port that was made with [ctor@ReplyPort.new]
 * @timeout: how long to wait at most, in microseconds; 0 polls, -1 waits for ever
 * @error: return location for an error, or %NULL
 *
 * Takes the oldest message (TA-20); it is the caller's.
 *
 * While it waits, the thread serves the calls to objects of its own main
 * context, and the signals that arrive there: a program without a loop makes
 * requests of its own objects, too.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_TIMEOUT when no message
 * came in time, also for a poll; with %CONVOKE_ERROR_SHUTDOWN, at once, when the
 * port is shut down before or meanwhile; with %CONVOKE_ERROR_NOT_SUPPORTED when
 * the port delivers in another way; and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): a message, or %NULL with @error set
 *
 * Since: 0.1
 */
ConvokeReplyMessage *
convoke_reply_port_get_message (ConvokeReplyPort  *self,
                                gint64             timeout,
                                GError           **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return check_delivery (self, error) ? convoke_reply_queue_take (self->core->queue, timeout, error) : NULL;
}

/**
 * convoke_reply_port_get_fd:
 * @self: a port that was made with [ctor@ReplyPort.new]
 * @error: return location for an error, or %NULL
 *
 * Gets a descriptor that is readable while there are messages, and after
 * [method@ReplyPort.shutdown].
 *
 * Poll it, and do nothing else with it: it belongs to @self and is open for as
 * long as @self lives. Where several threads take messages, one that finds it
 * readable can find nothing: poll with [method@ReplyPort.get_message] and a
 * time-out of 0. It is made when it is first asked for.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES when the
 * process has no descriptor left, with %CONVOKE_ERROR_NOT_SUPPORTED when the port
 * delivers in another way, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: the descriptor, or -1
 *
 * Since: 0.1
 */
int
convoke_reply_port_get_fd (ConvokeReplyPort  *self,
                           GError           **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), -1);
  g_return_val_if_fail (error == NULL || *error == NULL, -1);

  if (!check_delivery (self, error))
    return -1;

  return convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (self->core->queue), error);
}

/* --- ids --- */

/**
 * convoke_reply_port_reserve_id:
 * @self: a port
 * @error: return location for an error, or %NULL
 *
 * Takes an id for a request that is made later with it, so that it can be
 * known to all who take messages before the reply comes (P-9, TA-11).
 *
 * An id is between 1 and 0x7FFFFFFF, and no other request of this port that is
 * outstanding has it (TA-3). [method@ReplyPort.release_id] gives back one that
 * is not wanted any more.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_SHUTDOWN, with
 * %CONVOKE_ERROR_OUT_OF_RESOURCES when every id is in use, and with
 * %CONVOKE_ERROR_FORKED.
 *
 * Returns: an id, or 0 with @error set
 *
 * Since: 0.1
 */
gint32
convoke_reply_port_reserve_id (ConvokeReplyPort  *self,
                               GError           **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  return convoke_reply_core_reserve (self->core, error);
}

/**
 * convoke_reply_port_release_id:
 * @self: a port
 * @request_id: an id that was reserved, and that no request was made with
 * @error: return location for an error, or %NULL
 *
 * Gives back an id.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when it was not
 * reserved, with %CONVOKE_ERROR_CALL_PENDING when its request is outstanding,
 * with %CONVOKE_ERROR_SHUTDOWN and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when the id can be used for another request
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_release_id (ConvokeReplyPort  *self,
                               gint32             request_id,
                               GError           **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_reply_core_release (self->core, request_id, error);
}

/* --- objects that are open --- */

/* FALSE: @object is a proxy that stands for nothing any more, and tells nothing. */
static gboolean
check_connected (GObject  *object,
                 GError  **error)
{
  GError *end = convoke_hooks.dup_end != NULL ? convoke_hooks.dup_end (object) : NULL;

  if (end == NULL)
    return TRUE;

  g_propagate_error (error, end);
  return FALSE;
}

/**
 * convoke_reply_port_open:
 * @self: a port
 * @object: what to hear of; a proxy will do
 * @signals: (nullable) (array zero-terminated=1): the signals that are wanted,
 *   each with or without a detail; %NULL for all of its interfaces and its class
 * @key: what its messages are known by, or 0
 * @error: return location for an error, or %NULL
 *
 * Has what @object tells of its own accord come as messages (TA-32). These are
 * its signals, as every handler gets them: an emission reaches each port that
 * has @object open, in each process. The parameters come as copies; objects
 * among them as what may be used where the messages go, and bare pointers as
 * %NULL. A signal that asks for an answer gets none from a port.
 *
 * Of a proxy the signals come that its interfaces have, and `interrupted` and
 * `restored`, from where they arrive: nobody has to run the main context in which
 * its handlers are called.
 *
 * When a proxy is disconnected for good, or its process died, one message of
 * the kind %CONVOKE_REPLY_KIND_CLOSED tells, and @object is not open any more
 * (TA-29). Requests can be made of objects that are open or not. The port keeps
 * @object until it is closed. A property's change is told where @signals names
 * `notify::` and its name.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_ALREADY_REGISTERED when
 * @object is open in this port, with %CONVOKE_ERROR_INVALID_ARGUMENT when it has
 * no such signal, with %CONVOKE_ERROR_DISCONNECTED when it was disconnected,
 * with %CONVOKE_ERROR_SHUTDOWN and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when @object is open
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_open (ConvokeReplyPort    *self,
                         GObject             *object,
                         const char * const  *signals,
                         guint64              key,
                         GError             **error)
{
  g_autoptr (GObject) identity = NULL;
  ConvokeReplyWatch *watch;
  gboolean open;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  identity = convoke_query_interface (object, G_TYPE_OBJECT, NULL);
  watch = convoke_reply_watch_new (self->core, object, identity, key);
  open = convoke_reply_core_add_watch (self->core, watch, error);
  /* What ends after the look is told of. */
  if (open && (!convoke_reply_watch_connect (watch, signals, error) || !check_connected (object, error)))
    {
      ConvokeReplyWatch *removed = convoke_reply_core_remove_watch (self->core, identity, NULL);

      convoke_reply_watch_stop (watch);
      g_clear_pointer (&removed, convoke_reply_watch_unref);
      open = FALSE;
    }
  convoke_reply_watch_unref (watch);

  return open;
}

/**
 * convoke_reply_port_set_filter:
 * @self: a port
 * @object: an object that is open
 * @signals: (nullable) (array zero-terminated=1): the signals that are wanted
 *   from now on, as for [method@ReplyPort.open]
 * @error: return location for an error, or %NULL
 *
 * Chooses anew what @object may tell. Replies, and that it is gone, come
 * whatever is chosen (TA-7).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when @object is
 * not open, with %CONVOKE_ERROR_INVALID_ARGUMENT when it has no such signal, and
 * nothing has changed, with %CONVOKE_ERROR_SHUTDOWN and with
 * %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it was done
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_set_filter (ConvokeReplyPort    *self,
                               GObject             *object,
                               const char * const  *signals,
                               GError             **error)
{
  g_autoptr (GObject) identity = NULL;
  ConvokeReplyWatch *watch;
  gboolean done;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  identity = convoke_query_interface (object, G_TYPE_OBJECT, NULL);
  watch = convoke_reply_core_dup_watch (self->core, identity, error);
  done = watch != NULL && convoke_reply_watch_connect (watch, signals, error);
  g_clear_pointer (&watch, convoke_reply_watch_unref);

  return done;
}

/**
 * convoke_reply_port_close:
 * @self: a port
 * @object: an object that is open
 * @error: return location for an error, or %NULL
 *
 * Ends what [method@ReplyPort.open] began: no message about @object comes to
 * this port any more. This includes replies: those that have not been taken are
 * dropped, and those that are outstanding are forgotten, while their calls go on
 * to their ends unseen (TA-28). Cancel them before where they should stop.
 * Other ports are not affected.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when @object is
 * not open, with %CONVOKE_ERROR_SHUTDOWN and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it is closed now
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_close (ConvokeReplyPort  *self,
                          GObject           *object,
                          GError           **error)
{
  g_autoptr (GObject) identity = NULL;
  ConvokeReplyWatch *watch;

  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  identity = convoke_query_interface (object, G_TYPE_OBJECT, NULL);
  watch = convoke_reply_core_remove_watch (self->core, identity, error);
  if (watch == NULL)
    return FALSE;

  convoke_reply_watch_stop (watch);
  convoke_reply_watch_unref (watch);
  return TRUE;
}

/* --- the end --- */

/**
 * convoke_reply_port_shutdown:
 * @self: a port
 * @error: return location for an error, or %NULL
 *
 * Ends the port (TA-27): objects are closed, outstanding requests are cancelled
 * without a grace (but not calls that were attached), their replies and all messages that wait are dropped, ids are
 * forgotten, and whoever waits in [method@ReplyPort.get_message] returns at
 * once. A function that handles a message on another thread may still be at it.
 *
 * Any thread may call this, also from inside of the port's own function. Fails
 * with %CONVOKE_ERROR_SHUTDOWN when the port is shut down already (TA-26), and
 * with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it is shut down now
 *
 * Since: 0.1
 */
gboolean
convoke_reply_port_shutdown (ConvokeReplyPort  *self,
                             GError           **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_PORT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return !convoke_check_forked (error) && convoke_reply_core_shutdown (self->core, TRUE, error);
}
