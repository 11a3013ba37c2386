/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <math.h>

#include "convoke-error.h"
#include "convoke-typed-kinds-private.h"

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

gboolean
convoke_typed_integer_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  Integer integer;

  if (!get_integer (value, &integer))
    return convoke_typed_fail_type (type, value, error);

  return convoke_type_set_integer (type, dest, integer.negative, integer.bits, error);
}

void
convoke_typed_int8_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_CHAR);
  g_value_set_schar (value, *(gint8 *) location);
}

void
convoke_typed_uint8_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UCHAR);
  g_value_set_uchar (value, *(guint8 *) location);
}

void
convoke_typed_int_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_INT);
  g_value_set_int (value, (int) convoke_integer_read (type, location));
}

void
convoke_typed_uint_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UINT);
  g_value_set_uint (value, (guint) convoke_integer_read (type, location));
}

void
convoke_typed_int64_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_INT64);
  g_value_set_int64 (value, *(gint64 *) location);
}

void
convoke_typed_uint64_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_UINT64);
  g_value_set_uint64 (value, *(guint64 *) location);
}

/* --- other scalars --- */

gboolean
convoke_typed_boolean_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  if (!G_VALUE_HOLDS_BOOLEAN (value))
    return convoke_typed_integer_from (type, dest, n, value, error);

  *(gboolean *) dest = g_value_get_boolean (value);
  return TRUE;
}

void
convoke_typed_boolean_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_BOOLEAN);
  g_value_set_boolean (value, *(gboolean *) location);
}

gboolean
convoke_typed_unichar_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *text;

  if (!G_VALUE_HOLDS_STRING (value))
    return convoke_typed_integer_from (type, dest, n, value, error);

  text = g_value_get_string (value);
  if (text == NULL || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) != 1)
    return convoke_typed_fail_wants (error, "one character", "another number of them");

  *(gunichar *) dest = g_utf8_get_char (text);
  return TRUE;
}

gboolean
convoke_typed_gtype_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  const char *name;

  if (G_VALUE_HOLDS_GTYPE (value))
    {
      *(GType *) dest = g_value_get_gtype (value);
      return TRUE;
    }

  if (!G_VALUE_HOLDS_STRING (value))
    return convoke_typed_fail_type (type, value, error);

  name = g_value_get_string (value);
  *(GType *) dest = name != NULL ? g_type_from_name (name) : G_TYPE_INVALID;
  return *(GType *) dest != G_TYPE_INVALID || convoke_typed_fail_wants (error, "the name of a type", name != NULL ? name : "NULL");
}

void
convoke_typed_gtype_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
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
    return convoke_typed_fail_type (type, value, error);
  else if (integer.negative && (gint64) integer.bits >= -(gint64) exact)
    *number = (double) (gint64) integer.bits;
  else if (!integer.negative && integer.bits <= exact)
    *number = (double) integer.bits;
  else
    {
      got = g_strdup_value_contents (value);
      return convoke_typed_fail_wants (error, "a number that a double holds exactly", got);
    }

  return TRUE;
}

gboolean
convoke_typed_double_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  return get_double (type, value, dest, error);
}

gboolean
convoke_typed_float_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  double number = 0;

  if (!get_double (type, value, &number, error))
    return FALSE;

  /* Rounding is what a float is for; overflow is another number. */
  if (isfinite (number) && fabs (number) > G_MAXFLOAT)
    {
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      return convoke_typed_fail_wants (error, "a number within the range of a float", g_ascii_dtostr (buffer, sizeof buffer, number));
    }

  *(float *) dest = (float) number;
  return TRUE;
}

void
convoke_typed_float_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  g_value_init (value, G_TYPE_FLOAT);
  g_value_set_float (value, *(float *) location);
}

void
convoke_typed_double_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
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

      return convoke_typed_fail_wants (error, wanted, nick != NULL ? nick : "NULL");
    }

  return convoke_type_set_integer (type, dest, number < 0, (guint64) number, error);
}

gboolean
convoke_typed_enum_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  GType gtype = convoke_type_find_gtype (type);
  gint64 number;

  if (G_VALUE_HOLDS_STRING (value))
    return nick_from (type, dest, g_value_get_string (value), error);

  if (!G_VALUE_HOLDS_ENUM (value) && !G_VALUE_HOLDS_FLAGS (value))
    return convoke_typed_integer_from (type, dest, n, value, error);

  if (gtype != G_TYPE_INVALID && !G_VALUE_HOLDS (value, gtype))
    return convoke_typed_fail_type (type, value, error);

  number = G_VALUE_HOLDS_ENUM (value) ? (gint64) g_value_get_enum (value) : (gint64) g_value_get_flags (value);
  return convoke_type_set_integer (type, dest, number < 0, (guint64) number, error);
}

void
convoke_typed_enum_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
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
