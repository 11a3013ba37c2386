/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-wire-kinds-private.h"
#include "convoke-utf8-private.h"

/*
 * One row per kind: how a value at its location is written and read, and how
 * many bytes it takes at least. The bytes are told in docs/wire.md.
 */

typedef struct
{
  gboolean (*write) (ConvokeWireWriter *writer, const ConvokeTypeInfo *type, gconstpointer location,
                     gssize n, const ConvokeWireRefs *refs, GError **error);
  gboolean (*read)  (ConvokeWireReader *reader, const ConvokeTypeInfo *type, gpointer location,
                     gssize *n, const ConvokeWireRefs *refs, GError **error);
  guint8     least;
  guint8     number;  /* bytes of a number of which every pattern is a value, else 0 */
  guint      empty : 1;  /* NULL is a value of its own, whatever the annotation says */
} Kind;

static const Kind kinds[];
static const Kind variant_type_kind;

/* The one boxed type whose description says nothing and that interfaces without a process in mind use (GAction). */
static gboolean
is_variant_type (const ConvokeTypeInfo *type)
{
  return type->kind == CONVOKE_TYPE_KIND_BOXED && g_strcmp0 (type->type_name, "GVariantType") == 0;
}

static const Kind *
kind_of (const ConvokeTypeInfo *type)
{
  return is_variant_type (type) ? &variant_type_kind : &kinds[convoke_type_get_layout (type)];
}

#define WRITE(name) \
  static gboolean write_ ## name (ConvokeWireWriter *writer, const ConvokeTypeInfo *type, gconstpointer location, \
                                  gssize n, const ConvokeWireRefs *refs, GError **error)
#define READ(name) \
  static gboolean read_ ## name (ConvokeWireReader *reader, const ConvokeTypeInfo *type, gpointer location, \
                                 gssize *n, const ConvokeWireRefs *refs, GError **error)

/* --- numbers --- */

WRITE (number)
{
  convoke_wire_put_numbers (writer, location, kind_of (type)->number, 1);
  return TRUE;
}

READ (number)
{
  return convoke_wire_get_numbers (reader, location, kind_of (type)->number, 1, error);
}

WRITE (boolean)
{
  convoke_wire_put_u8 (writer, *(const gboolean *) location != FALSE);
  return TRUE;
}

READ (boolean)
{
  guint8 value;

  if (!convoke_wire_get_u8 (reader, &value, error))
    return FALSE;
  if (value > 1)
    return convoke_wire_fail (reader, error, "is the boolean %u", value);

  *(gboolean *) location = value;
  return TRUE;
}

WRITE (unichar)
{
  gunichar value = *(const gunichar *) location;

  if (value > 0x10ffff)
    return convoke_wire_refuse (error, "wants a Unicode character, got %u", value);

  convoke_wire_put_u32 (writer, value);
  return TRUE;
}

READ (unichar)
{
  guint32 value;

  if (!convoke_wire_get_u32 (reader, &value, error))
    return FALSE;
  if (value > 0x10ffff)
    return convoke_wire_fail (reader, error, "is the Unicode character %u", value);

  *(gunichar *) location = value;
  return TRUE;
}

WRITE (gtype)
{
  GType value = *(const GType *) location;

  convoke_wire_put_string (writer, value != G_TYPE_INVALID ? g_type_name (value) : NULL);
  return TRUE;
}

READ (gtype)
{
  const char *name;
  GType gtype = G_TYPE_INVALID;

  if (!convoke_wire_get_string (reader, &name, error))
    return FALSE;

  if (name != NULL)
    {
      gtype = g_type_from_name (name);
      if (gtype == G_TYPE_INVALID)
        return convoke_wire_fail_unknown_type (name, error);
    }

  *(GType *) location = gtype;
  return TRUE;
}

/* --- strings and bytes --- */

gboolean
convoke_wire_check_text (const char  *string,
                         gboolean     utf8,
                         GError     **error)
{
  gsize length = strlen (string);

  if (length > CONVOKE_WIRE_MAX_MESSAGE)
    return convoke_wire_refuse (error, "has %" G_GSIZE_FORMAT " bytes, more than a message takes", length);

  return !utf8 || convoke_utf8_check (string, length) ||
         convoke_wire_refuse (error, "wants valid UTF-8, got other bytes");
}

WRITE (string)
{
  const char *string = *(const char * const *) location;

  if (!convoke_wire_check_text (string, type->kind == CONVOKE_TYPE_KIND_UTF8, error))
    return FALSE;

  convoke_wire_put_string (writer, string);
  return TRUE;
}

