/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <math.h>
#include <string.h>
#include <gio/gio.h>

#include "convoke-error.h"
#include "convoke-typed-value-private.h"

typedef gboolean (*FromFunc) (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error);
typedef void     (*ToFunc)   (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value);

/* Deprecated in C, but the one sequence of anything that bindings know. */
#define VALUE_ARRAY (g_value_array_get_type ())
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* --- messages --- */

static gboolean
fail_wants (GError     **error,
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

static gboolean
fail_type (const ConvokeTypeInfo  *type,
           const GValue           *value,
           GError                **error)
{
  const char *wanted = describe_kind (type);

  if (wanted == NULL)
    wanted = type->name != NULL ? type->name : type->type_name;

  return fail_wants (error, wanted != NULL ? wanted : "another type", G_VALUE_TYPE_NAME (value));
}

/* --- whole numbers --- */

/* Sign and magnitude's two's complement: every integer that a GValue can hold. */
typedef struct
{
  gboolean negative;
  guint64  bits;
} Integer;

static gboolean
get_integer (const GValue *value,
             Integer      *integer)
{
  gint64 number;

  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_CHAR:
      number = g_value_get_schar (value);
      break;
    case G_TYPE_UCHAR:
      number = g_value_get_uchar (value);
      break;
    case G_TYPE_INT:
      number = g_value_get_int (value);
      break;
    case G_TYPE_UINT:
      number = g_value_get_uint (value);
      break;
    case G_TYPE_LONG:
      number = g_value_get_long (value);
      break;
    case G_TYPE_INT64:
      number = g_value_get_int64 (value);
      break;
    case G_TYPE_ULONG:
      *integer = (Integer) { FALSE, g_value_get_ulong (value) };
      return TRUE;
    case G_TYPE_UINT64:
      *integer = (Integer) { FALSE, g_value_get_uint64 (value) };
      return TRUE;
    default:
      return FALSE;
    }

  *integer = (Integer) { number < 0, (guint64) number };
  return TRUE;
}

static void
get_range (const ConvokeTypeInfo *type,
           gint64                *min,
           guint64               *max)
{
  gsize bits = convoke_type_get_size (type) * 8;

  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_BOOLEAN:
      *min = 0;
      *max = 1;
      break;
    case CONVOKE_TYPE_KIND_UNICHAR:
      *min = 0;
      *max = 0x10ffff;
      break;
    default:
      if (convoke_type_is_signed (type))
        {
          *max = G_MAXUINT64 >> (65 - bits);
          *min = -(gint64) *max - 1;
        }
      else
        {
          *max = G_MAXUINT64 >> (64 - bits);
          *min = 0;
        }
    }
}

gboolean
convoke_type_set_integer (const ConvokeTypeInfo  *type,
                          gpointer                dest,
                          gboolean                negative,
                          guint64                 bits,
                          GError                **error)
{
  gint64 min;
  guint64 max;

  get_range (type, &min, &max);
  if (negative ? (gint64) bits >= min : bits <= max)
    {
      convoke_integer_write (type, dest, (gint64) bits);
      return TRUE;
    }

  if (negative)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "wants %" G_GINT64_FORMAT "..%" G_GUINT64_FORMAT ", got %" G_GINT64_FORMAT, min, max, (gint64) bits);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "wants %" G_GINT64_FORMAT "..%" G_GUINT64_FORMAT ", got %" G_GUINT64_FORMAT, min, max, bits);
  return FALSE;
}

static gboolean
integer_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  Integer integer;

  if (!get_integer (value, &integer))
    return fail_type (type, value, error);

  return convoke_type_set_integer (type, dest, integer.negative, integer.bits, error);
}

static void
int8_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_CHAR);
  g_value_set_schar (value, *(gint8 *) location);
}

static void
uint8_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UCHAR);
  g_value_set_uchar (value, *(guint8 *) location);
}

static void
int_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_INT);
  g_value_set_int (value, (int) convoke_integer_read (type, location));
}

static void
uint_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UINT);
  g_value_set_uint (value, (guint) convoke_integer_read (type, location));
}

static void
int64_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_INT64);
  g_value_set_int64 (value, *(gint64 *) location);
}

static void
uint64_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UINT64);
  g_value_set_uint64 (value, *(guint64 *) location);
}

/* --- other scalars --- */

static gboolean
boolean_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (!G_VALUE_HOLDS_BOOLEAN (value))
    return integer_from (type, dest, n, value, error);

  *(gboolean *) dest = g_value_get_boolean (value);
  return TRUE;
}

static void
boolean_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_BOOLEAN);
  g_value_set_boolean (value, *(gboolean *) location);
}

static gboolean
unichar_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *text;

  if (!G_VALUE_HOLDS_STRING (value))
    return integer_from (type, dest, n, value, error);

  text = g_value_get_string (value);
  if (text == NULL || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) != 1)
    return fail_wants (error, "one character", "another number of them");

  *(gunichar *) dest = g_utf8_get_char (text);
  return TRUE;
}

