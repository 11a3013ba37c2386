/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A property is named by its interface's type, its own name and its type as
 * text; where the two sides describe it differently it is refused rather than
 * misread. A request's own part:
 *
 *   GET  interface, name, type         reply: the value
 *   SET  interface, name, type, value  reply: nothing
 *
 * What a peer asks for is checked against the interface first and against the
 * object's class then: GObject would only warn.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-remote-property-private.h"
#include "convoke-revival-private.h"
#include "convoke-typelib-private.h"

typedef struct
{
  const ConvokeInterfaceInfo *iface;
  const ConvokePropertyInfo  *info;
  char                       *type;   /* (owned) as text */
} Property;

static void
property_clear (Property *self)
{
  g_clear_pointer (&self->type, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Property, property_clear)

static const ConvokePropertyInfo *
find_info (const ConvokeInterfaceInfo *iface,
           const char                 *name)
{
  for (guint i = 0; i < iface->n_properties; i++)
    if (strcmp (iface->properties[i].name, name) == 0)
      return &iface->properties[i];

  return NULL;
}

static gboolean
check_crosses (const Property  *self,
               GError         **error)
{
  const char *reason = convoke_wire_type_get_refusal (&self->info->type);

  if (reason == NULL && self->info->type.length_arg >= 0)
    reason = "an array whose length nothing tells";
  if (reason == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The property '%s' of %s cannot cross to another process: it is %s",
               self->info->name, self->iface->name, reason);
  return FALSE;
}

static gboolean
property_init (Property    *self,
               GType        iface,
               const char  *name,
               GError     **error)
{
  self->iface = convoke_interface_info_lookup (iface, error);
  if (self->iface == NULL)
    return FALSE;

  self->info = find_info (self->iface, name);
  if (self->info == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD, "%s has no property '%s'", self->iface->name, name);
      return FALSE;
    }

  if (!check_crosses (self, error))
    return FALSE;

  self->type = convoke_type_info_to_string (&self->info->type);
  return TRUE;
}

/* --- at the proxy --- */

static gboolean
put_property (Property                  *self,
              const ConvokeImportPlace  *place,
              GParamSpec                *pspec,
              ConvokeRequest             kind,
              ConvokeWireWriter         *writer,
              GError                   **error)
{
  if (!property_init (self, pspec->owner_type, pspec->name, error))
    return FALSE;

  convoke_channel_begin_request (place->channel, writer, kind, place->id);
  convoke_wire_put_string (writer, self->iface->type_name);
  convoke_wire_put_string (writer, self->info->name);
  convoke_wire_put_string (writer, self->type);
  return TRUE;
}

static gboolean
get_value (const ConvokeImportPlace  *place,
           const Property            *property,
           ConvokeWireReader         *reader,
           GValue                    *value,
           GError                   **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };

  convoke_parcel_init (&parcel, place->table, NULL);
  return convoke_wire_read_gvalue (reader, &property->info->type, value, &parcel.refs, error) &&
         convoke_wire_reader_end (reader, error);
}

gboolean
convoke_remote_property_read (ConvokeImport  *target,
                              GParamSpec     *pspec,
                              GValue         *value,
                              GError        **error)
{
  const ConvokeImportPlace *place = convoke_revival_wait (target);
  g_auto (Property) property = { NULL, };
  ConvokeWireWriter writer;
  ConvokeChannelReply reply;
  gboolean done;

  convoke_wire_writer_init (&writer);
  done = put_property (&property, place, pspec, CONVOKE_REQUEST_GET, &writer, error) &&
         convoke_channel_request (place->channel, &writer, -1, NULL, &reply, error);
  convoke_wire_writer_clear (&writer);
  if (!done)
    return FALSE;

  done = get_value (place, &property, &reply.reader, value, error);
  convoke_channel_clear_reply (&reply);
  return done;
}

static gboolean
send_value (const ConvokeImportPlace  *place,
            const Property            *property,
            const GValue              *value,
            ConvokeWireWriter         *writer,
            GError                   **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeChannelReply reply;
  gboolean done;

  convoke_parcel_init (&parcel, place->table, NULL);
  if (!convoke_wire_write_gvalue (writer, &property->info->type, value, &parcel.refs, error))
    {
      g_prefix_error (error, "The property '%s' of %s ", property->info->name, property->iface->name);
      return FALSE;
    }

  done = convoke_channel_request (place->channel, writer, -1, NULL, &reply, error);
  convoke_parcel_sent (&parcel);
  if (done)
    convoke_channel_clear_reply (&reply);
  return done;
}

gboolean
convoke_remote_property_write (ConvokeImport  *target,
                               GParamSpec     *pspec,
                               const GValue   *value,
                               GError        **error)
{
  const ConvokeImportPlace *place = convoke_revival_wait (target);
  g_auto (Property) property = { NULL, };
  ConvokeWireWriter writer;
  gboolean done;

  convoke_wire_writer_init (&writer);
  done = put_property (&property, place, pspec, CONVOKE_REQUEST_SET, &writer, error) &&
         send_value (place, &property, value, &writer, error);
  convoke_wire_writer_clear (&writer);

  return done;
}

/* --- at the object --- */

