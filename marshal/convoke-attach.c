/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-attach.h"

#include "convoke-apartment-private.h"
#include "convoke-claim-private.h"
#include "convoke-connection-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-interface-info.h"
#include "convoke-parcel-private.h"
#include "convoke-publish-private.h"
#include "convoke-token-private.h"
#include "convoke-unknown.h"

#include <unistd.h>

/* What nobody bounds ends all the same: in microseconds. */
#define USUAL_TIME (10 * G_USEC_PER_SEC)

typedef struct
{
  char             *name;
  char             *token;     /* (nullable): what is wanted is not what has the name, but what this says */
  GType             iface;
  gint64            deadline;  /* monotonic, microseconds */
  ConvokeApartment *home;      /* (owned) of the proxy */
} Wish;

static Wish *
wish_new (const char *name,
          GType       iface,
          gint64      timeout)
{
  Wish *self = g_new0 (Wish, 1);

  self->name = g_strdup (name);
  self->iface = iface;
  self->deadline = g_get_monotonic_time () + MIN (timeout < 0 ? USUAL_TIME : timeout, G_MAXINT64 / 2);
  self->home = convoke_proxy_dup_home ();
  return self;
}

static void
wish_free (Wish *self)
{
  g_object_unref (self->home);
  g_free (self->name);
  g_free (self->token);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

/* --- in this process --- */

/* As for whoever activates: the object itself where its code may run on the calling thread. Takes @object. */
static GObject *
bring_home (Wish     *self,
            GObject  *object,
            GError  **error)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (object);
  GObject *proxy;

  if (convoke_is_proxy (object) || convoke_apartment_is_current (apartment))
    return object;

  proxy = (GObject *) convoke_proxy_table_ensure (object, self->home, error);
  convoke_apartment_release (apartment, object);
  return proxy;
}

/* --- in another one --- */

static GObject *
read_object (Wish               *self,
             ConvokeChannel     *channel,
             ConvokeWireReader  *reader,
             GError            **error)
{
  static const ConvokeTypeInfo any_object = { .kind = CONVOKE_TYPE_KIND_INTERFACE };
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_autoptr (GObject) object = NULL;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), self->home);
  object = parcel.refs.read_object (parcel.refs.data, reader, &any_object, error);
  if (object == NULL || !convoke_wire_reader_end (reader, error))
    return NULL;

  return g_steal_pointer (&object);
}

static gboolean
request (Wish                 *self,
         ConvokeChannel       *channel,
         GCancellable         *cancellable,
         ConvokeChannelReply  *reply,
         GError              **error)
{
  gint64 left = MAX (0, self->deadline - g_get_monotonic_time ());
  ConvokeWireWriter writer;
  gboolean answered;

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (channel, &writer, CONVOKE_REQUEST_ATTACH, 0);
  convoke_wire_put_string (&writer, self->token == NULL ? self->name : NULL);
  convoke_wire_put_string (&writer, self->token);
  answered = convoke_channel_request (channel, &writer, left, cancellable, reply, error);
  convoke_wire_writer_clear (&writer);

  return answered;
}

/* A name can have changed hands, and a token is nobody else's to see. */
static gboolean
check_process (Wish               *self,
               ConvokeConnection  *connection,
               GError            **error)
{
  GPid pid = self->token != NULL ? convoke_token_get_text_pid (self->token) : 0;

  if (pid == 0 || pid == convoke_connection_get_pid (connection))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The process %d, which made the token, is gone", (int) pid);
  return FALSE;
}

static GObject *
ask (Wish               *self,
     ConvokeConnection  *connection,
     GCancellable       *cancellable,
     GError            **error)
{
  ConvokeChannel *channel = convoke_connection_get_channel (connection);
  g_autoptr (GError) nonsense = NULL;
  ConvokeChannelReply reply;
  GObject *object;

  if (!check_process (self, connection, error) ||
      !convoke_channel_wait_ready (channel, self->deadline, cancellable, error) ||
      !request (self, channel, cancellable, &reply, error))
    return NULL;

  object = read_object (self, channel, &reply.reader, &nonsense);
  convoke_channel_clear_reply (&reply);
  if (object != NULL)
    return object;

  /* What answers with nonsense is not asked again. */
  if (g_error_matches (nonsense, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL))
    convoke_channel_close (channel, nonsense);
  g_propagate_error (error, g_steal_pointer (&nonsense));
  return NULL;
}