READ (string)
{
  const char *string;

  if (!convoke_wire_get_text (reader, type->kind == CONVOKE_TYPE_KIND_UTF8, &string, error))
    return FALSE;

  *(char **) location = g_strdup (string);
  return TRUE;
}

WRITE (variant_type)
{
  g_autofree char *string = g_variant_type_dup_string (*(const GVariantType * const *) location);

  convoke_wire_put_string (writer, string);
  return TRUE;
}

READ (variant_type)
{
  const char *string;

  if (!convoke_wire_get_text (reader, TRUE, &string, error))
    return FALSE;
  if (!g_variant_type_string_is_valid (string))
    return convoke_wire_fail (reader, error, "is '%s', which is no type of variants", string);

  *(GVariantType **) location = g_variant_type_new (string);
  return TRUE;
}

static gboolean
write_block (ConvokeWireWriter  *writer,
             gconstpointer       data,
             gsize               length,
             GError            **error)
{
  if (length > CONVOKE_WIRE_MAX_MESSAGE)
    return convoke_wire_refuse (error, "has %" G_GSIZE_FORMAT " bytes, more than a message takes", length);

  convoke_wire_put_bytes (writer, data, length);
  return TRUE;
}

WRITE (bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (*(GBytes * const *) location, &length);

  return write_block (writer, data, length, error);
}

READ (bytes)
{
  gconstpointer data;
  gsize length;

  if (!convoke_wire_get_bytes (reader, &data, &length, error))
    return FALSE;

  *(GBytes **) location = g_bytes_new (data, length);
  return TRUE;
}

WRITE (byte_array)
{
  const GByteArray *array = *(GByteArray * const *) location;

  return write_block (writer, array->data, array->len, error);
}

READ (byte_array)
{
  gconstpointer data;
  gsize length;

  if (!convoke_wire_get_bytes (reader, &data, &length, error))
    return FALSE;

  *(GByteArray **) location = g_byte_array_append (g_byte_array_new (), data, (guint) length);
  return TRUE;
}

WRITE (variant)
{
  GVariant *variant = *(GVariant * const *) location;

  if (g_variant_get_size (variant) > CONVOKE_WIRE_MAX_MESSAGE)
    return convoke_wire_refuse (error, "has %" G_GSIZE_FORMAT " bytes, more than a message takes",
                                g_variant_get_size (variant));

  convoke_wire_put_variant (writer, variant);
  return TRUE;
}

READ (variant)
{
  *(GVariant **) location = convoke_wire_get_variant (reader, error);
  return *(GVariant **) location != NULL;
}

/* --- errors and values --- */

WRITE (error)
{
  convoke_wire_put_error (writer, *(GError * const *) location);
  return TRUE;
}

READ (error)
{
  *(GError **) location = convoke_wire_get_error (reader, error);
  return *(GError **) location != NULL;
}

WRITE (gvalue)
{
  convoke_wire_put_u8 (writer, 1);
  return convoke_wire_write_typed (writer, *(GValue * const *) location, refs, error);
}

/* After the byte that tells it from NULL. */
READ (gvalue)
{
  GValue *value = g_new0 (GValue, 1);

  reader->position++;
  if (!convoke_wire_read_typed (reader, value, refs, error))
    {
      g_free (value);
      return FALSE;
    }

  *(GValue **) location = value;
  return TRUE;
}

/* --- structs --- */

typedef struct
{
  const char      *name;
  ConvokeTypeKind  kind;
} FieldKind;

static const FieldKind field_kinds[] = {
  { "boolean", CONVOKE_TYPE_KIND_BOOLEAN },
  { "int8", CONVOKE_TYPE_KIND_INT8 },
  { "uint8", CONVOKE_TYPE_KIND_UINT8 },
  { "int16", CONVOKE_TYPE_KIND_INT16 },
  { "uint16", CONVOKE_TYPE_KIND_UINT16 },
  { "int32", CONVOKE_TYPE_KIND_INT32 },
  { "uint32", CONVOKE_TYPE_KIND_UINT32 },
  { "int64", CONVOKE_TYPE_KIND_INT64 },
  { "uint64", CONVOKE_TYPE_KIND_UINT64 },
  { "float", CONVOKE_TYPE_KIND_FLOAT },
  { "double", CONVOKE_TYPE_KIND_DOUBLE },
  { "unichar", CONVOKE_TYPE_KIND_UNICHAR },
};