static gboolean
gtype_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *name;

  if (G_VALUE_HOLDS_GTYPE (value))
    {
      *(GType *) dest = g_value_get_gtype (value);
      return TRUE;
    }

  if (!G_VALUE_HOLDS_STRING (value))
    return fail_type (type, value, error);

  name = g_value_get_string (value);
  *(GType *) dest = name != NULL ? g_type_from_name (name) : G_TYPE_INVALID;
  return *(GType *) dest != G_TYPE_INVALID || fail_wants (error, "the name of a type", name != NULL ? name : "NULL");
}

static void
gtype_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_GTYPE);
  g_value_set_gtype (value, *(GType *) location);
}

/* An integer that a double cannot hold exactly would arrive as another one. */
static gboolean
get_double (const ConvokeTypeInfo  *type,
            const GValue           *value,
            double                 *number,
            GError                **error)
{
  const guint64 exact = G_GUINT64_CONSTANT (1) << 53;
  Integer integer;
  g_autofree char *got = NULL;

  if (G_VALUE_HOLDS_DOUBLE (value))
    *number = g_value_get_double (value);
  else if (G_VALUE_HOLDS_FLOAT (value))
    *number = g_value_get_float (value);
  else if (!get_integer (value, &integer))
    return fail_type (type, value, error);
  else if (integer.negative && (gint64) integer.bits >= -(gint64) exact)
    *number = (double) (gint64) integer.bits;
  else if (!integer.negative && integer.bits <= exact)
    *number = (double) integer.bits;
  else
    {
      got = g_strdup_value_contents (value);
      return fail_wants (error, "a number that a double holds exactly", got);
    }

  return TRUE;
}

static gboolean
double_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  return get_double (type, value, dest, error);
}

static gboolean
float_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  double number = 0;

  if (!get_double (type, value, &number, error))
    return FALSE;

  /* Rounding is what a float is for; overflow is another number. */
  if (isfinite (number) && fabs (number) > G_MAXFLOAT)
    {
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      return fail_wants (error, "a number within the range of a float", g_ascii_dtostr (buffer, sizeof buffer, number));
    }

  *(float *) dest = (float) number;
  return TRUE;
}

static void
float_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_FLOAT);
  g_value_set_float (value, *(float *) location);
}

static void
double_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_DOUBLE);
  g_value_set_double (value, *(double *) location);
}

/* --- enums and flags --- */

static gboolean
enum_nick_to_number (GType       gtype,
                     const char *nick,
                     gint64     *number)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (gtype);
  const GEnumValue *found = g_enum_get_value_by_nick (klass, nick);

  if (found == NULL)
    found = g_enum_get_value_by_name (klass, nick);
  if (found != NULL)
    *number = found->value;

  return found != NULL;
}

static gboolean
flags_nick_to_number (GType       gtype,
                      const char *nicks,
                      gint64     *number)
{
  g_autoptr (GFlagsClass) klass = g_type_class_ref (gtype);
  g_auto (GStrv) parts = g_strsplit (nicks, "|", -1);

  *number = 0;
  for (char **part = parts; *part != NULL; part++)
    {
      const GFlagsValue *found = g_flags_get_value_by_nick (klass, g_strstrip (*part));

      if (found == NULL)
        found = g_flags_get_value_by_name (klass, *part);
      if (found == NULL)
        return FALSE;
      *number |= found->value;
    }

  return TRUE;
}

static gboolean
nick_from (const ConvokeTypeInfo  *type,
           gpointer                dest,
           const char             *nick,
           GError                **error)
{
  GType gtype = convoke_type_find_gtype (type);
  gint64 number = 0;
  gboolean found = FALSE;

  if (nick != NULL && G_TYPE_IS_ENUM (gtype))
    found = enum_nick_to_number (gtype, nick, &number);
  else if (nick != NULL && G_TYPE_IS_FLAGS (gtype))
    found = flags_nick_to_number (gtype, nick, &number);

  if (!found)
    {
      g_autofree char *wanted = g_strdup_printf ("a nick of %s", type->name);

      return fail_wants (error, wanted, nick != NULL ? nick : "NULL");
    }

  return convoke_type_set_integer (type, dest, number < 0, (guint64) number, error);
}

static gboolean
enum_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  GType gtype = convoke_type_find_gtype (type);
  gint64 number;

  if (G_VALUE_HOLDS_STRING (value))
    return nick_from (type, dest, g_value_get_string (value), error);

  if (!G_VALUE_HOLDS_ENUM (value) && !G_VALUE_HOLDS_FLAGS (value))
    return integer_from (type, dest, n, value, error);

  if (gtype != G_TYPE_INVALID && !G_VALUE_HOLDS (value, gtype))
    return fail_type (type, value, error);

  number = G_VALUE_HOLDS_ENUM (value) ? (gint64) g_value_get_enum (value) : (gint64) g_value_get_flags (value);
  return convoke_type_set_integer (type, dest, number < 0, (guint64) number, error);
}

