/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A value of every type that the wire carries, and callables that take and give them. */

#include <gio/gio.h>

#include "../gobj/callable-fixture.h"
#include "convoke-copy-private.h"
#include "convoke-frame-steps-private.h"
#include "convoke-wire-private.h"

G_BEGIN_DECLS

/* --- objects by reference: an index into a table --- */

static inline gboolean
table_write (gpointer data, ConvokeWireWriter *writer, GObject *object, const ConvokeTypeInfo *type, GError **error)
{
  GPtrArray *table = data;
  guint index;

  if (!g_ptr_array_find (table, object, &index))
    {
      index = table->len;
      g_ptr_array_add (table, g_object_ref (object));
    }

  convoke_wire_put_u32 (writer, index);
  return TRUE;
}

static inline GObject *
table_read (gpointer data, ConvokeWireReader *reader, const ConvokeTypeInfo *type, GError **error)
{
  GPtrArray *table = data;
  guint32 index;

  if (!convoke_wire_get_u32 (reader, &index, error))
    return NULL;

  if (index < table->len && g_type_is_a (G_OBJECT_TYPE (table->pdata[index]), g_type_from_name (type->type_name)))
    return g_object_ref (table->pdata[index]);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "refers to object %u", index);
  return NULL;
}

static inline const ConvokeWireRefs *
sample_refs (void)
{
  static ConvokeWireRefs refs = { NULL, table_write, table_read };

  if (refs.data == NULL)
    {
      refs.data = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (refs.data, g_file_new_for_path ("/nowhere"));
      g_ptr_array_add (refs.data, g_object_new (G_TYPE_OBJECT, NULL));
    }

  return &refs;
}

static inline gpointer
sample_object (guint index)
{
  return ((GPtrArray *) sample_refs ()->data)->pdata[index];
}

static inline void
samples_wipe (void)
{
  g_clear_pointer (&((ConvokeWireRefs *) sample_refs ())->data, g_ptr_array_unref);
}

/* --- types --- */

typedef struct
{
  double x;
  gint32 y;
  guint8 tag;
} SamplePoint;

static inline gpointer
sample_point_copy (gpointer point)
{
  return g_memdup2 (point, sizeof (SamplePoint));
}

G_GNUC_UNUSED static GType sample_point_get_type (void);
G_DEFINE_BOXED_TYPE (SamplePoint, sample_point, sample_point_copy, g_free)

#define SCALAR_TYPE(k)  TYPE (k)
#define POINTER_TYPE(k, ...)  TYPE (k, .is_pointer = TRUE, __VA_ARGS__)

static ConvokeTypeInfo element_int8 = TYPE (INT8);
static ConvokeTypeInfo element_uint8 = TYPE (UINT8);
static ConvokeTypeInfo element_int32 = TYPE (INT32);
static ConvokeTypeInfo element_double = TYPE (DOUBLE);
static ConvokeTypeInfo element_boolean = TYPE (BOOLEAN);
static ConvokeTypeInfo element_utf8 = POINTER_TYPE (UTF8);
static ConvokeTypeInfo element_variant = POINTER_TYPE (VARIANT);
static ConvokeTypeInfo element_object = POINTER_TYPE (OBJECT, .type_name = (char *) "GObject");
static ConvokeTypeInfo element_strv = POINTER_TYPE (ARRAY, .zero_terminated = TRUE, .element = &element_utf8);
static ConvokeTypeInfo element_value = TYPE (VALUE, .size = sizeof (GValue));
#define POINT_FIELDS  .scalar_struct = TRUE, .size = sizeof (SamplePoint), .layout = (char *) "double@0 int32@8 uint8@12"
static ConvokeTypeInfo element_point = TYPE (STRUCT, POINT_FIELDS);
static ConvokeTypeInfo element_list = POINTER_TYPE (LIST, .element = &element_utf8);

typedef struct
{
  const char      *name;
  ConvokeTypeInfo  type;
  guint64          value;   /* what lies at the location: a number, or a pointer */
  gssize           n;       /* elements, where another argument tells the length */
} Sample;

#define COUNTED  .length_arg = 1

