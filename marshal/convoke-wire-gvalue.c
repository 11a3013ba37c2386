/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-typed-value-private.h"
#include "convoke-wire-kinds-private.h"

/*
 * A GValue travels in one of two ways. Where the type is described (a
 * property, an argument of a signal) both sides know it and only the value is
 * written. A GValue that is itself an argument begins with the name of its
 * type, and can hold what this file's table has.
 */

/* --- typed by name --- */

/* GLib registers these when somebody asks for them. */
typedef struct
{
  GType           (*get_type) (void);
  ConvokeTypeKind   kind;
} LateKind;

static const LateKind late_kinds[] = {
  { g_bytes_get_type, CONVOKE_TYPE_KIND_BYTES },
  { g_byte_array_get_type, CONVOKE_TYPE_KIND_BYTE_ARRAY },
  { g_error_get_type, CONVOKE_TYPE_KIND_ERROR },
  { g_value_get_type, CONVOKE_TYPE_KIND_VALUE },
  { g_strv_get_type, CONVOKE_TYPE_KIND_ARRAY },
  { g_gtype_get_type, CONVOKE_TYPE_KIND_GTYPE },
};

static ConvokeTypeInfo string_info = {
  .kind = CONVOKE_TYPE_KIND_UTF8,
  .is_pointer = TRUE,
  .name = (char *) "utf8",
  .length_arg = -1,
  .fixed_size = -1,
};

/* A proxy has the interfaces of its object, not its class. */
static GType
travelling_type (const GValue *value)
{
  return G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)) == G_TYPE_OBJECT ? G_TYPE_OBJECT : G_VALUE_TYPE (value);
}

static ConvokeTypeKind
kind_of_late (GType gtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (late_kinds); i++)
    if (gtype == late_kinds[i].get_type ())
      return late_kinds[i].kind;

  return CONVOKE_TYPE_KIND_VOID;
}

static ConvokeTypeKind
kind_of_long (gboolean is_signed)
{
  if (is_signed)
    return sizeof (long) == 8 ? CONVOKE_TYPE_KIND_INT64 : CONVOKE_TYPE_KIND_INT32;

  return sizeof (long) == 8 ? CONVOKE_TYPE_KIND_UINT64 : CONVOKE_TYPE_KIND_UINT32;
}

static ConvokeTypeKind
kind_of_gtype (GType gtype)
{
  switch (G_TYPE_FUNDAMENTAL (gtype))
    {
    case G_TYPE_BOOLEAN:
      return CONVOKE_TYPE_KIND_BOOLEAN;
    case G_TYPE_CHAR:
      return CONVOKE_TYPE_KIND_INT8;
    case G_TYPE_UCHAR:
      return CONVOKE_TYPE_KIND_UINT8;
    case G_TYPE_INT:
    case G_TYPE_ENUM:
      return CONVOKE_TYPE_KIND_INT32;
    case G_TYPE_UINT:
    case G_TYPE_FLAGS:
      return CONVOKE_TYPE_KIND_UINT32;
    case G_TYPE_LONG:
      return kind_of_long (TRUE);
    case G_TYPE_ULONG:
      return kind_of_long (FALSE);
    case G_TYPE_INT64:
      return CONVOKE_TYPE_KIND_INT64;
    case G_TYPE_UINT64:
      return CONVOKE_TYPE_KIND_UINT64;
    case G_TYPE_FLOAT:
      return CONVOKE_TYPE_KIND_FLOAT;
    case G_TYPE_DOUBLE:
      return CONVOKE_TYPE_KIND_DOUBLE;
    case G_TYPE_STRING:
      return CONVOKE_TYPE_KIND_UTF8;
    case G_TYPE_VARIANT:
      return CONVOKE_TYPE_KIND_VARIANT;
    case G_TYPE_INTERFACE:
      return CONVOKE_TYPE_KIND_INTERFACE;
    case G_TYPE_OBJECT:
      return gtype == G_TYPE_OBJECT ? CONVOKE_TYPE_KIND_OBJECT : CONVOKE_TYPE_KIND_VOID;
    default:
      return kind_of_late (gtype);
    }
}

/* The description that a value of this type would have. FALSE when it cannot travel. */
static gboolean
describe (GType            gtype,
          ConvokeTypeInfo *info)
{
  *info = (ConvokeTypeInfo) {
    .kind = kind_of_gtype (gtype),
    .name = (char *) g_type_name (gtype),
    .type_name = (char *) g_type_name (gtype),
    .length_arg = -1,
    .fixed_size = -1,
  };

  if (info->kind == CONVOKE_TYPE_KIND_ARRAY)
    {
      info->zero_terminated = TRUE;
      info->element = &string_info;
    }

  return info->kind != CONVOKE_TYPE_KIND_VOID;
}