static void
enum_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  GType gtype = convoke_type_find_gtype (type);
  gint64 number = convoke_integer_read (type, location);

  if (G_TYPE_IS_ENUM (gtype))
    {
      g_value_init (value, gtype);
      g_value_set_enum (value, (int) number);
    }
  else if (G_TYPE_IS_FLAGS (gtype))
    {
      g_value_init (value, gtype);
      g_value_set_flags (value, (guint) number);
    }
  else
    {
      g_value_init (value, G_TYPE_INT64);
      g_value_set_int64 (value, number);
    }
}

/* --- strings and bytes --- */

static gboolean
fail_utf8 (GError **error)
{
  return fail_wants (error, "valid UTF-8", "other bytes");
}

static gboolean
utf8_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *text;

  if (!G_VALUE_HOLDS_STRING (value))
    return fail_type (type, value, error);

  text = g_value_get_string (value);
  if (text != NULL && type->kind == CONVOKE_TYPE_KIND_UTF8 && !g_utf8_validate (text, -1, NULL))
    return fail_utf8 (error);

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
    return fail_type (type, value, error);

  *(GVariant **) dest = g_value_dup_variant (value);
  return TRUE;
}

static void
variant_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_VARIANT);
  g_value_set_variant (value, *(GVariant **) location);
}

/* A new reference, or NULL where @value holds no bytes; *found tells. */
static GBytes *
dup_bytes (const GValue *value,
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
  GBytes *bytes = dup_bytes (value, &found);

  if (!found)
    return fail_type (type, value, error);

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

static gboolean
copy_pointer (const ConvokeTypeInfo  *type,
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
    return fail_type (type, value, error);

  return copy_pointer (type, dest, g_value_get_boxed (value), error);
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
    return fail_type (type, value, error);

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

  return copy_pointer (type, dest, (gpointer) g_bytes_get_data (bytes, NULL), error);
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
    return fail_type (type, value, error);

  instance = g_value_peek_pointer (value);
  if (instance == NULL)
    return TRUE;

  /* A class that is not registered has no instances. */
  if (gtype == G_TYPE_INVALID || !g_type_is_a (G_TYPE_FROM_INSTANCE (instance), gtype))
    {
      return fail_wants (error, type->name != NULL ? type->name : type->type_name,
                         g_type_name (G_TYPE_FROM_INSTANCE (instance)));
    }

  return copy_pointer (type, dest, instance, error);
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
    return copy_pointer (type, dest, g_value_get_boxed (value), error);

  return copy_pointer (type, dest, (gpointer) value, error);
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

/* Functions and what nobody knows more about. */
static gboolean
pointer_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (!G_VALUE_HOLDS_POINTER (value))
    return fail_type (type, value, error);

  *(gpointer *) dest = g_value_get_pointer (value);
  return TRUE;
}

static void
pointer_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_POINTER);
  g_value_set_pointer (value, *(gpointer *) location);
}

/* --- elements --- */

static gboolean
element_from (const ConvokeTypeInfo  *element,
              gpointer                dest,
              const GValue           *value,
              GError                **error)
{
  gpointer block = NULL;

  if (!convoke_element_is_inline (element))
    return convoke_type_from_gvalue (element, FALSE, dest, NULL, value, error);

  if (!convoke_type_from_gvalue (element, FALSE, &block, NULL, value, error))
    return FALSE;

  /* Numbers only, or a GValue, which is copied and not moved. */
  convoke_element_copy (element, dest, block, NULL);
  convoke_value_clear (element, &block, -1);

  return TRUE;
}

static void
element_to (const ConvokeTypeInfo *element,
            gpointer               location,
            GValue                *value)
{
  gpointer block = location;

  convoke_type_to_gvalue (element, convoke_element_is_inline (element) ? (gpointer) &block : location, -1, value);
}

/* What a variant holds as an element, as the nearest GValue. */
static void
variant_child_to_gvalue (const ConvokeTypeInfo *element,
                         GVariant              *child,
                         GValue                *value)
{
  g_autoptr (GVariant) inner = g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT) ? g_variant_get_variant (child) : NULL;

  if (inner != NULL && element->kind != CONVOKE_TYPE_KIND_VARIANT)
    {
      variant_child_to_gvalue (element, inner, value);
      return;
    }

  if (element->kind == CONVOKE_TYPE_KIND_VARIANT || !g_variant_type_is_basic (g_variant_get_type (child)))
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_set_variant (value, inner != NULL ? inner : child);
      return;
    }

  g_dbus_gvariant_to_gvalue (child, value);
}

/* --- sequences in --- */

/* Where the elements of a sequence come from. */
typedef struct
{
  gsize       count;
  GVariant   *variant;
  GValueArray *values;
  char      **strings;
} Source;