static Sample samples[] = {
  { "boolean", SCALAR_TYPE (BOOLEAN), TRUE },
  { "int8", SCALAR_TYPE (INT8), 0x85 },
  { "uint8", SCALAR_TYPE (UINT8), 0xfe },
  { "int16", SCALAR_TYPE (INT16), 0x8005 },
  { "uint16", SCALAR_TYPE (UINT16), 0xfffe },
  { "int32", SCALAR_TYPE (INT32), 0x80000005 },
  { "uint32", SCALAR_TYPE (UINT32), 0xfffffffe },
  { "int64", SCALAR_TYPE (INT64), 0x8000000000000005 },
  { "uint64", SCALAR_TYPE (UINT64), 0xfffffffffffffffe },
  { "float", SCALAR_TYPE (FLOAT), 0x3fc00000 },
  { "double", SCALAR_TYPE (DOUBLE), 0x3ff8000000000000 },
  { "unichar", SCALAR_TYPE (UNICHAR), 0x1f600 },
  { "gtype", SCALAR_TYPE (GTYPE) },
  { "enum", TYPE (ENUM, .storage = CONVOKE_TYPE_KIND_INT32), (guint32) -3 },
  { "flags", TYPE (FLAGS, .storage = CONVOKE_TYPE_KIND_UINT32), 0x101 },
  { "utf8", POINTER_TYPE (UTF8) },
  { "filename", POINTER_TYPE (FILENAME) },
  { "variant", POINTER_TYPE (VARIANT) },
  { "bytes", POINTER_TYPE (BYTES) },
  { "byte-array", POINTER_TYPE (BYTE_ARRAY) },
  { "strv", POINTER_TYPE (ARRAY, .zero_terminated = TRUE, .element = &element_utf8) },
  { "terminated", POINTER_TYPE (ARRAY, .zero_terminated = TRUE, .element = &element_int32) },
  { "triple", POINTER_TYPE (ARRAY, .fixed_size = 3, .element = &element_int32) },
  { "counted-bytes", POINTER_TYPE (ARRAY, COUNTED, .element = &element_uint8), .n = 5 },
  { "counted-int8", POINTER_TYPE (ARRAY, COUNTED, .element = &element_int8), .n = 5 },
  { "counted-int32", POINTER_TYPE (ARRAY, COUNTED, .element = &element_int32), .n = 3 },
  { "counted-double", POINTER_TYPE (ARRAY, COUNTED, .element = &element_double), .n = 2 },
  { "counted-boolean", POINTER_TYPE (ARRAY, COUNTED, .element = &element_boolean), .n = 3 },
  { "counted-utf8", POINTER_TYPE (ARRAY, COUNTED, .element = &element_utf8), .n = 2 },
  { "counted-point", POINTER_TYPE (ARRAY, COUNTED, .element = &element_point), .n = 2 },
  { "counted-value", POINTER_TYPE (ARRAY, COUNTED, .element = &element_value), .n = 2 },
  { "counted-object", POINTER_TYPE (ARRAY, COUNTED, .element = &element_object), .n = 2 },
  { "strv-array", POINTER_TYPE (ARRAY, .zero_terminated = TRUE, .element = &element_strv) },
  { "garray-int32", POINTER_TYPE (GARRAY, .element = &element_int32) },
  { "garray-utf8", POINTER_TYPE (GARRAY, .element = &element_utf8) },
  { "garray-point", POINTER_TYPE (GARRAY, .element = &element_point) },
  { "garray-value", POINTER_TYPE (GARRAY, .element = &element_value) },
  { "ptr-array-utf8", POINTER_TYPE (PTR_ARRAY, .element = &element_utf8) },
  { "ptr-array-int32", POINTER_TYPE (PTR_ARRAY, .element = &element_int32) },
  { "list-utf8", POINTER_TYPE (LIST, .element = &element_utf8) },
  { "list-variant", POINTER_TYPE (LIST, .element = &element_variant) },
  { "list-object", POINTER_TYPE (LIST, .element = &element_object) },
  { "list-list", POINTER_TYPE (LIST, .element = &element_list) },
  { "slist-int32", POINTER_TYPE (SLIST, .element = &element_int32) },
  { "table-utf8", POINTER_TYPE (HASH_TABLE, .element = &element_utf8, .value = &element_utf8) },
  { "table-variant", POINTER_TYPE (HASH_TABLE, .element = &element_utf8, .value = &element_variant) },
  { "table-int32", POINTER_TYPE (HASH_TABLE, .element = &element_int32, .value = &element_int32) },
  { "error", POINTER_TYPE (ERROR) },
  { "value", POINTER_TYPE (VALUE, .size = sizeof (GValue)) },
  { "struct", POINTER_TYPE (STRUCT, POINT_FIELDS) },
  { "boxed", POINTER_TYPE (BOXED, POINT_FIELDS, .type_name = (char *) "SamplePoint") },
  { "object", POINTER_TYPE (OBJECT, .type_name = (char *) "GObject") },
  { "interface", POINTER_TYPE (INTERFACE, .type_name = (char *) "GFile") },
};

/* --- values --- */

static const char * const sample_strings[] = { "eins", "zw\xc3\xb6lf", NULL };
static const char * const * const sample_strvs[] = { sample_strings, sample_strings + 1, NULL };
static const guint8 sample_bytes[] = { 1, 2, 0, 0xff, 5 };
static const int sample_ints[] = { 7, -8, 900, 0 };
static const double sample_doubles[] = { 1.5, -2.25 };
static const gboolean sample_booleans[] = { TRUE, FALSE, TRUE };
static const SamplePoint sample_points[] = { { 0.5, -1, 3 }, { 2.5, 4, 250 } };

static inline gpointer
sample_list (void)
{
  return g_list_append (g_list_append (NULL, (gpointer) "a"), (gpointer) "bc");
}

static inline gpointer
sample_values (void)
{
  static GValue values[2];

  if (G_IS_VALUE (&values[0]))
    return values;

  g_value_init (&values[0], G_TYPE_STRV);
  g_value_set_boxed (&values[0], sample_strings);
  g_value_init (&values[1], G_TYPE_FILE);
  g_value_set_object (&values[1], sample_object (0));

  return values;
}

