/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-remote-signal-private.h"
#include "convoke-typelib-private.h"

/* --- a signal that both sides can describe --- */

static gboolean
value_crosses (const ConvokeArgInfo *arg)
{
  return arg->direction == CONVOKE_DIRECTION_IN && arg->type.length_arg < 0 &&
         convoke_wire_type_get_refusal (&arg->type) == NULL;
}

static gboolean
has_result (const ConvokeSignalInfo *info)
{
  return info->callable.ret.type.kind != CONVOKE_TYPE_KIND_VOID || info->callable.ret.type.is_pointer;
}

static gboolean
signal_crosses (const ConvokeSignalInfo *info,
                const GSignalQuery      *query)
{
  if (query->n_params != info->callable.n_args || (query->return_type != G_TYPE_NONE) != has_result (info))
    return FALSE;

  for (guint i = 0; i < info->callable.n_args; i++)
    if (!value_crosses (&info->callable.args[i]))
      return FALSE;

  return !has_result (info) || convoke_wire_type_get_refusal (&info->callable.ret.type) == NULL;
}

static char *
describe_types (const ConvokeCallableInfo *callable)
{
  GString *text = g_string_new ("(");

  for (guint i = 0; i <= callable->n_args; i++)
    {
      const ConvokeTypeInfo *type = i < callable->n_args ? &callable->args[i].type : &callable->ret.type;
      g_autofree char *name = convoke_type_info_to_string (type);

      g_string_append (text, i == callable->n_args ? ")" : i > 0 ? "," : "");
      g_string_append (text, name);
    }

  return g_string_free (text, FALSE);
}

gboolean
convoke_remote_signal_init (ConvokeRemoteSignal        *self,
                            const ConvokeInterfaceInfo *iface,
                            const ConvokeSignalInfo    *info)
{
  GSignalQuery query;

  self->iface = iface;
  self->info = info;
  self->id = g_signal_lookup (info->callable.name, iface->gtype);
  if (self->id == 0)
    return FALSE;

  g_signal_query (self->id, &query);
  if (!signal_crosses (info, &query))
    return FALSE;

  self->types = describe_types (&info->callable);
  return TRUE;
}

void
convoke_remote_signal_clear (ConvokeRemoteSignal *self)
{
  g_clear_pointer (&self->types, g_free);
}

gboolean
convoke_remote_signal_asks (const ConvokeRemoteSignal *self)
{
  return has_result (self->info);
}

/* --- writing --- */

/* The references that are written, noted. */
typedef struct
{
  const ConvokeWireRefs *refs;
  GArray                *places;  /* (element-type guint32) from @start on */
  gsize                  start;
} Notes;

static gboolean
write_noted (gpointer                data,
             ConvokeWireWriter      *writer,
             GObject                *object,
             const ConvokeTypeInfo  *type,
             GError                **error)
{
  Notes *self = data;
  guint32 place = writer->length - self->start;

  if (!self->refs->write_object (self->refs->data, writer, object, type, error))
    return FALSE;

  g_array_append_val (self->places, place);
  return TRUE;
}

static void
put_places (ConvokeWireWriter *writer,
            const GArray      *places)
{
  convoke_wire_put_u16 (writer, places->len);
  for (guint i = 0; i < places->len; i++)
    convoke_wire_put_u32 (writer, g_array_index (places, guint32, i));
}

static gboolean
put_values (ConvokeWireWriter          *writer,
            const ConvokeRemoteSignal  *signal,
            const GValue               *params,
            const ConvokeWireRefs      *refs,
            GError                    **error)
{
  for (guint i = 0; i < signal->info->callable.n_args; i++)
    if (!convoke_wire_write_gvalue (writer, &signal->info->callable.args[i].type, &params[1 + i], refs, error))
      return FALSE;

  return TRUE;
}

static gboolean
is_detailed (const ConvokeRemoteSignal *self)
{
  GSignalQuery query;

  g_signal_query (self->id, &query);
  return (query.signal_flags & G_SIGNAL_DETAILED) != 0;
}

/*
 * GIO emits with what g_quark_try_string () finds, since a detail that nobody
 * has named has no handlers: none in the emitter's process. There the detail
 * is, by all custom, the signal's first value.
 */
static const char *
get_detail (const ConvokeRemoteSignal *self,
            GQuark                     detail,
            const GValue              *params)
{
  const char *first;

  if (detail != 0)
    return g_quark_to_string (detail);
  if (self->info->callable.n_args == 0 || !G_VALUE_HOLDS_STRING (&params[1]) || !is_detailed (self))
    return NULL;

  first = g_value_get_string (&params[1]);
  return g_quark_try_string (first) == 0 ? first : NULL;
}

static void
set_size (ConvokeWireWriter *writer,
          gsize              start)
{
  guint32 size = GUINT32_TO_LE ((guint32) (writer->length - start));

  memcpy (writer->data + start, &size, sizeof size);
}