static gboolean
source_init (Source       *source,
             const GValue *value)
{
  *source = (Source) { 0 };

  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    {
      source->strings = g_value_get_boxed (value);
      source->count = source->strings != NULL ? g_strv_length (source->strings) : 0;
      return TRUE;
    }

  if (G_VALUE_HOLDS (value, VALUE_ARRAY))
    {
      source->values = g_value_get_boxed (value);
      source->count = source->values != NULL ? source->values->n_values : 0;
      return TRUE;
    }

  if (!G_VALUE_HOLDS_VARIANT (value))
    return FALSE;

  source->variant = g_value_get_variant (value);
  if (source->variant == NULL)
    return TRUE;

  if (!g_variant_is_of_type (source->variant, G_VARIANT_TYPE_ARRAY))
    return FALSE;

  source->count = g_variant_n_children (source->variant);
  return TRUE;
}

static gboolean
source_is_null (const Source *source)
{
  return source->variant == NULL && source->values == NULL && source->strings == NULL;
}

static gboolean
source_get (const Source           *source,
            gsize                   i,
            const ConvokeTypeInfo  *element,
            gpointer                dest,
            GError                **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if (source->values != NULL)
    return element_from (element, dest, &source->values->values[i], error);

  if (source->strings != NULL)
    {
      g_value_init (&value, G_TYPE_STRING);
      g_value_set_static_string (&value, source->strings[i]);
    }
  else
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (source->variant, i);

      variant_child_to_gvalue (element, child, &value);
    }

  return element_from (element, dest, &value, error);
}

/* The variant type whose fixed arrays lie in memory as the C array does. */
static const GVariantType *
get_fixed_type (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return NULL;

  switch (convoke_type_get_layout (element))
    {
    case CONVOKE_TYPE_KIND_UINT8:
      return G_VARIANT_TYPE_BYTE;
    case CONVOKE_TYPE_KIND_INT16:
      return G_VARIANT_TYPE_INT16;
    case CONVOKE_TYPE_KIND_UINT16:
      return G_VARIANT_TYPE_UINT16;
    case CONVOKE_TYPE_KIND_INT32:
      return G_VARIANT_TYPE_INT32;
    case CONVOKE_TYPE_KIND_UINT32:
      return G_VARIANT_TYPE_UINT32;
    case CONVOKE_TYPE_KIND_INT64:
      return G_VARIANT_TYPE_INT64;
    case CONVOKE_TYPE_KIND_UINT64:
      return G_VARIANT_TYPE_UINT64;
    case CONVOKE_TYPE_KIND_DOUBLE:
      return G_VARIANT_TYPE_DOUBLE;
    default:
      return NULL;
    }
}

static gboolean
copy_fixed (const ConvokeTypeInfo *element,
            const Source          *source,
            gpointer               dest)
{
  const GVariantType *fixed = get_fixed_type (element);
  gconstpointer data;
  gsize count;

  if (source->variant == NULL || fixed == NULL ||
      !g_variant_type_equal (g_variant_type_element (g_variant_get_type (source->variant)), fixed))
    return FALSE;

  data = g_variant_get_fixed_array (source->variant, &count, convoke_type_get_size (element));
  if (count > 0)
    memcpy (dest, data, count * convoke_type_get_size (element));

  return TRUE;
}

static void
free_elements (const ConvokeTypeInfo *element,
               gpointer               elements,
               gsize                  count)
{
  gsize size = convoke_element_get_size (element);

  for (gsize i = 0; i < count; i++)
    convoke_element_clear (element, (guint8 *) elements + i * size);
  g_free (elements);
}

/* A C array with one zero element more. */
static gpointer
source_get_all (const Source           *source,
                const ConvokeTypeInfo  *element,
                GError                **error)
{
  gsize size = convoke_element_get_size (element);
  gpointer elements = g_malloc0_n (source->count + 1, size);

  if (copy_fixed (element, source, elements))
    return elements;

  for (gsize i = 0; i < source->count; i++)
    {
      if (!source_get (source, i, element, (guint8 *) elements + i * size, error))
        {
          g_prefix_error (error, "(element %" G_GSIZE_FORMAT ") ", i);
          free_elements (element, elements, i);
          return NULL;
        }
    }

  return elements;
}

static gpointer
make_garray (const ConvokeTypeInfo *type,
             gpointer               elements,
             gsize                  count)
{
  GArray *array = convoke_garray_new (type);

  g_array_append_vals (array, elements, (guint) count);
  g_free (elements);

  return array;
}

static gpointer
make_ptr_array (const ConvokeTypeInfo *type,
                gpointer               elements,
                gsize                  count)
{
  GPtrArray *array = convoke_ptr_array_new (type);
  gsize size = convoke_type_get_size (type->element);

  for (gsize i = 0; i < count; i++)
    g_ptr_array_add (array, convoke_stuff (type->element, (guint8 *) elements + i * size));
  g_free (elements);

  return array;
}

