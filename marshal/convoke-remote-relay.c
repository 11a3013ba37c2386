/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What convoke-relay.c does between threads, between processes: the half at
 * the object. When an object is handed out, all signals of its interfaces
 * whose values can cross are connected to, and its notifications. GObject does
 * not tell whether the proxy has handlers; so everything is sent, and the
 * other side drops what nobody there wants.
 *
 * A signal that only tells is a SIGNAL message, one that returns a value an
 * EMIT request, for whose answer the emission waits: u8 1 and the value, or
 * 0 when nobody was there to answer. A NOTIFY carries the property's name.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-parcel-private.h"
#include "convoke-remote-relay-private.h"
#include "convoke-remote-signal-private.h"

/* --- what a type can tell --- */

typedef struct
{
  GArray   *signals;         /* (element-type ConvokeRemoteSignal) */
  gboolean  has_properties;
  gboolean  settled;         /* nothing that is learnt later can add to it */
} Repertoire;

static void
repertoire_free (Repertoire *self)
{
  g_array_unref (self->signals);
  g_free (self);
}

static void
repertoire_add (Repertoire *self,
                GType       type)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *iface = convoke_interface_info_lookup (type, &error);

  if (iface == NULL)
    {
      self->settled &= !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
      return;
    }

  self->has_properties |= iface->n_properties > 0;
  for (guint i = 0; i < iface->n_signals; i++)
    {
      ConvokeRemoteSignal signal = { NULL, };

      if (convoke_remote_signal_init (&signal, iface, &iface->signals[i]))
        g_array_append_val (self->signals, signal);
    }
}

static Repertoire *
repertoire_new (GType type)
{
  Repertoire *self = g_new0 (Repertoire, 1);
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (type, &n_interfaces);

  self->settled = TRUE;
  self->signals = g_array_new (FALSE, FALSE, sizeof (ConvokeRemoteSignal));
  g_array_set_clear_func (self->signals, (GDestroyNotify) convoke_remote_signal_clear);
  for (guint i = 0; i < n_interfaces; i++)
    repertoire_add (self, interfaces[i]);

  return self;
}

static GMutex      repertoires_lock;
static GHashTable *repertoires;   /* LOCK: repertoires_lock; GType -> Repertoire, never freed */

static const Repertoire *
find_repertoire (GType type)
{
  const Repertoire *self = NULL;

  g_mutex_lock (&repertoires_lock);
  if (repertoires != NULL)
    self = g_hash_table_lookup (repertoires, GSIZE_TO_POINTER (type));
  g_mutex_unlock (&repertoires_lock);

  return self;
}

/* Takes @self unless another thread was first. */
static void
keep_repertoire (GType        type,
                 Repertoire **self)
{
  g_mutex_lock (&repertoires_lock);
  if (repertoires == NULL)
    repertoires = g_hash_table_new (NULL, NULL);
  if (!g_hash_table_contains (repertoires, GSIZE_TO_POINTER (type)))
    g_hash_table_insert (repertoires, GSIZE_TO_POINTER (type), g_steal_pointer (self));
  g_mutex_unlock (&repertoires_lock);
}

/* --- at the object --- */

struct _ConvokeRemoteRelay
{
  gatomicrefcount  ref_count;  /* the export, and each connected closure */
  ConvokeChannel  *channel;    /* (owned) */
  guint64          id;
  Repertoire      *own;        /* (owned) (nullable) one that is not settled */
  GArray          *handlers;   /* gulong; changed by the maker only */
};

typedef struct
{
  GClosure      closure;
  const ConvokeRemoteSignal *signal;
} RelayClosure;

static ConvokeRemoteRelay *
relay_ref (ConvokeRemoteRelay *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
relay_unref (ConvokeRemoteRelay *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  convoke_channel_unref (self->channel);
  g_clear_pointer (&self->own, repertoire_free);
  g_array_unref (self->handlers);
  g_free (self);
}

/* What cannot be written has nobody to be told. */
static void
tell (ConvokeRemoteRelay        *self,
      const ConvokeRemoteSignal *signal,
      GQuark                     detail,
      const GValue              *params)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, convoke_channel_get_objects (self->channel), NULL);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_SIGNAL, 0, self->id);
  if (convoke_remote_signal_write (signal, &writer, detail, params, &parcel.refs, NULL))
    {
      convoke_channel_send (self->channel, &writer);
      convoke_parcel_sent (&parcel);
    }
  convoke_wire_writer_clear (&writer);
}

static gboolean
send_question (ConvokeRemoteRelay        *self,
               const ConvokeRemoteSignal *signal,
               GQuark                     detail,
               const GValue              *params,
               ConvokeChannelReply       *reply)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireWriter writer;
  gboolean answered = FALSE;

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, convoke_channel_get_objects (self->channel), NULL);
  convoke_channel_begin_request (self->channel, &writer, CONVOKE_REQUEST_EMIT, self->id);
  if (convoke_remote_signal_write (signal, &writer, detail, params, &parcel.refs, NULL))
    {
      answered = convoke_channel_request (self->channel, &writer, -1, NULL, reply, NULL);
      convoke_parcel_sent (&parcel);
    }
  convoke_wire_writer_clear (&writer);

  return answered;
}