/* *ended: the connection has, which may have been there for long, so that somebody else can have the name by now. */
static GObject *
fetch_once (Wish          *self,
            GCancellable  *cancellable,
            gboolean      *ended,
            GError       **error)
{
  ConvokeConnection *connection = convoke_connection_join (self->name, self->deadline, cancellable, error);
  g_autoptr (GError) why = NULL;
  GObject *object;

  if (connection == NULL)
    return NULL;

  object = ask (self, connection, cancellable, error);
  why = convoke_channel_dup_end_reason (convoke_connection_get_channel (connection));
  *ended = why != NULL && g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  convoke_connection_leave (connection);
  return object;
}

static GObject *
fetch (Wish          *self,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean ended = FALSE;
  GObject *object = fetch_once (self, cancellable, &ended, &failure);

  if (object == NULL && ended)
    {
      g_clear_error (&failure);
      object = fetch_once (self, cancellable, &ended, &failure);
    }
  if (object == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return object;
}

/* --- both --- */

static gboolean
check_iface (GType    iface,
             GError **error)
{
  convoke_fork_init ();
  if (convoke_check_forked (error))
    return FALSE;

  return iface == G_TYPE_OBJECT || convoke_interface_info_lookup (iface, error) != NULL;
}

static gboolean
check (const char  *name,
       GType        iface,
       GError     **error)
{
  return check_iface (iface, error) && convoke_claim_check_name (name, error);
}

/* Takes @found, which can be NULL. */
static GObject *
as_wished (Wish     *self,
           GObject  *found,
           GError  **error)
{
  g_autoptr (GObject) object = found;

  return object != NULL ? convoke_query_interface (object, self->iface, error) : NULL;
}

static GObject *
attach (Wish          *self,
        GCancellable  *cancellable,
        GError       **error)
{
  GObject *own = convoke_publish_dup_own (self->name);

  return as_wished (self, own != NULL ? bring_home (self, own, error) : fetch (self, cancellable, error), error);
}

static gboolean
is_askable (GType iface)
{
  return iface == G_TYPE_OBJECT || (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE);
}

/**
 * convoke_attach:
 * @name: the name under which a program publishes an object
 * @iface: the interface that is wanted of the object, or `G_TYPE_OBJECT`
 * @timeout: how long it may take, in microseconds, or -1 for ten seconds
 * @cancellable: (nullable): ends it from another thread, or %NULL
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets hold of an object that a process of the same user publishes with
 * [func@Convoke.publish].
 *
 * The answer is a proxy, as of any object in another process: its calls,
 * properties and signals work as they do there, and its signals arrive where
 * those of [func@Convoke.create_proxy] do. Whoever attaches twice, or to two
 * names of one object, gets the same proxy. In the process that publishes it
 * the object itself is returned, or its proxy where its code may not run on the
 * calling thread.
 *
 * The other program need not run its main loop for this, but for the calls that
 * follow; give them a deadline. The proxy keeps the object alive, not the
 * program: when that ends, the proxy emits `invalid`, and pending and later
 * calls fail with %CONVOKE_ERROR_DISCONNECTED, saying which process it was.
 * The connection goes when nobody has anything of the other side.
 *
 * Any thread may call this. Hold no lock of yours across it: while it waits,
 * the thread serves calls of its own chain.
 *
 * Fails with %CONVOKE_ERROR_NOT_FOUND when no program publishes @name,
 * %CONVOKE_ERROR_INVALID_ARGUMENT when @name cannot be one,
 * %CONVOKE_ERROR_NO_TYPELIB when nothing describes @iface here,
 * %CONVOKE_ERROR_NO_INTERFACE when the object does not implement it,
 * %CONVOKE_ERROR_ACCESS_DENIED when the process belongs to another user or the
 * folder of published objects cannot be used, %CONVOKE_ERROR_OUT_OF_RESOURCES
 * when the program has too many connections, %CONVOKE_ERROR_TIMEOUT,
 * %CONVOKE_ERROR_CANCELLED, %CONVOKE_ERROR_VERSION_MISMATCH,
 * %CONVOKE_ERROR_PROTOCOL, %CONVOKE_ERROR_DISCONNECTED when the program ends
 * meanwhile, and %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): the object to call @iface on
 *
 * Since: 0.1
 */
GObject *
convoke_attach (const char    *name,
                GType          iface,
                gint64         timeout,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (Wish) wish = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (is_askable (iface), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check (name, iface, error))
    return NULL;

  wish = wish_new (name, iface, timeout);
  return attach (wish, cancellable, error);
}

/* --- without waiting --- */

/* Takes both; either can be NULL. */
static void
return_object (GTask   *task,
               GObject *object,
               GError  *error)
{
  if (object != NULL)
    g_task_return_pointer (task, object, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
attach_in_worker (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  GError *error = NULL;
  GObject *object = fetch (data, cancellable, &error);

  object = as_wished (data, object, &error);
  return_object (task, object, error);
}

/* Takes @own. */
static void
return_own (GTask   *task,
            Wish    *wish,
            GObject *own)
{
  GError *error = NULL;
  GObject *object = bring_home (wish, own, &error);

  object = as_wished (wish, object, &error);
  return_object (task, object, error);
}

/**
 * convoke_attach_async:
 * @name: the name under which a program publishes an object
 * @iface: the interface that is wanted of the object, or `G_TYPE_OBJECT`
 * @timeout: how long it may take, in microseconds, or -1 for ten seconds
 * @cancellable: (nullable): ends it, or %NULL
 * @callback: (scope async): called when it has ended, in the thread-default
 *   main context of the calling thread
 * @user_data: for @callback
 *
 * As [func@Convoke.attach], without waiting. Signals of the proxy arrive in the
 * thread-default main context of the calling thread, as @callback does.
 *
 * Since: 0.1
 */
void
convoke_attach_async (const char          *name,
                      GType                iface,
                      gint64               timeout,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  GObject *own;
  Wish *wish;

  g_return_if_fail (name != NULL);
  g_return_if_fail (is_askable (iface));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, convoke_attach_async);
  /* The errors are ours. */
  g_task_set_check_cancellable (task, FALSE);
  if (!check (name, iface, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  wish = wish_new (name, iface, timeout);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  /* What this process publishes is brought to the calling thread at once. */
  own = convoke_publish_dup_own (name);
  if (own != NULL)
    return_own (task, wish, own);
  else
    g_task_run_in_thread (task, attach_in_worker);
}

/**
 * convoke_attach_finish:
 * @result: what the callback was given
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets what [func@Convoke.attach_async] got hold of. Fails as
 * [func@Convoke.attach] does.
 *
 * Returns: (transfer full): the object to call the interface on
 *
 * Since: 0.1
 */
GObject *
convoke_attach_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, convoke_attach_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- by a token --- */

static gboolean
check_text (const char  *text,
            GError     **error)
{
  if (convoke_token_get_text_pid (text) > 0)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The text is no token, which would begin with “" CONVOKE_TOKEN_PREFIX "”");
  return FALSE;
}

/**
 * convoke_attach_token:
 * @text: what [method@Token.to_string] gave in another process of the same user, or in this one
 * @iface: the interface that is wanted of the object, or `G_TYPE_OBJECT`
 * @timeout: how long it may take, in microseconds, or -1 for ten seconds
 * @cancellable: (nullable): ends it from another thread, or %NULL
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Redeems a token: gets hold of an object that another process does not publish,
 * but gave the text of a token of.
 *
 * The process is reached through whatever it publishes with
 * [func@Convoke.publish], so it has to publish something. A token that can be
 * redeemed once is used up by this, also where the object does not implement
 * @iface (OM-53). Everything else is as for [func@Convoke.attach].
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when
 * @text is no token, %CONVOKE_ERROR_NOT_FOUND when its process is gone or
 * publishes nothing, %CONVOKE_ERROR_NOT_CONNECTED when the token was used up or
 * released, %CONVOKE_ERROR_NOT_REGISTERED when its object is gone, and as
 * [func@Convoke.attach] does.
 *
 * Returns: (transfer full): the object to call @iface on
 *
 * Since: 0.1
 */
GObject *
convoke_attach_token (const char    *text,
                      GType          iface,
                      gint64         timeout,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr (Wish) wish = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (is_askable (iface), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_iface (iface, error) || !check_text (text, error))
    return NULL;
  if (convoke_token_get_text_pid (text) == getpid ())
    return convoke_token_resolve (text, iface, error);

  name = convoke_claim_find_name (convoke_token_get_text_pid (text), error);
  if (name == NULL)
    return NULL;

  wish = wish_new (name, iface, timeout);
  wish->token = g_strdup (text);
  return as_wished (wish, fetch (wish, cancellable, error), error);
}