static gpointer
make_list (const ConvokeTypeInfo *type,
           gpointer               elements,
           gsize                  count)
{
  gsize size = convoke_type_get_size (type->element);
  GList *list = NULL;
  GSList *slist = NULL;

  for (gsize i = count; i > 0; i--)
    {
      gpointer data = convoke_stuff (type->element, (guint8 *) elements + (i - 1) * size);

      if (type->kind == CONVOKE_TYPE_KIND_LIST)
        list = g_list_prepend (list, data);
      else
        slist = g_slist_prepend (slist, data);
    }
  g_free (elements);

  return list != NULL ? (gpointer) list : (gpointer) slist;
}

static gboolean
has_hole (const ConvokeTypeInfo *type,
          gpointer               elements,
          gsize                  count)
{
  return type->length_arg < 0 && type->fixed_size < 0 && convoke_array_count (type, elements, -1) != count;
}

static gboolean
make_array (const ConvokeTypeInfo  *type,
            gpointer               *dest,
            gpointer                elements,
            gsize                   count,
            GError                **error)
{
  if (type->length_arg < 0 && type->fixed_size >= 0 && count != (gsize) type->fixed_size)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "wants %d elements, got %" G_GSIZE_FORMAT, type->fixed_size, count);
      free_elements (type->element, elements, count);
      return FALSE;
    }

  if (has_hole (type, elements, count))
    {
      free_elements (type->element, elements, count);
      return fail_wants (error, "no zero but after the last element", "one before");
    }

  *dest = elements;
  return TRUE;
}

static gboolean
make_container (const ConvokeTypeInfo  *type,
                gpointer               *dest,
                gpointer                elements,
                gsize                   count,
                GError                **error)
{
  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      return make_array (type, dest, elements, count, error);
    case CONVOKE_TYPE_KIND_GARRAY:
      *dest = make_garray (type, elements, count);
      return TRUE;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      *dest = make_ptr_array (type, elements, count);
      return TRUE;
    default:
      *dest = make_list (type, elements, count);
      return TRUE;
    }
}

/* Bytes go in one piece. */
static gboolean
bytes_to_array (const ConvokeTypeInfo  *type,
                gpointer                dest,
                gssize                 *n,
                GBytes                 *bytes,
                GError                **error)
{
  gsize count = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &count) : NULL;
  guint8 *elements;

  if (n != NULL)
    *n = count;
  if (bytes == NULL)
    return TRUE;

  elements = g_malloc0 (count + 1);
  if (count > 0)
    memcpy (elements, data, count);

  return make_array (type, dest, elements, count, error);
}

static gboolean
is_native (const ConvokeTypeInfo *type,
           const GValue          *value)
{
  return (type->kind == CONVOKE_TYPE_KIND_PTR_ARRAY && G_VALUE_HOLDS (value, G_TYPE_PTR_ARRAY)) ||
         (type->kind == CONVOKE_TYPE_KIND_GARRAY && G_VALUE_HOLDS (value, G_TYPE_ARRAY)) ||
         (type->kind == CONVOKE_TYPE_KIND_HASH_TABLE && G_VALUE_HOLDS (value, G_TYPE_HASH_TABLE));
}

static gboolean
sequence_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  Source source;
  gpointer elements;

  if (is_native (type, value))
    return copy_pointer (type, dest, g_value_get_boxed (value), error);

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && convoke_element_get_size (type->element) == 1)
    {
      gboolean found;
      g_autoptr (GBytes) bytes = dup_bytes (value, &found);

      if (found)
        return bytes_to_array (type, dest, n, bytes, error);
    }

  if (!source_init (&source, value))
    return fail_type (type, value, error);

  if (n != NULL)
    *n = source.count;
  if (source_is_null (&source))
    return TRUE;

  elements = source_get_all (&source, type->element, error);
  return elements != NULL && make_container (type, dest, elements, source.count, error);
}

/* --- sequences out --- */

typedef void (*ElementFunc) (const ConvokeTypeInfo *element,
                             gpointer               location,
                             gpointer               user_data);

static void
for_each_in_block (const ConvokeTypeInfo *element,
                   gpointer               block,
                   gsize                  count,
                   ElementFunc            func,
                   gpointer               user_data)
{
  gsize size = convoke_element_get_size (element);

  for (gsize i = 0; i < count; i++)
    func (element, (guint8 *) block + i * size, user_data);
}

static void
for_stuffed (const ConvokeTypeInfo *element,
             gpointer               stuffed,
             ElementFunc            func,
             gpointer               user_data)
{
  guint64 place = 0;

  convoke_unstuff (element, &place, stuffed);
  func (element, &place, user_data);
}