static void
take_answer (ConvokeRemoteRelay        *self,
             const ConvokeRemoteSignal *signal,
             ConvokeWireReader         *reader,
             GValue                    *return_value)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_auto (GValue) value = G_VALUE_INIT;
  guint8 answered;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (self->channel), NULL);
  g_value_init (&value, G_VALUE_TYPE (return_value));
  if (convoke_wire_get_u8 (reader, &answered, NULL) && answered == 1 &&
      convoke_wire_read_gvalue (reader, &signal->info->callable.ret.type, &value, &parcel.refs, NULL))
    g_value_copy (&value, return_value);
}

/* Where nobody answers, the emission keeps the default value. */
static void
ask (ConvokeRemoteRelay        *self,
     const ConvokeRemoteSignal *signal,
     GQuark                     detail,
     const GValue              *params,
     GValue                    *return_value)
{
  ConvokeChannelReply reply;

  if (!send_question (self, signal, detail, params, &reply))
    return;

  take_answer (self, signal, &reply.reader, return_value);
  convoke_channel_clear_reply (&reply);
}

static void
relay_signal (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      hint,
              gpointer      marshal_data)
{
  ConvokeRemoteRelay *self = closure->data;
  const ConvokeRemoteSignal *signal = ((RelayClosure *) closure)->signal;
  const GSignalInvocationHint *invocation = hint;

  if (convoke_remote_signal_asks (signal))
    ask (self, signal, invocation->detail, params, return_value);
  else
    tell (self, signal, invocation->detail, params);
}

static gboolean
is_of_interface (GObject    *object,
                 const char *name)
{
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (G_OBJECT_TYPE (object), &n_interfaces);

  for (guint i = 0; i < n_interfaces; i++)
    {
      gpointer iface = g_type_default_interface_peek (interfaces[i]);

      if (iface != NULL && g_object_interface_find_property (iface, name) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
relay_notify (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      hint,
              gpointer      marshal_data)
{
  ConvokeRemoteRelay *self = closure->data;
  const GParamSpec *pspec = g_value_get_param (&params[1]);
  ConvokeWireWriter writer;

  /* Properties of the object's own class are not the proxy's. */
  if (!is_of_interface (g_value_get_object (&params[0]), pspec->name))
    return;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_NOTIFY, 0, self->id);
  convoke_wire_put_string (&writer, pspec->name);
  convoke_channel_send (self->channel, &writer);
  convoke_wire_writer_clear (&writer);
}

static void
closure_dropped (gpointer  data,
                 GClosure *closure)
{
  relay_unref (data);
}

static void
connect (ConvokeRemoteRelay        *self,
         GObject                   *object,
         guint                      signal_id,
         const ConvokeRemoteSignal *signal,
         GClosureMarshal            marshal)
{
  GClosure *closure = g_closure_new_simple (sizeof (RelayClosure), relay_ref (self));
  gulong handler;

  ((RelayClosure *) closure)->signal = signal;
  g_closure_add_finalize_notifier (closure, self, closure_dropped);
  g_closure_set_marshal (closure, marshal);
  handler = g_signal_connect_closure_by_id (object, signal_id, 0, closure, FALSE);
  g_array_append_val (self->handlers, handler);
}

static ConvokeRemoteRelay *
relay_new (ConvokeChannel *channel,
           guint64         id)
{
  ConvokeRemoteRelay *self = g_new0 (ConvokeRemoteRelay, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->channel = convoke_channel_ref (channel);
  self->id = id;
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));
  return self;
}

/* @own keeps what no table does. */
static const Repertoire *
get_repertoire (GType        type,
                Repertoire **own)
{
  const Repertoire *found = find_repertoire (type);

  if (found != NULL)
    return found;

  *own = repertoire_new (type);
  found = *own;
  if (found->settled)
    {
      keep_repertoire (type, own);
      found = find_repertoire (type);
    }

  return found;
}

ConvokeRemoteRelay *
convoke_remote_relay_new (ConvokeChannel *channel,
                          GObject        *object,
                          guint64         id)
{
  ConvokeRemoteRelay *self = relay_new (channel, id);
  const Repertoire *repertoire = get_repertoire (G_OBJECT_TYPE (object), &self->own);

  for (guint i = 0; i < repertoire->signals->len; i++)
    {
      const ConvokeRemoteSignal *signal = &g_array_index (repertoire->signals, ConvokeRemoteSignal, i);

      connect (self, object, signal->id, signal, relay_signal);
    }
  if (repertoire->has_properties)
    connect (self, object, g_signal_lookup ("notify", G_TYPE_OBJECT), NULL, relay_notify);

  if (self->handlers->len > 0)
    return self;

  relay_unref (self);
  return NULL;
}

void
convoke_remote_relay_stop (ConvokeRemoteRelay *self,
                           GObject            *object)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (object, g_array_index (self->handlers, gulong, i));

  relay_unref (self);
}