static inline gpointer
sample_garray (gconstpointer data, guint n, gsize size)
{
  return g_array_append_vals (g_array_new (FALSE, TRUE, size), data, n);
}

static inline gpointer
sample_ptr_array (gpointer first, gpointer second)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (array, first);
  g_ptr_array_add (array, second);

  return array;
}

static inline gpointer
sample_table (GHashFunc hash, GEqualFunc equal, gpointer key, gpointer value)
{
  GHashTable *table = g_hash_table_new (hash, equal);

  g_hash_table_insert (table, key, value);
  return table;
}

static inline gpointer
sample_variant (void)
{
  return g_variant_ref_sink (g_variant_new_parsed ("('x', [@ay [1, 2], []], {'k': <uint16 5>})"));
}

static inline gpointer
sample_make (const char *name)
{
#define MADE(n, expression) \
  if (strcmp (name, n) == 0) \
    return (gpointer) (expression)

  MADE ("gtype", G_TYPE_FILE);
  MADE ("utf8", "Z\xc3\xbcrich");
  MADE ("filename", "not utf8: \xff\xfe");
  MADE ("variant", sample_variant ());
  MADE ("bytes", g_bytes_new_static (sample_bytes, sizeof sample_bytes));
  MADE ("byte-array", g_byte_array_append (g_byte_array_new (), sample_bytes, sizeof sample_bytes));
  MADE ("strv", sample_strings);
  MADE ("terminated", sample_ints);
  MADE ("triple", sample_ints);
  MADE ("counted-bytes", sample_bytes);
  MADE ("counted-int8", sample_bytes);
  MADE ("counted-int32", sample_ints);
  MADE ("counted-double", sample_doubles);
  MADE ("counted-boolean", sample_booleans);
  MADE ("counted-utf8", sample_strings);
  MADE ("counted-point", sample_points);
  MADE ("counted-value", sample_values ());
  MADE ("counted-object", ((GPtrArray *) sample_refs ()->data)->pdata);
  MADE ("strv-array", sample_strvs);
  MADE ("garray-int32", sample_garray (sample_ints, 3, sizeof (int)));
  MADE ("garray-utf8", sample_garray (sample_strings, 2, sizeof (char *)));
  MADE ("garray-point", sample_garray (sample_points, 2, sizeof (SamplePoint)));
  MADE ("garray-value", sample_garray (sample_values (), 2, sizeof (GValue)));
  MADE ("ptr-array-utf8", sample_ptr_array ((gpointer) "p", (gpointer) "q"));
  MADE ("ptr-array-int32", sample_ptr_array (GINT_TO_POINTER (-5), GINT_TO_POINTER (6)));
  MADE ("list-utf8", sample_list ());
  MADE ("list-variant", g_list_append (NULL, sample_variant ()));
  MADE ("list-object", g_list_append (NULL, sample_object (1)));
  MADE ("list-list", g_list_append (g_list_append (NULL, sample_list ()), sample_list ()));
  MADE ("slist-int32", g_slist_append (NULL, GINT_TO_POINTER (-9)));
  MADE ("table-utf8", sample_table (g_str_hash, g_str_equal, (gpointer) "key", (gpointer) "value"));
  MADE ("table-variant", sample_table (g_str_hash, g_str_equal, (gpointer) "key", sample_variant ()));
  MADE ("table-int32", sample_table (NULL, NULL, GINT_TO_POINTER (-1), GINT_TO_POINTER (2)));
  MADE ("error", g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  MADE ("value", sample_values ());
  MADE ("struct", &sample_points[1]);
  MADE ("boxed", &sample_points[0]);
  MADE ("object", sample_object (1));
  MADE ("interface", sample_object (0));

#undef MADE
  return NULL;
}

static inline gboolean
sample_is_plain (const Sample *self)
{
  return convoke_type_is_plain (&self->type);
}

static inline void
samples_init (void)
{
  g_type_ensure (sample_point_get_type ());
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      gpointer made = sample_make (samples[i].name);

      if (made != NULL)
        samples[i].value = (guint64) (guintptr) made;
      if (samples[i].type.length_arg < 0)
        samples[i].n = -1;
    }
}

/* --- one callable with one such argument --- */

typedef struct
{
  Callable       callable;
  ConvokeArgInfo args[2];
} SampleCall;

static inline void
sample_call_init (SampleCall       *self,
                  const Sample     *sample,
                  ConvokeDirection  direction,
                  ConvokeTransfer   transfer,
                  gboolean          nullable)
{
  const ConvokeArgInfo value = ARG ("value", IN, NONE, sample->type, .direction = direction, .transfer = transfer, .nullable = nullable);
  const ConvokeArgInfo length = ARG ("n", IN, NONE, T (UINT32), .direction = direction, .length_of = 0);

  self->args[0] = value;
  self->args[1] = length;
  callable_init (&self->callable, sample->name, self->args, sample->type.length_arg < 0 ? 1 : 2, (ConvokeArgInfo) NOTHING);
}

G_END_DECLS
