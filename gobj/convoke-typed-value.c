/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-typed-kinds-private.h"

/* --- messages --- */

gboolean
convoke_typed_fail_wants (GError     **error,
                          const char  *wanted,
                          const char  *got)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "wants %s, got %s", wanted, got);
  return FALSE;
}

static const char *
describe_kind (const ConvokeTypeInfo *type)
{
  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_BOOLEAN:
      return "a boolean";
    case CONVOKE_TYPE_KIND_FLOAT:
    case CONVOKE_TYPE_KIND_DOUBLE:
      return "a number";
    case CONVOKE_TYPE_KIND_UNICHAR:
      return "a Unicode character";
    case CONVOKE_TYPE_KIND_GTYPE:
      return "a GType";
    case CONVOKE_TYPE_KIND_UTF8:
    case CONVOKE_TYPE_KIND_FILENAME:
      return "a string";
    case CONVOKE_TYPE_KIND_VARIANT:
      return "a GVariant";
    case CONVOKE_TYPE_KIND_BYTES:
    case CONVOKE_TYPE_KIND_BYTE_ARRAY:
      return "bytes";
    case CONVOKE_TYPE_KIND_ARRAY:
    case CONVOKE_TYPE_KIND_GARRAY:
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      return "an array";
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return "a hash table";
    case CONVOKE_TYPE_KIND_ERROR:
      return "a GError";
    case CONVOKE_TYPE_KIND_PARAM:
      return "a GParamSpec";
    case CONVOKE_TYPE_KIND_CALLBACK:
      return "a pointer to a function";
    case CONVOKE_TYPE_KIND_POINTER:
      return "a pointer";
    case CONVOKE_TYPE_KIND_ENUM:
    case CONVOKE_TYPE_KIND_FLAGS:
      return NULL;
    default:
      return convoke_type_is_integer (type) ? "a whole number" : NULL;
    }
}

gboolean
convoke_typed_fail_type (const ConvokeTypeInfo  *type,
                         const GValue           *value,
                         GError                **error)
{
  const char *wanted = describe_kind (type);

  if (wanted == NULL)
    wanted = type->name != NULL ? type->name : type->type_name;

  return convoke_typed_fail_wants (error, wanted != NULL ? wanted : "another type", G_VALUE_TYPE_NAME (value));
}

/* --- strings and bytes --- */

gboolean
convoke_typed_fail_utf8 (GError **error)
{
  return convoke_typed_fail_wants (error, "valid UTF-8", "other bytes");
}

static gboolean
utf8_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *text;

  if (!G_VALUE_HOLDS_STRING (value))
    return convoke_typed_fail_type (type, value, error);

  text = g_value_get_string (value);
  if (text != NULL && type->kind == CONVOKE_TYPE_KIND_UTF8 && !g_utf8_validate (text, -1, NULL))
    return convoke_typed_fail_utf8 (error);

  *(char **) dest = g_strdup (text);
  return TRUE;
}

static void
utf8_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_STRING);
  g_value_set_string (value, *(char **) location);
}

static gboolean
variant_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (!G_VALUE_HOLDS_VARIANT (value))
    return convoke_typed_fail_type (type, value, error);

  *(GVariant **) dest = g_value_dup_variant (value);
  return TRUE;
}

static void
variant_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_VARIANT);
  g_value_set_variant (value, *(GVariant **) location);
}

GBytes *
convoke_typed_dup_bytes (const GValue *value,
                         gboolean     *found)
{
  *found = TRUE;

  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return g_value_dup_boxed (value);

  if (G_VALUE_HOLDS (value, G_TYPE_BYTE_ARRAY))
    {
      GByteArray *array = g_value_get_boxed (value);

      return array != NULL ? g_bytes_new (array->data, array->len) : NULL;
    }

  if (G_VALUE_HOLDS_VARIANT (value))
    {
      GVariant *variant = g_value_get_variant (value);

      if (variant != NULL && g_variant_is_of_type (variant, G_VARIANT_TYPE_BYTESTRING))
        return g_variant_get_data_as_bytes (variant);
    }

  *found = FALSE;
  return NULL;
}