static gboolean get_location (const ConvokeTypeInfo *type, const GValue *value, gpointer location);
static gboolean take_location (const ConvokeTypeInfo *type, gpointer location, GValue *value);

gboolean
convoke_wire_write_typed (ConvokeWireWriter      *writer,
                          const GValue           *value,
                          const ConvokeWireRefs  *refs,
                          GError                **error)
{
  ConvokeTypeInfo info;
  guint64 location = 0;
  gboolean done;

  if (!G_IS_VALUE (value))
    {
      convoke_wire_put_string (writer, NULL);
      return TRUE;
    }

  if (!describe (travelling_type (value), &info))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "holds a %s, which cannot cross to another process", G_VALUE_TYPE_NAME (value));
      return FALSE;
    }

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  get_location (&info, value, &location);
  convoke_wire_put_string (writer, info.type_name);
  done = convoke_wire_write_value (writer, &info, &location, -1, TRUE, refs, error);
  writer->depth--;

  return done;
}

static GType
find_type (const char *name)
{
  GType gtype = g_type_from_name (name);

  for (guint i = 0; gtype == G_TYPE_INVALID && i < G_N_ELEMENTS (late_kinds); i++)
    {
      late_kinds[i].get_type ();
      gtype = g_type_from_name (name);
    }

  return gtype;
}

static gboolean
read_type (ConvokeWireReader  *reader,
           GType              *gtype,
           ConvokeTypeInfo    *info,
           GError            **error)
{
  const char *name;

  *gtype = G_TYPE_INVALID;
  if (!convoke_wire_get_string (reader, &name, error))
    return FALSE;
  if (name == NULL)
    return TRUE;

  *gtype = find_type (name);
  if (*gtype == G_TYPE_INVALID)
    return convoke_wire_fail_unknown_type (name, error);
  if (!G_TYPE_IS_VALUE (*gtype) || !describe (*gtype, info))
    return convoke_wire_fail (reader, error, "holds a '%s', which cannot be read here,", name);

  return TRUE;
}

gboolean
convoke_wire_read_typed (ConvokeWireReader      *reader,
                         GValue                 *value,
                         const ConvokeWireRefs  *refs,
                         GError                **error)
{
  ConvokeTypeInfo info;
  guint64 location = 0;
  GType gtype;

  if (!read_type (reader, &gtype, &info, error))
    return FALSE;
  if (gtype == G_TYPE_INVALID)
    return TRUE;

  if (!convoke_wire_enter_read (reader, error) ||
      !convoke_wire_read_value (reader, &info, &location, NULL, TRUE, refs, error))
    return FALSE;

  reader->depth--;
  g_value_init (value, gtype);
  if (take_location (&info, &location, value))
    return TRUE;

  g_value_unset (value);
  memset (value, 0, sizeof *value);
  return convoke_wire_fail (reader, error, "holds something else than a %s", info.type_name);
}

/* --- between a GValue and a value in C's own form --- */

static gboolean
get_scalar (const ConvokeTypeInfo *type,
            const GValue          *value,
            gpointer               location)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      return convoke_integer_write (type, location, g_value_get_boolean (value));
    case G_TYPE_CHAR:
      return convoke_integer_write (type, location, g_value_get_schar (value));
    case G_TYPE_UCHAR:
      return convoke_integer_write (type, location, g_value_get_uchar (value));
    case G_TYPE_INT:
      return convoke_integer_write (type, location, g_value_get_int (value));
    case G_TYPE_UINT:
      return convoke_integer_write (type, location, g_value_get_uint (value));
    case G_TYPE_LONG:
      return convoke_integer_write (type, location, g_value_get_long (value));
    case G_TYPE_ULONG:
      return convoke_integer_write (type, location, (gint64) g_value_get_ulong (value));
    case G_TYPE_INT64:
      return convoke_integer_write (type, location, g_value_get_int64 (value));
    case G_TYPE_UINT64:
      return convoke_integer_write (type, location, (gint64) g_value_get_uint64 (value));
    case G_TYPE_ENUM:
      return convoke_integer_write (type, location, g_value_get_enum (value));
    case G_TYPE_FLAGS:
      return convoke_integer_write (type, location, g_value_get_flags (value));
    default:
      return G_VALUE_HOLDS_GTYPE (value) &&
             convoke_integer_write (type, location, (gint64) g_value_get_gtype (value));
    }
}

