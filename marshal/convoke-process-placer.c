/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-process-placer-private.h"

#include "convoke-catalog-private.h"
#include "convoke-error.h"
#include "convoke-host-process-private.h"
#include "convoke-parcel-private.h"
#include "convoke-revival-private.h"

/* What one activation has in its hands. */
typedef struct
{
  const ConvokeComponentFile *file;
  const ConvokeProperties    *properties;   /* (nullable) */
  gint64                      deadline;     /* monotonic: of the whole activation */
  GCancellable               *cancellable;
  ConvokeApartment           *home;         /* of the proxy that is made */
  ConvokeImport              *import;       /* (nullable): what is activated again, instead */
  ConvokeHostProcess         *host;
} Activation;

gboolean
convoke_process_placer_is_available (const ConvokeComponentFile  *file,
                                     GError                     **error)
{
  g_autofree char *program = convoke_host_process_find_program (file->loader, error);

  return program != NULL;
}

/* --- asking --- */

static gint64
time_left (gint64 deadline)
{
  return MAX (deadline - g_get_monotonic_time (), 0);
}

static const ConvokeTypeInfo any_object = { .kind = CONVOKE_TYPE_KIND_INTERFACE };

static GObject *
read_reference (Activation         *self,
                ConvokeParcel      *parcel,
                ConvokeWireReader  *reader,
                GError            **error)
{
  if (self->import == NULL)
    return parcel->refs.read_object (parcel->refs.data, reader, &any_object, error);

  return convoke_parcel_adopt (parcel, reader, self->import, error) ? G_OBJECT (g_object_ref (self->import)) : NULL;
}

static GObject *
read_object (Activation         *self,
             ConvokeWireReader  *reader,
             GError            **error)
{
  ConvokeChannel *channel = convoke_host_process_get_channel (self->host);
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_autoptr (GObject) object = NULL;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), self->home);
  object = read_reference (self, &parcel, reader, error);
  if (object == NULL || !convoke_wire_reader_end (reader, error))
    return NULL;

  return g_steal_pointer (&object);
}

static gboolean
write_request (Activation         *self,
               ConvokeWireWriter  *writer,
               ConvokeParcel      *parcel,
               GError            **error)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (convoke_component_file_to_variant (self->file));

  convoke_channel_begin_request (convoke_host_process_get_channel (self->host), writer, CONVOKE_REQUEST_ACTIVATE, 0);
  convoke_wire_put_variant (writer, variant);
  return convoke_wire_write_properties (writer, self->properties, &parcel->refs, error);
}

static gboolean
send_request (Activation           *self,
              ConvokeChannelReply  *reply,
              GError              **error)
{
  ConvokeChannel *channel = convoke_host_process_get_channel (self->host);
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireWriter writer;
  gboolean answered = FALSE;

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), self->home);
  convoke_wire_writer_init (&writer);
  if (write_request (self, &writer, &parcel, error))
    {
      answered = convoke_channel_request (channel, &writer, time_left (self->deadline), self->cancellable, reply, error);
      convoke_parcel_sent (&parcel);
    }
  convoke_wire_writer_clear (&writer);
  return answered;
}

static GObject *
request_object (Activation  *self,
                GError     **error)
{
  ConvokeChannelReply reply;
  GObject *object;

  if (!send_request (self, &reply, error))
    return NULL;

  object = read_object (self, &reply.reader, error);
  /* What answers with nonsense is not asked again. */
  if (object == NULL && g_error_matches (*error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL))
    convoke_channel_close (convoke_host_process_get_channel (self->host), *error);
  convoke_channel_clear_reply (&reply);
  return object;
}

static GObject *
ask (Activation  *self,
     GError     **error)
{
  gint64 ready_by = MIN (self->deadline, convoke_host_process_get_ready_by (self->host));

  if (!convoke_channel_wait_ready (convoke_host_process_get_channel (self->host), ready_by, self->cancellable, error))
    return NULL;

  return request_object (self, error);
}

/* --- what went wrong --- */

static void
add_last_words (Activation *self,
                GError     *error)
{
  ConvokeChild *child = convoke_host_process_get_child (self->host);
  g_autofree char *said = convoke_child_dup_stderr (child);
  g_autofree char *who = convoke_child_describe (child);
  g_autofree char *message = NULL;

  g_strchomp (said);
  message = g_strdup_printf ("%s: %s was being started%s%s", error->message, who, *said != '\0' ? "; its last words:\n" : "", said);
  g_free (error->message);
  error->message = g_steal_pointer (&message);
}

/* Why the channel has ended says more than what happened to one request. */
static void
replace_by_cause (Activation  *self,
                  GError     **error)
{
  g_autoptr (GError) why = convoke_channel_dup_end_reason (convoke_host_process_get_channel (self->host));

  if (why == NULL)
    return;

  if (g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED) && convoke_host_process_is_useless (self->host))
    why->code = CONVOKE_ERROR_SERVER_EXEC_FAILURE;
  g_error_free (*error);
  *error = g_steal_pointer (&why);
}