static gboolean
bytes_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  gboolean found;
  GBytes *bytes = convoke_typed_dup_bytes (value, &found);

  if (!found)
    return convoke_typed_fail_type (type, value, error);

  if (type->kind == CONVOKE_TYPE_KIND_BYTES || bytes == NULL)
    *(gpointer *) dest = bytes;
  else
    *(gpointer *) dest = g_bytes_unref_to_array (bytes);

  return TRUE;
}

static void
bytes_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, type->kind == CONVOKE_TYPE_KIND_BYTES ? G_TYPE_BYTES : G_TYPE_BYTE_ARRAY);
  if (type->kind == CONVOKE_TYPE_KIND_BYTES || *(gpointer *) location == NULL)
    {
      g_value_set_boxed (value, *(gpointer *) location);
    }
  else
    {
      gpointer copy = NULL;

      convoke_value_copy (type, &copy, location, n, NULL);
      g_value_take_boxed (value, copy);
    }
}

/* --- what GObject knows: boxed types, instances --- */

gboolean
convoke_typed_copy_pointer (const ConvokeTypeInfo  *type,
                            gpointer                dest,
                            gpointer                pointer,
                            GError                **error)
{
  return convoke_value_copy (type, dest, &pointer, -1, error);
}

static gboolean
boxed_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  GType gtype = type->kind == CONVOKE_TYPE_KIND_ERROR ? G_TYPE_ERROR : convoke_type_find_gtype (type);

  if (gtype == G_TYPE_INVALID || !G_VALUE_HOLDS_BOXED (value) || !G_VALUE_HOLDS (value, gtype))
    return convoke_typed_fail_type (type, value, error);

  return convoke_typed_copy_pointer (type, dest, g_value_get_boxed (value), error);
}

static void
boxed_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  GType gtype = type->kind == CONVOKE_TYPE_KIND_ERROR ? G_TYPE_ERROR : convoke_type_find_gtype (type);

  /* Without its type it cannot be copied; it was refused when it came out. */
  if (gtype == G_TYPE_INVALID)
    {
      g_value_init (value, G_TYPE_POINTER);
      return;
    }

  g_value_init (value, gtype);
  g_value_set_boxed (value, *(gpointer *) location);
}

static gboolean
struct_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  GBytes *bytes;

  if (!G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return convoke_typed_fail_type (type, value, error);

  bytes = g_value_get_boxed (value);
  if (bytes == NULL)
    return TRUE;

  if (g_bytes_get_size (bytes) != type->size)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "wants the %" G_GSIZE_FORMAT " bytes of %s, got %" G_GSIZE_FORMAT,
                   type->size, type->name, g_bytes_get_size (bytes));
      return FALSE;
    }

  return convoke_typed_copy_pointer (type, dest, (gpointer) g_bytes_get_data (bytes, NULL), error);
}

static void
struct_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  gconstpointer block = *(gpointer *) location;

  g_value_init (value, G_TYPE_BYTES);
  if (block != NULL)
    g_value_take_boxed (value, g_bytes_new (block, type->size));
}

static gboolean
instance_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  GType gtype = type->kind == CONVOKE_TYPE_KIND_PARAM ? G_TYPE_PARAM : convoke_type_find_gtype (type);
  gpointer instance;

  if (!G_TYPE_IS_INSTANTIATABLE (G_VALUE_TYPE (value)) && !G_TYPE_IS_INTERFACE (G_VALUE_TYPE (value)))
    return convoke_typed_fail_type (type, value, error);

  instance = g_value_peek_pointer (value);
  if (instance == NULL)
    return TRUE;

  /* A class that is not registered has no instances. */
  if (gtype == G_TYPE_INVALID || !g_type_is_a (G_TYPE_FROM_INSTANCE (instance), gtype))
    {
      return convoke_typed_fail_wants (error, type->name != NULL ? type->name : type->type_name,
                         g_type_name (G_TYPE_FROM_INSTANCE (instance)));
    }

  return convoke_typed_copy_pointer (type, dest, instance, error);
}

static void
instance_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  gpointer instance = *(gpointer *) location;
  GType gtype = type->kind == CONVOKE_TYPE_KIND_PARAM ? G_TYPE_PARAM : convoke_type_find_gtype (type);

  if (gtype == G_TYPE_INVALID || (instance != NULL && !g_type_is_a (G_TYPE_FROM_INSTANCE (instance), gtype)))
    gtype = instance != NULL ? G_TYPE_FROM_INSTANCE (instance) : G_TYPE_OBJECT;

  g_value_init (value, gtype);
  g_value_set_instance (value, instance);
}