static gboolean
check_type (const Property  *self,
            const char      *type,
            GError         **error)
{
  if (strcmp (self->type, type) == 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
               "The property '%s' of %s is %s here, and %s was asked for",
               self->info->name, self->iface->name, self->type, type);
  return FALSE;
}

static GType
find_interface (GObject     *object,
                const char  *name,
                GError     **error)
{
  GType iface = g_type_from_name (name);

  if (G_TYPE_IS_INTERFACE (iface) && g_type_is_a (G_OBJECT_TYPE (object), iface))
    return iface;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE, "%s does not implement %s",
               G_OBJECT_TYPE_NAME (object), name);
  return G_TYPE_INVALID;
}

static gboolean
read_property (Property           *self,
               GObject            *object,
               ConvokeWireReader  *body,
               GError            **error)
{
  const char *iface, *name, *type;
  GType gtype;

  if (!convoke_wire_get_name (body, &iface, error) ||
      !convoke_wire_get_name (body, &name, error) ||
      !convoke_wire_get_name (body, &type, error))
    return FALSE;

  gtype = find_interface (object, iface, error);
  return gtype != G_TYPE_INVALID && property_init (self, gtype, name, error) && check_type (self, type, error);
}

static GParamSpec *
find_pspec (const Property  *self,
            GObject         *object,
            GParamFlags      needed,
            GError         **error)
{
  gpointer iface = g_type_default_interface_peek (self->iface->gtype);
  GParamSpec *promised = iface != NULL ? g_object_interface_find_property (iface, self->info->name) : NULL;
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), self->info->name);

  if (promised == NULL || pspec == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD, "%s has no property '%s'",
                   G_OBJECT_TYPE_NAME (object), self->info->name);
      return NULL;
    }

  if ((promised->flags & pspec->flags & needed) == needed &&
      !(needed == G_PARAM_WRITABLE && (pspec->flags & G_PARAM_CONSTRUCT_ONLY)))
    return pspec;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s cannot be %s",
               self->info->name, self->iface->name, needed == G_PARAM_READABLE ? "read" : "written");
  return NULL;
}

static gboolean
put_value (ConvokeChannel     *channel,
           const Property     *property,
           const GValue       *value,
           ConvokeWireWriter  *reply,
           GError            **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), NULL);
  if (!convoke_wire_write_gvalue (reply, &property->info->type, value, &parcel.refs, error))
    {
      g_prefix_error (error, "The property '%s' of %s ", property->info->name, property->iface->name);
      return FALSE;
    }

  convoke_parcel_sent (&parcel);
  return TRUE;
}

gboolean
convoke_remote_property_serve_get (ConvokeChannel     *channel,
                                   GObject            *object,
                                   ConvokeWireReader  *body,
                                   ConvokeWireWriter  *reply,
                                   GError            **error)
{
  g_auto (Property) property = { NULL, };
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec;

  if (!read_property (&property, object, body, error) || !convoke_wire_reader_end (body, error))
    return FALSE;

  pspec = find_pspec (&property, object, G_PARAM_READABLE, error);
  if (pspec == NULL)
    return FALSE;

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
  g_object_get_property (object, pspec->name, &value);
  return put_value (channel, &property, &value, reply, error);
}

static gboolean
take_value (ConvokeChannel     *channel,
            const Property     *property,
            ConvokeWireReader  *body,
            GValue             *value,
            GError            **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), NULL);
  return convoke_wire_read_gvalue (body, &property->info->type, value, &parcel.refs, error) &&
         convoke_wire_reader_end (body, error);
}

/* Out of range, or an object of another class than the object's own property takes. */
static gboolean
check_value (const Property  *self,
             GParamSpec      *pspec,
             const GValue    *value,
             GError         **error)
{
  g_auto (GValue) copy = G_VALUE_INIT;

  g_value_init (&copy, G_PARAM_SPEC_VALUE_TYPE (pspec));
  if (g_value_transform (value, &copy) &&
      (!g_param_value_validate (pspec, &copy) || (pspec->flags & G_PARAM_LAX_VALIDATION)))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "The value for the property '%s' of %s is not one that it can have",
               self->info->name, self->iface->name);
  return FALSE;
}

gboolean
convoke_remote_property_serve_set (ConvokeChannel     *channel,
                                   GObject            *object,
                                   ConvokeWireReader  *body,
                                   ConvokeWireWriter  *reply,
                                   GError            **error)
{
  g_auto (Property) property = { NULL, };
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec;

  if (!read_property (&property, object, body, error))
    return FALSE;

  pspec = find_pspec (&property, object, G_PARAM_WRITABLE, error);
  if (pspec == NULL)
    return FALSE;

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
  if (!take_value (channel, &property, body, &value, error) ||
      !check_value (&property, pspec, &value, error))
    return FALSE;

  g_object_set_property (object, pspec->name, &value);
  return TRUE;
}

__attribute__ ((constructor)) static void
install_handlers (void)
{
  convoke_request_handlers[CONVOKE_REQUEST_GET] = convoke_remote_property_serve_get;
  convoke_request_handlers[CONVOKE_REQUEST_SET] = convoke_remote_property_serve_set;
}