/* Takes one "kind@offset" off the layout; VOID at its end, or where it is none. */
static ConvokeTypeKind
next_field (const char **layout,
            gsize       *offset)
{
  const char *at = strchr (*layout, '@');
  char *end;

  for (guint i = 0; at != NULL && i < G_N_ELEMENTS (field_kinds); i++)
    {
      gsize length = strlen (field_kinds[i].name);

      if (length != (gsize) (at - *layout) || memcmp (*layout, field_kinds[i].name, length) != 0)
        continue;

      *offset = (gsize) g_ascii_strtoull (at + 1, &end, 10);
      *layout = *end == ' ' ? end + 1 : end;
      return field_kinds[i].kind;
    }

  return CONVOKE_TYPE_KIND_VOID;
}

gboolean
convoke_wire_write_fields (ConvokeWireWriter      *writer,
                           const ConvokeTypeInfo  *type,
                           gconstpointer           block,
                           GError                **error)
{
  const char *layout = type->layout;
  ConvokeTypeInfo field = { 0, };
  gsize offset;

  while ((field.kind = next_field (&layout, &offset)) != CONVOKE_TYPE_KIND_VOID)
    if (!kinds[field.kind].write (writer, &field, (const guint8 *) block + offset, -1, NULL, error))
      return FALSE;

  return TRUE;
}

gboolean
convoke_wire_read_fields (ConvokeWireReader      *reader,
                          const ConvokeTypeInfo  *type,
                          gpointer                block,
                          GError                **error)
{
  const char *layout = type->layout;
  ConvokeTypeInfo field = { 0, };
  gsize offset;

  while ((field.kind = next_field (&layout, &offset)) != CONVOKE_TYPE_KIND_VOID)
    if (!kinds[field.kind].read (reader, &field, (guint8 *) block + offset, NULL, NULL, error))
      return FALSE;

  return TRUE;
}

/* Every field has a kind that is known, and lies inside. */
static gboolean
has_fields (const ConvokeTypeInfo *type)
{
  const char *layout = type->layout;
  ConvokeTypeInfo field = { 0, };
  gsize offset;

  if (!type->scalar_struct || type->size == 0 || layout == NULL)
    return FALSE;

  while ((field.kind = next_field (&layout, &offset)) != CONVOKE_TYPE_KIND_VOID)
    if (offset > type->size || convoke_type_get_size (&field) > type->size - offset)
      return FALSE;

  return *layout == '\0';
}

WRITE (struct)
{
  convoke_wire_put_u8 (writer, 1);
  return convoke_wire_write_fields (writer, type, *(gconstpointer const *) location, error);
}

/* A boxed type frees its values in its own way, so it also makes them. */
static gpointer
adopt_block (const ConvokeTypeInfo  *type,
             gpointer                block,
             GError                **error)
{
  GType gtype;
  gpointer copy;

  if (type->kind == CONVOKE_TYPE_KIND_STRUCT)
    return block;

  gtype = convoke_type_find_gtype (type);
  copy = gtype != G_TYPE_INVALID && G_TYPE_IS_BOXED (gtype) ? g_boxed_copy (gtype, block) : NULL;
  if (copy == block)
    copy = NULL;
  g_free (block);
  if (copy == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "is a %s, which cannot be made from its fields here", type->type_name);

  return copy;
}

READ (struct)
{
  gpointer block = g_malloc0 (type->size);

  reader->position++;
  if (!convoke_wire_read_fields (reader, type, block, error))
    {
      g_free (block);
      return FALSE;
    }

  *(gpointer *) location = adopt_block (type, block, error);
  return *(gpointer *) location != NULL;
}

/* --- objects --- */

gboolean
convoke_wire_write_object (ConvokeWireWriter      *writer,
                           const ConvokeTypeInfo  *type,
                           GObject                *object,
                           const ConvokeWireRefs  *refs,
                           GError                **error)
{
  if (!G_IS_OBJECT (object))
    return convoke_wire_refuse (error, "holds something that is no GObject");
  if (refs == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "holds an object where none can be referred to");
      return FALSE;
    }

  convoke_wire_put_u8 (writer, 1);
  return refs->write_object (refs->data, writer, object, type, error);
}

gboolean
convoke_wire_read_object (ConvokeWireReader      *reader,
                          const ConvokeTypeInfo  *type,
                          GObject               **object,
                          const ConvokeWireRefs  *refs,
                          GError                **error)
{
  reader->position++;
  if (refs == NULL)
    return convoke_wire_fail (reader, error, "holds an object where none can be referred to");

  *object = refs->read_object (refs->data, reader, type, error);
  return *object != NULL;
}

WRITE (object)
{
  return convoke_wire_write_object (writer, type, *(GObject * const *) location, refs, error);
}

READ (object)
{
  return convoke_wire_read_object (reader, type, location, refs, error);
}

/* --- the table --- */