static gboolean
gvalue_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (G_VALUE_HOLDS (value, G_TYPE_VALUE))
    return convoke_typed_copy_pointer (type, dest, g_value_get_boxed (value), error);

  return convoke_typed_copy_pointer (type, dest, (gpointer) value, error);
}

static void
gvalue_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  const GValue *inner = *(GValue **) location;

  if (inner == NULL || !G_IS_VALUE (inner))
    {
      g_value_init (value, G_TYPE_VALUE);
      return;
    }

  g_value_init (value, G_VALUE_TYPE (inner));
  g_value_copy (inner, value);
}

/* A GType's value is derived from a pointer's, but it points to nothing. */
static gboolean
holds_pointer (const GValue *value)
{
  return G_VALUE_HOLDS_POINTER (value) && !G_VALUE_HOLDS_GTYPE (value);
}

/* Functions and what nobody knows more about. */
static gboolean
pointer_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (!holds_pointer (value))
    return convoke_typed_fail_type (type, value, error);

  *(gpointer *) dest = g_value_get_pointer (value);
  return TRUE;
}

static void
pointer_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_POINTER);
  g_value_set_pointer (value, *(gpointer *) location);
}

/* --- the table --- */

typedef struct
{
  ConvokeTypedFrom from;
  ConvokeTypedTo   to;
} Conversion;

static const Conversion conversions[] = {
  [CONVOKE_TYPE_KIND_VOID]       = { pointer_from, pointer_to },
  [CONVOKE_TYPE_KIND_BOOLEAN]    = { convoke_typed_boolean_from, convoke_typed_boolean_to },
  [CONVOKE_TYPE_KIND_INT8]       = { convoke_typed_integer_from, convoke_typed_int8_to },
  [CONVOKE_TYPE_KIND_UINT8]      = { convoke_typed_integer_from, convoke_typed_uint8_to },
  [CONVOKE_TYPE_KIND_INT16]      = { convoke_typed_integer_from, convoke_typed_int_to },
  [CONVOKE_TYPE_KIND_UINT16]     = { convoke_typed_integer_from, convoke_typed_uint_to },
  [CONVOKE_TYPE_KIND_INT32]      = { convoke_typed_integer_from, convoke_typed_int_to },
  [CONVOKE_TYPE_KIND_UINT32]     = { convoke_typed_integer_from, convoke_typed_uint_to },
  [CONVOKE_TYPE_KIND_INT64]      = { convoke_typed_integer_from, convoke_typed_int64_to },
  [CONVOKE_TYPE_KIND_UINT64]     = { convoke_typed_integer_from, convoke_typed_uint64_to },
  [CONVOKE_TYPE_KIND_FLOAT]      = { convoke_typed_float_from, convoke_typed_float_to },
  [CONVOKE_TYPE_KIND_DOUBLE]     = { convoke_typed_double_from, convoke_typed_double_to },
  [CONVOKE_TYPE_KIND_UNICHAR]    = { convoke_typed_unichar_from, convoke_typed_uint_to },
  [CONVOKE_TYPE_KIND_GTYPE]      = { convoke_typed_gtype_from, convoke_typed_gtype_to },
  [CONVOKE_TYPE_KIND_UTF8]       = { utf8_from, utf8_to },
  [CONVOKE_TYPE_KIND_FILENAME]   = { utf8_from, utf8_to },
  [CONVOKE_TYPE_KIND_ENUM]       = { convoke_typed_enum_from, convoke_typed_enum_to },
  [CONVOKE_TYPE_KIND_FLAGS]      = { convoke_typed_enum_from, convoke_typed_enum_to },
  [CONVOKE_TYPE_KIND_VARIANT]    = { variant_from, variant_to },
  [CONVOKE_TYPE_KIND_BYTES]      = { bytes_from, bytes_to },
  [CONVOKE_TYPE_KIND_ARRAY]      = { convoke_typed_sequence_from, convoke_typed_sequence_to },
  [CONVOKE_TYPE_KIND_GARRAY]     = { convoke_typed_sequence_from, convoke_typed_sequence_to },
  [CONVOKE_TYPE_KIND_PTR_ARRAY]  = { convoke_typed_sequence_from, convoke_typed_sequence_to },
  [CONVOKE_TYPE_KIND_BYTE_ARRAY] = { bytes_from, bytes_to },
  [CONVOKE_TYPE_KIND_LIST]       = { convoke_typed_sequence_from, convoke_typed_sequence_to },
  [CONVOKE_TYPE_KIND_SLIST]      = { convoke_typed_sequence_from, convoke_typed_sequence_to },
  [CONVOKE_TYPE_KIND_HASH_TABLE] = { convoke_typed_hash_table_from, convoke_typed_hash_table_to },
  [CONVOKE_TYPE_KIND_ERROR]      = { boxed_from, boxed_to },
  [CONVOKE_TYPE_KIND_VALUE]      = { gvalue_from, gvalue_to },
  [CONVOKE_TYPE_KIND_BOXED]      = { boxed_from, boxed_to },
  [CONVOKE_TYPE_KIND_STRUCT]     = { struct_from, struct_to },
  [CONVOKE_TYPE_KIND_UNION]      = { boxed_from, boxed_to },
  [CONVOKE_TYPE_KIND_OBJECT]     = { instance_from, instance_to },
  [CONVOKE_TYPE_KIND_INTERFACE]  = { instance_from, instance_to },
  [CONVOKE_TYPE_KIND_PARAM]      = { instance_from, instance_to },
  [CONVOKE_TYPE_KIND_CALLBACK]   = { pointer_from, pointer_to },
  [CONVOKE_TYPE_KIND_POINTER]    = { pointer_from, pointer_to },
};