static void
for_each_element (const ConvokeTypeInfo *type,
                  gpointer               container,
                  gssize                 n,
                  ElementFunc            func,
                  gpointer               user_data)
{
  GHashTableIter iter;
  gpointer key, value;

  if (container == NULL)
    return;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      for_each_in_block (type->element, container, convoke_array_count (type, container, n), func, user_data);
      break;
    case CONVOKE_TYPE_KIND_GARRAY:
      for_each_in_block (type->element, ((GArray *) container)->data, ((GArray *) container)->len, func, user_data);
      break;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      for (guint i = 0; i < ((GPtrArray *) container)->len; i++)
        for_stuffed (type->element, ((GPtrArray *) container)->pdata[i], func, user_data);
      break;
    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      for (GSList *l = container; l != NULL; l = l->next)
        for_stuffed (type->element, l->data, func, user_data);
      break;
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      g_hash_table_iter_init (&iter, container);
      while (g_hash_table_iter_next (&iter, &key, &value))
        {
          for_stuffed (type->element, key, func, user_data);
          for_stuffed (type->value, value, func, user_data);
        }
      break;
    default:
      break;
    }
}

/* The variant type that holds any value of the element, or NULL. */
static const char *
get_variant_type (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return NULL;

  switch (convoke_type_get_layout (element))
    {
    case CONVOKE_TYPE_KIND_BOOLEAN:
      return "b";
    case CONVOKE_TYPE_KIND_UINT8:
      return "y";
    case CONVOKE_TYPE_KIND_INT8:
    case CONVOKE_TYPE_KIND_INT16:
      return "n";
    case CONVOKE_TYPE_KIND_UINT16:
      return "q";
    case CONVOKE_TYPE_KIND_INT32:
      return "i";
    case CONVOKE_TYPE_KIND_UNICHAR:
    case CONVOKE_TYPE_KIND_UINT32:
      return "u";
    case CONVOKE_TYPE_KIND_INT64:
      return "x";
    case CONVOKE_TYPE_KIND_UINT64:
      return "t";
    case CONVOKE_TYPE_KIND_FLOAT:
    case CONVOKE_TYPE_KIND_DOUBLE:
      return "d";
    case CONVOKE_TYPE_KIND_GTYPE:
    case CONVOKE_TYPE_KIND_UTF8:
      return "s";
    case CONVOKE_TYPE_KIND_VARIANT:
      return "v";
    default:
      return NULL;
    }
}

static GVariant *
string_to_variant (const char *text)
{
  if (text == NULL)
    return g_variant_new_string ("");

  return g_variant_new_take_string (g_utf8_make_valid (text, -1));
}

static GVariant *
element_to_variant (const ConvokeTypeInfo *element,
                    gpointer               location)
{
  switch (*get_variant_type (element))
    {
    case 'b':
      return g_variant_new_boolean (convoke_integer_read (element, location) != 0);
    case 'y':
      return g_variant_new_byte ((guint8) convoke_integer_read (element, location));
    case 'n':
      return g_variant_new_int16 ((gint16) convoke_integer_read (element, location));
    case 'q':
      return g_variant_new_uint16 ((guint16) convoke_integer_read (element, location));
    case 'i':
      return g_variant_new_int32 ((gint32) convoke_integer_read (element, location));
    case 'u':
      return g_variant_new_uint32 ((guint32) convoke_integer_read (element, location));
    case 'x':
      return g_variant_new_int64 (convoke_integer_read (element, location));
    case 't':
      return g_variant_new_uint64 ((guint64) convoke_integer_read (element, location));
    case 'd':
      return g_variant_new_double (element->kind == CONVOKE_TYPE_KIND_FLOAT ? *(float *) location : *(double *) location);
    case 's':
      return string_to_variant (element->kind == CONVOKE_TYPE_KIND_GTYPE ? g_type_name (*(GType *) location) : *(char **) location);
    case 'v':
      return g_variant_new_variant (*(GVariant **) location != NULL ? *(GVariant **) location : g_variant_new_string (""));
    default:
      g_assert_not_reached ();
    }
}

static void
add_to_builder (const ConvokeTypeInfo *element,
                gpointer               location,
                gpointer               builder)
{
  g_variant_builder_add_value (builder, element_to_variant (element, location));
}

static void
sequence_to_variant (const ConvokeTypeInfo *type,
                     gpointer               container,
                     gssize                 n,
                     GValue                *value)
{
  const char element[] = { *get_variant_type (type->element), '\0' };
  g_autofree char *array_type = g_strconcat ("a", element, NULL);
  GVariantBuilder builder;

  g_value_init (value, G_TYPE_VARIANT);

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && get_fixed_type (type->element) != NULL)
    {
      g_value_take_variant (value, g_variant_new_fixed_array (get_fixed_type (type->element), container,
                                                              convoke_array_count (type, container, n),
                                                              convoke_type_get_size (type->element)));
      return;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE (array_type));
  for_each_element (type, container, n, add_to_builder, &builder);
  g_value_take_variant (value, g_variant_builder_end (&builder));
}

static void
add_string (const ConvokeTypeInfo *element,
            gpointer               location,
            gpointer               strings)
{
  if (*(char **) location != NULL)
    g_ptr_array_add (strings, g_strdup (*(char **) location));
}