#define NUMBER(ctype) \
  { write_number, read_number, .least = sizeof (ctype), .number = sizeof (ctype) }
#define SCALAR(name, size) \
  { write_ ## name, read_ ## name, .least = size }
#define POINTER(name, size, ...) \
  { write_ ## name, read_ ## name, .least = size, __VA_ARGS__ }
#define CONTAINER(name, ...) \
  { convoke_wire_write_ ## name, convoke_wire_read_ ## name, .least = 4, __VA_ARGS__ }

static const Kind kinds[] = {
  [CONVOKE_TYPE_KIND_BOOLEAN]    = SCALAR (boolean, 1),
  [CONVOKE_TYPE_KIND_INT8]       = NUMBER (gint8),
  [CONVOKE_TYPE_KIND_UINT8]      = NUMBER (guint8),
  [CONVOKE_TYPE_KIND_INT16]      = NUMBER (gint16),
  [CONVOKE_TYPE_KIND_UINT16]     = NUMBER (guint16),
  [CONVOKE_TYPE_KIND_INT32]      = NUMBER (gint32),
  [CONVOKE_TYPE_KIND_UINT32]     = NUMBER (guint32),
  [CONVOKE_TYPE_KIND_INT64]      = NUMBER (gint64),
  [CONVOKE_TYPE_KIND_UINT64]     = NUMBER (guint64),
  [CONVOKE_TYPE_KIND_FLOAT]      = NUMBER (float),
  [CONVOKE_TYPE_KIND_DOUBLE]     = NUMBER (double),
  [CONVOKE_TYPE_KIND_UNICHAR]    = SCALAR (unichar, 4),
  [CONVOKE_TYPE_KIND_GTYPE]      = SCALAR (gtype, 4),
  [CONVOKE_TYPE_KIND_UTF8]       = POINTER (string, 4),
  [CONVOKE_TYPE_KIND_FILENAME]   = POINTER (string, 4),
  [CONVOKE_TYPE_KIND_VARIANT]    = POINTER (variant, 4),
  [CONVOKE_TYPE_KIND_BYTES]      = POINTER (bytes, 4),
  [CONVOKE_TYPE_KIND_BYTE_ARRAY] = POINTER (byte_array, 4),
  [CONVOKE_TYPE_KIND_ARRAY]      = CONTAINER (array),
  [CONVOKE_TYPE_KIND_GARRAY]     = CONTAINER (garray),
  [CONVOKE_TYPE_KIND_PTR_ARRAY]  = CONTAINER (ptr_array),
  [CONVOKE_TYPE_KIND_LIST]       = CONTAINER (list, .empty = TRUE),
  [CONVOKE_TYPE_KIND_SLIST]      = CONTAINER (list, .empty = TRUE),
  [CONVOKE_TYPE_KIND_HASH_TABLE] = CONTAINER (hash_table),
  [CONVOKE_TYPE_KIND_ERROR]      = POINTER (error, 4),
  [CONVOKE_TYPE_KIND_VALUE]      = POINTER (gvalue, 1),
  [CONVOKE_TYPE_KIND_BOXED]      = POINTER (struct, 1),
  [CONVOKE_TYPE_KIND_STRUCT]     = POINTER (struct, 1),
  [CONVOKE_TYPE_KIND_OBJECT]     = POINTER (object, 1),
  [CONVOKE_TYPE_KIND_INTERFACE]  = POINTER (object, 1),
  [CONVOKE_TYPE_KIND_POINTER]    = { 0, },
};

static const Kind variant_type_kind = POINTER (variant_type, 4);

gsize
convoke_wire_least (const ConvokeTypeInfo *type)
{
  return kind_of (type)->least;
}

gsize
convoke_wire_number_size (const ConvokeTypeInfo *type)
{
  return convoke_element_is_inline (type) ? 0 : kind_of (type)->number;
}

/* --- NULL --- */

/* The kinds that begin with a length say NULL by it, the others by a byte. */
static void
write_null (ConvokeWireWriter *writer,
            const Kind        *kind)
{
  if (kind->least == 1)
    convoke_wire_put_u8 (writer, 0);
  else
    convoke_wire_put_u32 (writer, kind->empty ? 0 : CONVOKE_WIRE_NULL);
}

static gboolean
read_mark (ConvokeWireReader  *reader,
           gboolean           *is_null,
           GError            **error)
{
  guint8 mark;

  if (!convoke_wire_get_u8 (reader, &mark, error))
    return FALSE;
  if (mark > 1)
    return convoke_wire_fail (reader, error, "begins with %u, which is neither a value nor NULL,", mark);

  *is_null = mark == 0;
  return TRUE;
}

/* Leaves the reader where it was. */
static gboolean
peek_null (ConvokeWireReader  *reader,
           const Kind         *kind,
           gboolean           *is_null,
           GError            **error)
{
  gsize position = reader->position;
  guint32 length;

  if (kind->least == 1)
    {
      if (!read_mark (reader, is_null, error))
        return FALSE;
    }
  else
    {
      if (!convoke_wire_get_u32 (reader, &length, error))
        return FALSE;
      *is_null = length == CONVOKE_WIRE_NULL;
    }

  reader->position = position;
  return TRUE;
}

static gboolean
read_null (ConvokeWireReader  *reader,
           const Kind         *kind,
           gboolean            nullable,
           GError            **error)
{
  if (!nullable || kind->empty)
    return convoke_wire_fail (reader, error, "is NULL where it must not be");

  reader->position += kind->least;
  return TRUE;
}

/* --- values --- */

gboolean
convoke_wire_write_value (ConvokeWireWriter      *writer,
                          const ConvokeTypeInfo  *type,
                          gconstpointer           location,
                          gssize                  n,
                          gboolean                nullable,
                          const ConvokeWireRefs  *refs,
                          GError                **error)
{
  const Kind *kind = kind_of (type);

  if (kind->write == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "is %s, which cannot cross to another process",
                   convoke_wire_type_get_refusal (type));
      return FALSE;
    }

  if (convoke_type_is_plain (type) || *(gconstpointer const *) location != NULL)
    return kind->write (writer, type, location, n, refs, error);

  if (!nullable && !kind->empty)
    return convoke_wire_refuse (error, "must not be NULL");

  write_null (writer, kind);
  return TRUE;
}

gboolean
convoke_wire_read_value (ConvokeWireReader      *reader,
                         const ConvokeTypeInfo  *type,
                         gpointer                location,
                         gssize                 *n,
                         gboolean                nullable,
                         const ConvokeWireRefs  *refs,
                         GError                **error)
{
  const Kind *kind = kind_of (type);
  gssize count = -1;
  gboolean is_null = FALSE;

  memset (location, 0, convoke_type_get_size (type));
  if (kind->read == NULL)
    return convoke_wire_fail (reader, error, "is %s, which cannot cross to another process",
                              convoke_wire_type_get_refusal (type));

  if (!convoke_type_is_plain (type))
    {
      if (!peek_null (reader, kind, &is_null, error))
        return FALSE;
      if (is_null)
        {
          if (n != NULL)
            *n = 0;
          return read_null (reader, kind, nullable, error);
        }
    }

  if (!kind->read (reader, type, location, n != NULL ? n : &count, refs, error))
    return FALSE;

  return TRUE;
}

/* --- what cannot --- */

static const char *
element_get_refusal (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element) && element->kind != CONVOKE_TYPE_KIND_VALUE && !has_fields (element))
    return "an array of structs that are not just numbers";

  return convoke_wire_type_get_refusal (element);
}