gboolean
convoke_remote_signal_write (const ConvokeRemoteSignal  *self,
                             ConvokeWireWriter          *writer,
                             GQuark                      detail,
                             const GValue               *params,
                             const ConvokeWireRefs      *refs,
                             GError                    **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint32));
  Notes notes = { refs, places, writer->length };
  const ConvokeWireRefs noting = { &notes, write_noted, refs->read_object };

  convoke_wire_put_u32 (writer, 0);
  convoke_wire_put_string (writer, self->iface->type_name);
  convoke_wire_put_string (writer, self->info->callable.name);
  convoke_wire_put_string (writer, self->types);
  convoke_wire_put_string (writer, get_detail (self, detail, params));
  if (!put_values (writer, self, params, &noting, error))
    return FALSE;

  set_size (writer, notes.start);
  put_places (writer, places);
  return TRUE;
}

/* --- reading --- */

static gboolean
find_references (ConvokeRemoteSignalBody  *self,
                 guint32                   size,
                 GError                  **error)
{
  self->references = self->values;
  self->references.position = self->start;
  return convoke_wire_reader_skip (&self->references, size, error) != NULL;
}

gboolean
convoke_remote_signal_read (ConvokeRemoteSignalBody  *self,
                            ConvokeWireReader        *reader,
                            GError                  **error)
{
  guint32 size;

  self->start = reader->position;
  if (!convoke_wire_get_u32 (reader, &size, error) ||
      !convoke_wire_get_name (reader, &self->iface, error) ||
      !convoke_wire_get_name (reader, &self->signal, error) ||
      !convoke_wire_get_name (reader, &self->types, error) ||
      !convoke_wire_get_string (reader, &self->detail, error))
    return FALSE;

  self->values = *reader;
  return find_references (self, size, error);
}

static const ConvokeSignalInfo *
find_info (const ConvokeInterfaceInfo *iface,
           const char                 *name)
{
  for (guint i = 0; i < iface->n_signals; i++)
    if (strcmp (iface->signals[i].callable.name, name) == 0)
      return &iface->signals[i];

  return NULL;
}

gboolean
convoke_remote_signal_find (const ConvokeRemoteSignalBody *self,
                            ConvokeRemoteSignal           *signal)
{
  GType type = g_type_from_name (self->iface);
  const ConvokeInterfaceInfo *iface;
  const ConvokeSignalInfo *info;

  *signal = (ConvokeRemoteSignal) { NULL, };
  if (!G_TYPE_IS_INTERFACE (type))
    return FALSE;

  iface = convoke_interface_info_lookup (type, NULL);
  info = iface != NULL ? find_info (iface, self->signal) : NULL;

  return info != NULL && convoke_remote_signal_init (signal, iface, info) && strcmp (signal->types, self->types) == 0;
}

/* A handler for a detail has made the detail known here; what is unknown must not fill the memory. */
GQuark
convoke_remote_signal_find_detail (const ConvokeRemoteSignalBody *self,
                                   const ConvokeRemoteSignal     *signal)
{
  return self->detail != NULL && is_detailed (signal) ? g_quark_try_string (self->detail) : 0;
}

gboolean
convoke_remote_signal_read_values (ConvokeRemoteSignalBody    *self,
                                   const ConvokeRemoteSignal  *signal,
                                   ConvokeEmission            *emission,
                                   const ConvokeWireRefs      *refs,
                                   GError                    **error)
{
  GSignalQuery query;

  g_signal_query (signal->id, &query);
  for (guint i = 0; i < query.n_params; i++)
    {
      GValue *value = &emission->values[1 + i];

      g_value_init (value, query.param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE);
      if (!convoke_wire_read_gvalue (&self->values, &signal->info->callable.args[i].type, value, refs, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
drop_reference (const ConvokeRemoteSignalBody  *self,
                guint32                         place,
                const ConvokeWireRefs          *refs,
                GError                        **error)
{
  const ConvokeTypeInfo any = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject" };
  ConvokeWireReader reader = self->references;
  g_autoptr (GObject) object = NULL;

  reader.position = self->start;
  if (convoke_wire_reader_skip (&reader, place, error) == NULL)
    return FALSE;

  object = refs->read_object (refs->data, &reader, &any, error);
  return object != NULL;
}

gboolean
convoke_remote_signal_drop (ConvokeRemoteSignalBody  *self,
                            const ConvokeWireRefs    *refs,
                            GError                  **error)
{
  guint16 n_places;

  if (!convoke_wire_get_u16 (&self->references, &n_places, error))
    return FALSE;

  for (guint i = 0; i < n_places; i++)
    {
      guint32 place;

      if (!convoke_wire_get_u32 (&self->references, &place, error) ||
          !drop_reference (self, place, refs, error))
        return FALSE;
    }

  return convoke_wire_reader_end (&self->references, error);
}