static const Conversion *
conversion_of (const ConvokeTypeInfo *type)
{
  ConvokeTypeKind layout = convoke_type_get_layout (type);

  return &conversions[layout == CONVOKE_TYPE_KIND_POINTER ? layout : type->kind];
}

/* A plain pointer is the value itself in C's own form, where that says how
 * long it is. */
static gboolean
from_pointer (const ConvokeTypeInfo  *type,
              gpointer                dest,
              gssize                 *n,
              gpointer                pointer,
              GError                **error)
{
  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && type->length_arg >= 0 && pointer != NULL)
    return convoke_typed_fail_wants (error, "an array that knows its length", "a pointer");

  if (n != NULL)
    *n = 0;

  return convoke_typed_copy_pointer (type, dest, pointer, error);
}

static gboolean
is_empty_by_nature (const ConvokeTypeInfo *type,
                    gssize                 n)
{
  return type->kind == CONVOKE_TYPE_KIND_LIST || type->kind == CONVOKE_TYPE_KIND_SLIST ||
         (type->kind == CONVOKE_TYPE_KIND_ARRAY && type->length_arg >= 0);
}

gboolean
convoke_type_from_gvalue (const ConvokeTypeInfo  *type,
                          gboolean                nullable,
                          gpointer                dest,
                          gssize                 *n,
                          const GValue           *value,
                          GError                **error)
{
  gboolean plain = convoke_type_is_plain (type);

  if (!G_IS_VALUE (value))
    {
      return convoke_typed_fail_wants (error, describe_kind (type) != NULL ? describe_kind (type) : type->name, "no value");
    }

  if (!plain)
    *(gpointer *) dest = NULL;

  if (!plain && holds_pointer (value) && type->kind != CONVOKE_TYPE_KIND_VALUE)
    {
      if (!from_pointer (type, dest, n, g_value_get_pointer (value), error))
        return FALSE;
    }
  else if (!conversion_of (type)->from (type, dest, n, value, error))
    {
      return FALSE;
    }

  if ((plain && type->kind != CONVOKE_TYPE_KIND_CALLBACK) || nullable || *(gpointer *) dest != NULL ||
      is_empty_by_nature (type, 0))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "must not be NULL");
  return FALSE;
}

void
convoke_type_to_gvalue (const ConvokeTypeInfo *type,
                        gpointer               location,
                        gssize                 n,
                        GValue                *value)
{
  conversion_of (type)->to (type, location, n, value);
}