static void
sequence_to_strv (const ConvokeTypeInfo *type,
                  gpointer               container,
                  gssize                 n,
                  GValue                *value)
{
  GPtrArray *strings = g_ptr_array_new ();

  for_each_element (type, container, n, add_string, strings);
  g_ptr_array_add (strings, NULL);

  g_value_init (value, G_TYPE_STRV);
  g_value_take_boxed (value, g_ptr_array_free (strings, FALSE));
}

static void
add_gvalue (const ConvokeTypeInfo *element,
            gpointer               location,
            gpointer               values)
{
  g_auto (GValue) value = G_VALUE_INIT;

  element_to (element, location, &value);
  g_value_array_append (values, &value);
}

static void
sequence_to_values (const ConvokeTypeInfo *type,
                    gpointer               container,
                    gssize                 n,
                    GValue                *value)
{
  GValueArray *values = g_value_array_new (0);

  for_each_element (type, container, n, add_gvalue, values);

  g_value_init (value, VALUE_ARRAY);
  g_value_take_boxed (value, values);
}

static void
sequence_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  gpointer container = *(gpointer *) location;
  const ConvokeTypeInfo *element = type->element;

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && convoke_element_get_size (element) == 1)
    {
      g_value_init (value, G_TYPE_BYTES);
      if (container != NULL)
        g_value_take_boxed (value, g_bytes_new (container, convoke_array_count (type, container, n)));
    }
  else if (element->kind == CONVOKE_TYPE_KIND_UTF8 || element->kind == CONVOKE_TYPE_KIND_FILENAME)
    sequence_to_strv (type, container, n, value);
  else if (get_variant_type (element) != NULL)
    sequence_to_variant (type, container, n, value);
  else
    sequence_to_values (type, container, n, value);
}

/* --- hash tables --- */

static gboolean
entry_from (const ConvokeTypeInfo  *type,
            GHashTable             *table,
            GVariant               *entry,
            GError                **error)
{
  g_autoptr (GVariant) key_variant = g_variant_get_child_value (entry, 0);
  g_autoptr (GVariant) value_variant = g_variant_get_child_value (entry, 1);
  g_auto (GValue) key_value = G_VALUE_INIT;
  g_auto (GValue) value_value = G_VALUE_INIT;
  guint64 key = 0, value = 0;

  variant_child_to_gvalue (type->element, key_variant, &key_value);
  variant_child_to_gvalue (type->value, value_variant, &value_value);

  if (!convoke_type_from_gvalue (type->element, FALSE, &key, NULL, &key_value, error))
    return FALSE;

  if (!convoke_type_from_gvalue (type->value, FALSE, &value, NULL, &value_value, error))
    {
      convoke_value_clear (type->element, &key, -1);
      return FALSE;
    }

  g_hash_table_insert (table, convoke_stuff (type->element, &key), convoke_stuff (type->value, &value));
  return TRUE;
}

static gboolean
hash_table_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  g_autoptr (GHashTable) table = NULL;
  GVariantIter iter;
  GVariant *variant, *entry;

  if (is_native (type, value))
    return copy_pointer (type, dest, g_value_get_boxed (value), error);

  variant = G_VALUE_HOLDS_VARIANT (value) ? g_value_get_variant (value) : NULL;
  if (variant == NULL || !g_variant_is_of_type (variant, G_VARIANT_TYPE_DICTIONARY))
    return fail_type (type, value, error);

  table = convoke_hash_table_new (type);
  g_variant_iter_init (&iter, variant);
  while ((entry = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) owned = entry;

      if (!entry_from (type, table, owned, error))
        return FALSE;
    }

  *(GHashTable **) dest = g_steal_pointer (&table);
  return TRUE;
}

static GVariant *
stuffed_to_variant (const ConvokeTypeInfo *type,
                    gpointer               stuffed)
{
  guint64 place = 0;

  convoke_unstuff (type, &place, stuffed);
  return element_to_variant (type, &place);
}

static GVariant *
hash_table_to_variant (const ConvokeTypeInfo *type,
                       GHashTable            *table)
{
  const char *key_type = get_variant_type (type->element);
  const char *value_type = get_variant_type (type->value);
  g_autofree char *dict_type = g_strdup_printf ("a{%s%s}", key_type, value_type);
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key, value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (dict_type));
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add_value (&builder, g_variant_new_dict_entry (stuffed_to_variant (type->element, key),
                                                                     stuffed_to_variant (type->value, value)));

  return g_variant_builder_end (&builder);
}

static void
hash_table_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  GHashTable *table = *(GHashTable **) location;
  const char *key_type = get_variant_type (type->element);
  gpointer copy = NULL;

  if (table != NULL && key_type != NULL && *key_type != 'v' && get_variant_type (type->value) != NULL)
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_take_variant (value, hash_table_to_variant (type, table));
      return;
    }

  g_value_init (value, G_TYPE_HASH_TABLE);
  if (convoke_value_copy (type, &copy, location, n, NULL))
    g_value_take_boxed (value, copy);
}