static gboolean
take_scalar (gint64  number,
             GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, number != 0);
      return TRUE;
    case G_TYPE_CHAR:
      g_value_set_schar (value, (gint8) number);
      return TRUE;
    case G_TYPE_UCHAR:
      g_value_set_uchar (value, (guint8) number);
      return TRUE;
    case G_TYPE_INT:
      g_value_set_int (value, (int) number);
      return TRUE;
    case G_TYPE_UINT:
      g_value_set_uint (value, (guint) number);
      return TRUE;
    case G_TYPE_LONG:
      g_value_set_long (value, (long) number);
      return TRUE;
    case G_TYPE_ULONG:
      g_value_set_ulong (value, (gulong) number);
      return TRUE;
    case G_TYPE_INT64:
      g_value_set_int64 (value, number);
      return TRUE;
    case G_TYPE_UINT64:
      g_value_set_uint64 (value, (guint64) number);
      return TRUE;
    case G_TYPE_ENUM:
      g_value_set_enum (value, (int) number);
      return TRUE;
    case G_TYPE_FLAGS:
      g_value_set_flags (value, (guint) number);
      return TRUE;
    default:
      if (!G_VALUE_HOLDS_GTYPE (value))
        return FALSE;
      g_value_set_gtype (value, (GType) number);
      return TRUE;
    }
}

static gboolean
get_float (const ConvokeTypeInfo *type,
           const GValue          *value,
           gpointer               location)
{
  if (type->kind == CONVOKE_TYPE_KIND_FLOAT && G_VALUE_HOLDS_FLOAT (value))
    *(float *) location = g_value_get_float (value);
  else if (type->kind == CONVOKE_TYPE_KIND_DOUBLE && G_VALUE_HOLDS_DOUBLE (value))
    *(double *) location = g_value_get_double (value);
  else
    return FALSE;

  return TRUE;
}

static gboolean
take_float (const ConvokeTypeInfo *type,
            gconstpointer          location,
            GValue                *value)
{
  if (type->kind == CONVOKE_TYPE_KIND_FLOAT && G_VALUE_HOLDS_FLOAT (value))
    g_value_set_float (value, *(const float *) location);
  else if (type->kind == CONVOKE_TYPE_KIND_DOUBLE && G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, *(const double *) location);
  else
    return FALSE;

  return TRUE;
}

/* Whether a GValue of @gtype holds the pointer that C would have for @type. */
static gboolean
holds_pointer (const ConvokeTypeInfo *type,
               GType                  gtype)
{
  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_UTF8:
    case CONVOKE_TYPE_KIND_FILENAME:
      return G_TYPE_FUNDAMENTAL (gtype) == G_TYPE_STRING;
    case CONVOKE_TYPE_KIND_VARIANT:
      return gtype == G_TYPE_VARIANT;
    case CONVOKE_TYPE_KIND_OBJECT:
    case CONVOKE_TYPE_KIND_INTERFACE:
      return G_TYPE_FUNDAMENTAL (gtype) == G_TYPE_OBJECT || G_TYPE_FUNDAMENTAL (gtype) == G_TYPE_INTERFACE;
    case CONVOKE_TYPE_KIND_ARRAY:
      return gtype == G_TYPE_STRV && type->zero_terminated && type->element->kind == CONVOKE_TYPE_KIND_UTF8;
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return gtype == G_TYPE_HASH_TABLE;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      return gtype == G_TYPE_PTR_ARRAY;
    case CONVOKE_TYPE_KIND_GARRAY:
      return gtype == G_TYPE_ARRAY;
    case CONVOKE_TYPE_KIND_BOXED:
      return G_TYPE_FUNDAMENTAL (gtype) == G_TYPE_BOXED && gtype == convoke_type_find_gtype (type);
    default:
      return kind_of_late (gtype) == type->kind;
    }
}

/* Borrows what @value holds. */
static gboolean
get_location (const ConvokeTypeInfo *type,
              const GValue          *value,
              gpointer               location)
{
  if (convoke_type_is_integer (type))
    return get_scalar (type, value, location);
  if (convoke_type_is_plain (type))
    return get_float (type, value, location);
  if (!holds_pointer (type, G_VALUE_TYPE (value)))
    return FALSE;

  *(gpointer *) location = g_value_peek_pointer (value);
  return TRUE;
}

/* An object must be what the GValue is for: it was read as what the description says. */
static gboolean
take_object (gpointer  object,
             GValue   *value)
{
  if (object != NULL && !g_type_is_a (G_OBJECT_TYPE (object), G_VALUE_TYPE (value)))
    {
      g_object_unref (object);
      return FALSE;
    }

  g_value_take_object (value, object);
  return TRUE;
}

