/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The half of convoke-remote-relay.c at the proxy. What comes is emitted on
 * the proxy, and on those of its facets that have the signal, where anybody
 * listens.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-remote-emission-private.h"
#include "convoke-remote-signal-private.h"

/* The proxy and its facets, as far as they have somebody to tell. */
static GPtrArray *
find_listeners (ConvokeProxy *proxy,
                GType         type,
                guint         signal_id,
                GQuark        detail)
{
  GPtrArray *listeners = convoke_proxy_list_faces (proxy);

  for (guint i = listeners->len; i > 0; i--)
    {
      gpointer face = g_ptr_array_index (listeners, i - 1);

      if (!g_type_is_a (G_OBJECT_TYPE (face), type) || !g_signal_has_handler_pending (face, signal_id, detail, FALSE))
        g_ptr_array_remove_index (listeners, i - 1);
    }

  return listeners;
}

/* Where what is told one after the other is run one after the other. */
static ConvokeApartment *
dup_home (ConvokeProxy *proxy)
{
  static GQuark quark;
  g_autoptr (ConvokeApartment) serial = NULL;
  gpointer found;

  if (convoke_apartment_get_threading (proxy->home) != CONVOKE_THREADING_ANY)
    return g_object_ref (proxy->home);

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("convoke-remote-home");

  found = g_object_get_qdata (proxy->target, quark);
  if (found == NULL)
    {
      serial = convoke_apartment_new_serial ();
      if (g_object_replace_qdata (proxy->target, quark, NULL, serial, g_object_unref, NULL))
        return g_object_ref (g_steal_pointer (&serial));
      found = g_object_get_qdata (proxy->target, quark);
    }

  return g_object_ref (found);
}

/* FALSE: nobody here listens, or this side does not know the signal. What is in @signal and *listeners is the caller's. */
static gboolean
find_who_listens (const ConvokeRemoteSignalBody  *body,
                  ConvokeProxy                   *proxy,
                  ConvokeRemoteSignal            *signal,
                  GQuark                         *detail,
                  GPtrArray                     **listeners)
{
  if (proxy == NULL || !convoke_remote_signal_find (body, signal))
    return FALSE;

  *detail = convoke_remote_signal_find_detail (body, signal);
  *listeners = find_listeners (proxy, signal->iface->gtype, signal->id, *detail);
  return (*listeners)->len > 0 || convoke_proxy_is_watched (proxy);
}

/* For the first of the listeners, or, where there is none, for @proxy, as whoever watches it is told of it. */
static ConvokeEmission *
read_emission (ConvokeRemoteSignalBody    *body,
               const ConvokeRemoteSignal  *signal,
               GQuark                      detail,
               gpointer                    proxy,
               GPtrArray                  *listeners,
               const ConvokeWireRefs      *refs,
               GError                    **error)
{
  GObject *listener = listeners->len > 0 ? listeners->pdata[0] : proxy;
  g_autoptr (ConvokeEmission) self = convoke_emission_new (listener, signal->id, detail, signal->info->callable.n_args);

  if (!convoke_remote_signal_read_values (body, signal, self, refs, error))
    return NULL;

  convoke_proxy_tell_watches (proxy, signal->id, detail, self->values + 1, self->n_values - 1);
  return g_steal_pointer (&self);
}

/* The same for another one. */
static ConvokeEmission *
copy_emission (const ConvokeEmission *emission,
               GObject               *listener)
{
  ConvokeEmission *self = convoke_emission_new (listener, emission->signal_id, emission->detail, emission->n_values - 1);

  for (guint i = 1; i < self->n_values; i++)
    {
      g_value_init (&self->values[i], G_VALUE_TYPE (&emission->values[i]));
      g_value_copy (&emission->values[i], &self->values[i]);
    }

  return self;
}

static void
post_emission (ConvokeEmission  *emission,
               ConvokeApartment *home,
               GPtrArray        *listeners)
{
  for (guint i = 1; i < listeners->len; i++)
    convoke_emission_post (copy_emission (emission, g_ptr_array_index (listeners, i)), home);
  convoke_emission_post (emission, home);
}

gboolean
convoke_remote_emission_receive (ConvokeChannel     *channel,
                                 guint64             id,
                                 ConvokeWireReader  *body,
                                 GError            **error)
{
  ConvokeObjectTable *objects = convoke_channel_get_objects (channel);
  g_autoptr (GObject) proxy = (GObject *) convoke_object_table_dup_proxy (objects, id);
  g_autoptr (ConvokeApartment) home = proxy != NULL ? dup_home ((ConvokeProxy *) proxy) : NULL;
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  g_autoptr (GPtrArray) listeners = NULL;
  ConvokeRemoteSignalBody emitted;
  g_autoptr (ConvokeEmission) emission = NULL;
  GQuark detail;

  if (!convoke_remote_signal_read (&emitted, body, error))
    return FALSE;

  convoke_parcel_init (&parcel, objects, home);
  if (!find_who_listens (&emitted, (ConvokeProxy *) proxy, &signal, &detail, &listeners) ||
      convoke_remote_signal_asks (&signal))
    return convoke_remote_signal_drop (&emitted, &parcel.refs, error);

  emission = read_emission (&emitted, &signal, detail, proxy, listeners, &parcel.refs, error);
  if (emission == NULL)
    return FALSE;

  if (listeners->len > 0)
    post_emission (g_steal_pointer (&emission), home, listeners);
  return TRUE;
}