/* --- the table --- */

typedef struct
{
  FromFunc from;
  ToFunc   to;
} Conversion;

static const Conversion conversions[] = {
  [CONVOKE_TYPE_KIND_VOID]       = { pointer_from, pointer_to },
  [CONVOKE_TYPE_KIND_BOOLEAN]    = { boolean_from, boolean_to },
  [CONVOKE_TYPE_KIND_INT8]       = { integer_from, int8_to },
  [CONVOKE_TYPE_KIND_UINT8]      = { integer_from, uint8_to },
  [CONVOKE_TYPE_KIND_INT16]      = { integer_from, int_to },
  [CONVOKE_TYPE_KIND_UINT16]     = { integer_from, uint_to },
  [CONVOKE_TYPE_KIND_INT32]      = { integer_from, int_to },
  [CONVOKE_TYPE_KIND_UINT32]     = { integer_from, uint_to },
  [CONVOKE_TYPE_KIND_INT64]      = { integer_from, int64_to },
  [CONVOKE_TYPE_KIND_UINT64]     = { integer_from, uint64_to },
  [CONVOKE_TYPE_KIND_FLOAT]      = { float_from, float_to },
  [CONVOKE_TYPE_KIND_DOUBLE]     = { double_from, double_to },
  [CONVOKE_TYPE_KIND_UNICHAR]    = { unichar_from, uint_to },
  [CONVOKE_TYPE_KIND_GTYPE]      = { gtype_from, gtype_to },
  [CONVOKE_TYPE_KIND_UTF8]       = { utf8_from, utf8_to },
  [CONVOKE_TYPE_KIND_FILENAME]   = { utf8_from, utf8_to },
  [CONVOKE_TYPE_KIND_ENUM]       = { enum_from, enum_to },
  [CONVOKE_TYPE_KIND_FLAGS]      = { enum_from, enum_to },
  [CONVOKE_TYPE_KIND_VARIANT]    = { variant_from, variant_to },
  [CONVOKE_TYPE_KIND_BYTES]      = { bytes_from, bytes_to },
  [CONVOKE_TYPE_KIND_ARRAY]      = { sequence_from, sequence_to },
  [CONVOKE_TYPE_KIND_GARRAY]     = { sequence_from, sequence_to },
  [CONVOKE_TYPE_KIND_PTR_ARRAY]  = { sequence_from, sequence_to },
  [CONVOKE_TYPE_KIND_BYTE_ARRAY] = { bytes_from, bytes_to },
  [CONVOKE_TYPE_KIND_LIST]       = { sequence_from, sequence_to },
  [CONVOKE_TYPE_KIND_SLIST]      = { sequence_from, sequence_to },
  [CONVOKE_TYPE_KIND_HASH_TABLE] = { hash_table_from, hash_table_to },
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
    return fail_wants (error, "an array that knows its length", "a pointer");

  if (n != NULL)
    *n = 0;

  return copy_pointer (type, dest, pointer, error);
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
      return fail_wants (error, describe_kind (type) != NULL ? describe_kind (type) : type->name, "no value");
    }

  if (!plain)
    *(gpointer *) dest = NULL;

  if (!plain && G_VALUE_HOLDS_POINTER (value) && type->kind != CONVOKE_TYPE_KIND_VALUE)
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

/* --- UTF-8 --- */

static void
check_element (const ConvokeTypeInfo *type,
               gpointer               location,
               gpointer               user_data)
{
  gboolean *valid = user_data;

  if (!convoke_element_is_inline (type))
    *valid = *valid && convoke_type_check_utf8 (type, location, -1, NULL);
}

/* Most strings are ASCII, and short: the general check costs more than the rest of their copying. */
static gboolean
is_utf8 (const char *string)
{
  gsize n = strlen (string);
  gsize i = 0;

  for (; i + sizeof (guint64) <= n; i += sizeof (guint64))
    {
      guint64 word;

      memcpy (&word, string + i, sizeof word);
      if (word & G_GUINT64_CONSTANT (0x8080808080808080))
        return g_utf8_validate_len (string + i, n - i, NULL);
    }

  return g_utf8_validate_len (string + i, n - i, NULL);
}

gboolean
convoke_type_check_utf8 (const ConvokeTypeInfo  *type,
                         gpointer                location,
                         gssize                  n,
                         GError                **error)
{
  gboolean valid = TRUE;

  if (convoke_type_is_plain (type))
    return TRUE;

  if (type->kind == CONVOKE_TYPE_KIND_UTF8)
    valid = *(char **) location == NULL || is_utf8 (*(char **) location);
  else if (convoke_type_is_container (type))
    for_each_element (type, *(gpointer *) location, n, check_element, &valid);

  return valid || fail_utf8 (error);
}

G_GNUC_END_IGNORE_DEPRECATIONS