/* Takes what lies at @location, in any case. */
static gboolean
take_pointer (const ConvokeTypeInfo *type,
              gpointer               location,
              GValue                *value)
{
  gpointer pointer = *(gpointer *) location;

  if (!holds_pointer (type, G_VALUE_TYPE (value)))
    {
      convoke_value_clear (type, location, -1);
      return FALSE;
    }

  if (type->kind == CONVOKE_TYPE_KIND_OBJECT || type->kind == CONVOKE_TYPE_KIND_INTERFACE)
    return take_object (pointer, value);

  if (G_VALUE_HOLDS_STRING (value))
    g_value_take_string (value, pointer);
  else if (G_VALUE_HOLDS_VARIANT (value))
    g_value_take_variant (value, pointer);
  else
    g_value_take_boxed (value, pointer);

  return TRUE;
}

static gboolean
take_location (const ConvokeTypeInfo *type,
               gpointer               location,
               GValue                *value)
{
  if (convoke_type_is_integer (type))
    return take_scalar (convoke_integer_read (type, location), value);
  if (convoke_type_is_plain (type))
    return take_float (type, location, value);

  return take_pointer (type, location, value);
}

/* --- typed by a description --- */

/* What is to be put into a GValue of another type than the description's own. */
static gboolean
take_converted (ConvokeWireReader      *reader,
                const ConvokeTypeInfo  *type,
                gpointer                location,
                gssize                  n,
                GValue                 *value,
                GError                **error)
{
  GValue natural = G_VALUE_INIT;
  gboolean done;

  convoke_type_to_gvalue (type, location, n, &natural);
  convoke_value_clear (type, location, n);
  done = g_value_transform (&natural, value);
  g_value_unset (&natural);

  return done || convoke_wire_fail (reader, error, "cannot be put into a %s", G_VALUE_TYPE_NAME (value));
}

static gboolean
write_converted (ConvokeWireWriter      *writer,
                 const ConvokeTypeInfo  *type,
                 const GValue           *value,
                 const ConvokeWireRefs  *refs,
                 GError                **error)
{
  guint64 location = 0;
  gssize n = -1;
  gboolean done;

  if (!convoke_type_from_gvalue (type, TRUE, &location, &n, value, error))
    return FALSE;

  done = convoke_wire_write_value (writer, type, &location, n, TRUE, refs, error);
  convoke_value_clear (type, &location, n);

  return done;
}

/* A GValue as such is its own type; NULL stands for an unset one. */
static gboolean
write_any (ConvokeWireWriter      *writer,
           const GValue           *value,
           const ConvokeWireRefs  *refs,
           GError                **error)
{
  convoke_wire_put_u8 (writer, 1);
  return convoke_wire_write_typed (writer, value, refs, error);
}

static gboolean
write_described (ConvokeWireWriter      *writer,
                 const ConvokeTypeInfo  *type,
                 const GValue           *value,
                 const ConvokeWireRefs  *refs,
                 GError                **error)
{
  guint64 location = 0;

  if (type->kind == CONVOKE_TYPE_KIND_VALUE && !G_VALUE_HOLDS (value, G_TYPE_VALUE))
    return write_any (writer, value, refs, error);

  if (get_location (type, value, &location))
    return convoke_wire_write_value (writer, type, &location, -1, TRUE, refs, error);

  return write_converted (writer, type, value, refs, error);
}

gboolean
convoke_wire_write_gvalue (ConvokeWireWriter      *writer,
                           const ConvokeTypeInfo  *type,
                           const GValue           *value,
                           const ConvokeWireRefs  *refs,
                           GError                **error)
{
  const ConvokeWireMark mark = convoke_wire_mark (writer);

  if (write_described (writer, type, value, refs, error))
    return TRUE;

  convoke_wire_take_back (writer, &mark);
  return FALSE;
}

gboolean
convoke_wire_read_gvalue (ConvokeWireReader      *reader,
                          const ConvokeTypeInfo  *type,
                          GValue                 *value,
                          const ConvokeWireRefs  *refs,
                          GError                **error)
{
  guint64 location = 0;
  gssize n = -1;

  if (!convoke_wire_read_value (reader, type, &location, &n, TRUE, refs, error))
    return FALSE;

  if (!convoke_type_is_plain (type) && !holds_pointer (type, G_VALUE_TYPE (value)))
    return take_converted (reader, type, &location, n, value, error);

  return take_location (type, &location, value) ||
         convoke_wire_fail (reader, error, "cannot be put into a %s", G_VALUE_TYPE_NAME (value));
}