/* --- a signal that asks --- */

/* Of several the last one's answer counts. */
static void
run_emission (ConvokeEmission *emission,
              GPtrArray       *listeners,
              GValue          *result)
{
  convoke_emission_run (emission, result);
  for (guint i = 1; i < listeners->len; i++)
    {
      g_autoptr (ConvokeEmission) copy = copy_emission (emission, g_ptr_array_index (listeners, i));

      g_value_reset (result);
      convoke_emission_run (copy, result);
    }
}

static gboolean
answer (ConvokeEmission            *emission,
        const ConvokeRemoteSignal  *signal,
        GPtrArray                  *listeners,
        ConvokeWireWriter          *reply,
        const ConvokeWireRefs      *refs,
        GError                    **error)
{
  g_auto (GValue) result = G_VALUE_INIT;
  GSignalQuery query;

  g_signal_query (signal->id, &query);
  g_value_init (&result, query.return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE);
  run_emission (emission, listeners, &result);

  convoke_wire_put_u8 (reply, 1);
  return convoke_wire_write_gvalue (reply, &signal->info->callable.ret.type, &result, refs, error);
}

gboolean
convoke_remote_emission_serve (ConvokeChannel     *channel,
                               GObject            *object,
                               ConvokeWireReader  *body,
                               ConvokeWireWriter  *reply,
                               GError            **error)
{
  ConvokeProxy *proxy = object != NULL ? convoke_proxy_from_object (object) : NULL;
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  g_autoptr (GPtrArray) listeners = NULL;
  g_autoptr (ConvokeEmission) emission = NULL;
  ConvokeRemoteSignalBody emitted;
  GQuark detail;

  if (!convoke_remote_signal_read (&emitted, body, error))
    return FALSE;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), NULL);
  if (!find_who_listens (&emitted, proxy, &signal, &detail, &listeners) || !convoke_remote_signal_asks (&signal))
    {
      convoke_wire_put_u8 (reply, 0);
      return convoke_remote_signal_drop (&emitted, &parcel.refs, error);
    }

  emission = read_emission (&emitted, &signal, detail, proxy, listeners, &parcel.refs, error);
  if (emission == NULL)
    return FALSE;
  if (listeners->len == 0)
    {
      convoke_wire_put_u8 (reply, 0);
      return TRUE;
    }
  if (!answer (emission, &signal, listeners, reply, &parcel.refs, error))
    return FALSE;

  convoke_parcel_sent (&parcel);
  return TRUE;
}

/* --- notifications --- */

static void
post_notification (GObject          *listener,
                   const char       *name,
                   ConvokeApartment *home)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (listener), name);

  if (pspec != NULL)
    convoke_emission_post (convoke_emission_new_notify (listener, pspec), home);
}

static void
tell_notification (ConvokeProxy *proxy,
                   const char   *name)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (proxy), name);
  g_auto (GValue) param = G_VALUE_INIT;

  if (pspec == NULL || !convoke_proxy_is_watched (proxy))
    return;

  g_value_init (&param, G_TYPE_PARAM);
  g_value_set_param (&param, pspec);
  convoke_proxy_tell_watches (proxy, g_signal_lookup ("notify", G_TYPE_OBJECT), g_quark_try_string (pspec->name), &param, 1);
}

gboolean
convoke_remote_emission_receive_notify (ConvokeChannel     *channel,
                                        guint64             id,
                                        ConvokeWireReader  *body,
                                        GError            **error)
{
  g_autoptr (GObject) proxy = (GObject *) convoke_object_table_dup_proxy (convoke_channel_get_objects (channel), id);
  g_autoptr (ConvokeApartment) home = NULL;
  g_autoptr (GPtrArray) listeners = NULL;
  const char *name;

  if (!convoke_wire_get_name (body, &name, error) || !convoke_wire_reader_end (body, error))
    return FALSE;
  if (proxy == NULL)
    return TRUE;

  tell_notification ((ConvokeProxy *) proxy, name);
  home = dup_home ((ConvokeProxy *) proxy);
  listeners = find_listeners ((ConvokeProxy *) proxy, G_TYPE_OBJECT, g_signal_lookup ("notify", G_TYPE_OBJECT),
                              g_quark_try_string (name));
  for (guint i = 0; i < listeners->len; i++)
    post_notification (g_ptr_array_index (listeners, i), name, home);

  return TRUE;
}

__attribute__ ((constructor)) static void
install_handlers (void)
{
  convoke_request_handlers[CONVOKE_REQUEST_EMIT] = convoke_remote_emission_serve;
}