/* A component can throw the same codes: what counts is that the time is over. */
static gboolean
is_stuck (Activation   *self,
          const GError *error)
{
  return (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT)
          && g_get_monotonic_time () >= MIN (self->deadline, convoke_host_process_get_ready_by (self->host)))
         || (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED)
             && g_cancellable_is_cancelled (self->cancellable));
}

static ConvokeHostOutcome
explain (Activation  *self,
         GError     **error)
{
  if (!is_stuck (self, *error))
    {
      replace_by_cause (self, error);
      return CONVOKE_HOST_REFUSED;
    }

  if (convoke_host_process_is_useless (self->host))
    add_last_words (self, *error);
  return CONVOKE_HOST_STUCK;
}

/* Its host went idle at this very moment. */
static gboolean
came_too_late (const GError *error)
{
  return g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING);
}

/* --- the placer --- */

static void
tell_placement (Activation   *self,
                GVariantDict *placement)
{
  const char *program = convoke_host_process_get_program (self->host);
  g_autofree char *who = convoke_child_describe (convoke_host_process_get_child (self->host));
  g_autofree char *why = g_strdup_printf ("it lives in %s, a %s", who, program);

  g_variant_dict_insert (placement, "pid", "i", (gint32) convoke_child_get_pid (convoke_host_process_get_child (self->host)));
  g_variant_dict_insert (placement, "host", "s", program);
  g_variant_dict_insert (placement, "where", "s", why);
}

static GObject *
activate_once (Activation    *self,
               GVariantDict  *placement,
               GError       **error)
{
  ConvokeHostOutcome outcome = CONVOKE_HOST_GOOD;
  GError *failure = NULL;
  GObject *object;

  self->host = convoke_host_process_join (self->file, error);
  if (self->host == NULL)
    return NULL;

  object = ask (self, &failure);
  if (object != NULL)
    tell_placement (self, placement);
  else
    {
      outcome = explain (self, &failure);
      g_propagate_error (error, failure);
    }
  convoke_host_process_leave (self->host, outcome);
  return object;
}

static GObject *
activate (Activation    *self,
          GVariantDict  *placement,
          GError       **error)
{
  g_autoptr (GError) failure = NULL;
  GObject *object = activate_once (self, placement, &failure);

  if (object == NULL && came_too_late (failure))
    {
      g_clear_error (&failure);
      object = activate_once (self, placement, &failure);
    }
  if (object == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return object;
}

static gint64
first_of (gint64 deadline,
          gint64 start_timeout)
{
  gint64 bound = g_get_monotonic_time () + start_timeout;

  return deadline < 0 ? bound : MIN (deadline, bound);
}

GObject *
convoke_process_placer_activate (const ConvokeComponentFile  *file,
                                 const ConvokeProperties     *properties,
                                 GType                        iface,
                                 gpointer                     home,
                                 gint64                       deadline,
                                 GCancellable                *cancellable,
                                 GVariantDict                *placement,
                                 GError                     **error)
{
  Activation self = {
    .file = file,
    .properties = properties,
    .deadline = first_of (deadline, file->start_timeout),
    .cancellable = cancellable,
    .home = home,
  };
  GObject *object = activate (&self, placement, error);
  ConvokeProxy *proxy = object != NULL ? convoke_proxy_from_object (object) : NULL;

  if (proxy != NULL && convoke_import_from_object (proxy->target) != NULL)
    convoke_revival_attach (CONVOKE_IMPORT (proxy->target), file, properties);

  return object;
}

static void
update_placement (ConvokeImport *import,
                  GVariantDict  *news)
{
  g_autoptr (GVariant) old = convoke_dup_placement (G_OBJECT (import));
  g_autoptr (GVariant) changes = g_variant_ref_sink (g_variant_dict_end (news));
  g_auto (GVariantDict) placement = G_VARIANT_DICT_INIT (old);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, changes);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    g_variant_dict_insert_value (&placement, key, value);
  convoke_placement_set (G_OBJECT (import), g_variant_dict_end (&placement));
}

gboolean
convoke_process_placer_revive (const ConvokeComponentFile  *file,
                               const ConvokeProperties     *properties,
                               ConvokeImport               *import,
                               GError                     **error)
{
  Activation self = {
    .file = file,
    .properties = properties,
    .deadline = first_of (-1, file->start_timeout),
    .import = import,
  };
  g_auto (GVariantDict) placement = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GObject) revived = activate (&self, &placement, error);

  if (revived == NULL)
    return FALSE;

  update_placement (import, &placement);
  return TRUE;
}