static const char *
container_get_refusal (const ConvokeTypeInfo *type)
{
  const char *refusal = convoke_type_get_refusal (type);

  if (refusal != NULL)
    return refusal;

  /* Keys are found by their address. */
  if (type->kind == CONVOKE_TYPE_KIND_HASH_TABLE &&
      (type->element->kind == CONVOKE_TYPE_KIND_OBJECT || type->element->kind == CONVOKE_TYPE_KIND_INTERFACE))
    return "a hash table whose keys are objects";

  refusal = element_get_refusal (type->element);
  if (refusal == NULL && type->value != NULL)
    refusal = element_get_refusal (type->value);

  return refusal;
}

const char *
convoke_wire_type_get_refusal (const ConvokeTypeInfo *type)
{
  if (type->element != NULL)
    return container_get_refusal (type);

  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_VOID:
      return "nothing";
    case CONVOKE_TYPE_KIND_CALLBACK:
      return "a callback";
    case CONVOKE_TYPE_KIND_POINTER:
      return "an untyped pointer";
    case CONVOKE_TYPE_KIND_PARAM:
      return "a GParamSpec";
    case CONVOKE_TYPE_KIND_UNION:
      return "a union";
    case CONVOKE_TYPE_KIND_STRUCT:
    case CONVOKE_TYPE_KIND_BOXED:
      return has_fields (type) || is_variant_type (type) ? NULL : "a struct that is not just numbers";
    case CONVOKE_TYPE_KIND_OBJECT:
      return g_strcmp0 (type->type_name, "GObject") == 0 ? NULL : "an object of a class instead of an interface";
    default:
      return kind_of (type)->write != NULL ? NULL : "of a type that is unknown to the wire";
    }
}
