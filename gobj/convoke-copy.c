/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-copy-kinds-private.h"
#include "convoke-error.h"
#include "convoke-mapped-symbol-private.h"

/*
 * One row per kind says how it lies in memory, how it is copied and how it is
 * freed; a row without a copy function cannot be captured, and says why.
 *
 * Containers that are counted (GPtrArray, GArray, GHashTable) are only ever
 * copied into ones that free their own elements, because the callee may keep
 * a reference to them for longer than we do. Lists and C arrays have no such
 * memory and are walked.
 */

typedef struct
{
  guint8          size;
  ffi_type       *ffi;
  gboolean      (*copy)  (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
  void          (*clear) (const ConvokeTypeInfo *type, gpointer value, gssize n);
  GDestroyNotify  destroy;    /* frees one that is met by pointer, where the kind alone decides */
  const char     *refusal;
  guint           integer : 1;
  guint           is_signed : 1;
  guint           plain : 1;
  guint           container : 1;
} Kind;

static const Kind kinds[];

static const Kind *
kind_of (const ConvokeTypeInfo *type)
{
  return &kinds[convoke_type_get_layout (type)];
}

static gboolean
is_scalar_kind (ConvokeTypeKind kind)
{
  return (kind >= CONVOKE_TYPE_KIND_BOOLEAN && kind <= CONVOKE_TYPE_KIND_GTYPE) ||
         kind == CONVOKE_TYPE_KIND_ENUM || kind == CONVOKE_TYPE_KIND_FLAGS;
}

ConvokeTypeKind
convoke_type_get_layout (const ConvokeTypeInfo *type)
{
  if (type->is_pointer && (is_scalar_kind (type->kind) || type->kind == CONVOKE_TYPE_KIND_VOID))
    return CONVOKE_TYPE_KIND_POINTER;

  if (type->kind == CONVOKE_TYPE_KIND_ENUM || type->kind == CONVOKE_TYPE_KIND_FLAGS)
    return type->storage;

  return type->kind;
}

gsize
convoke_type_get_size (const ConvokeTypeInfo *type)
{
  return kind_of (type)->size;
}

ffi_type *
convoke_type_get_ffi (const ConvokeTypeInfo *type)
{
  return kind_of (type)->ffi;
}

gboolean
convoke_type_is_integer (const ConvokeTypeInfo *type)
{
  return kind_of (type)->integer;
}

gboolean
convoke_type_is_signed (const ConvokeTypeInfo *type)
{
  return kind_of (type)->is_signed;
}

gboolean
convoke_type_is_plain (const ConvokeTypeInfo *type)
{
  return kind_of (type)->plain;
}

gboolean
convoke_type_is_container (const ConvokeTypeInfo *type)
{
  if (!kind_of (type)->container)
    return FALSE;

  if (type->kind == CONVOKE_TYPE_KIND_HASH_TABLE)
    return !convoke_type_is_plain (type->element) || !convoke_type_is_plain (type->value);

  if (convoke_element_is_inline (type->element))
    return type->element->kind == CONVOKE_TYPE_KIND_VALUE;

  return !convoke_type_is_plain (type->element);
}

gboolean
convoke_type_has_references (const ConvokeTypeInfo *type)
{
  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_INTERFACE:
    case CONVOKE_TYPE_KIND_CALLBACK:
    case CONVOKE_TYPE_KIND_VALUE:
      return TRUE;

    /* A class has its own code and fields: nothing can stand in for it. */
    case CONVOKE_TYPE_KIND_OBJECT:
      return g_strcmp0 (type->type_name, "GObject") == 0;

    default:
      return (type->element != NULL && convoke_type_has_references (type->element)) ||
             (type->value != NULL && convoke_type_has_references (type->value));
    }
}

/* --- scalars --- */

gint64
convoke_integer_read (const ConvokeTypeInfo *type,
                      gconstpointer          location)
{
  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_INT8:
      return *(const gint8 *) location;
    case CONVOKE_TYPE_KIND_UINT8:
      return *(const guint8 *) location;
    case CONVOKE_TYPE_KIND_INT16:
      return *(const gint16 *) location;
    case CONVOKE_TYPE_KIND_UINT16:
      return *(const guint16 *) location;
    case CONVOKE_TYPE_KIND_BOOLEAN:
    case CONVOKE_TYPE_KIND_INT32:
      return *(const gint32 *) location;
    case CONVOKE_TYPE_KIND_UNICHAR:
    case CONVOKE_TYPE_KIND_UINT32:
      return *(const guint32 *) location;
    case CONVOKE_TYPE_KIND_INT64:
      return *(const gint64 *) location;
    case CONVOKE_TYPE_KIND_UINT64:
      return (gint64) *(const guint64 *) location;
    case CONVOKE_TYPE_KIND_GTYPE:
      return (gint64) *(const GType *) location;
    default:
      g_assert_not_reached ();
    }
}

gboolean
convoke_integer_write (const ConvokeTypeInfo *type,
                       gpointer               location,
                       gint64                 value)
{
  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_INT8:
      *(gint8 *) location = (gint8) value;
      break;
    case CONVOKE_TYPE_KIND_UINT8:
      *(guint8 *) location = (guint8) value;
      break;
    case CONVOKE_TYPE_KIND_INT16:
      *(gint16 *) location = (gint16) value;
      break;
    case CONVOKE_TYPE_KIND_UINT16:
      *(guint16 *) location = (guint16) value;
      break;
    case CONVOKE_TYPE_KIND_BOOLEAN:
    case CONVOKE_TYPE_KIND_INT32:
      *(gint32 *) location = (gint32) value;
      break;
    case CONVOKE_TYPE_KIND_UNICHAR:
    case CONVOKE_TYPE_KIND_UINT32:
      *(guint32 *) location = (guint32) value;
      break;
    case CONVOKE_TYPE_KIND_INT64:
      *(gint64 *) location = value;
      break;
    case CONVOKE_TYPE_KIND_UINT64:
      *(guint64 *) location = (guint64) value;
      break;
    case CONVOKE_TYPE_KIND_GTYPE:
      *(GType *) location = (GType) value;
      break;
    default:
      g_assert_not_reached ();
    }

  return convoke_integer_read (type, location) == value;
}

gboolean
convoke_type_is_stuffed (const ConvokeTypeInfo *element)
{
  return convoke_type_is_integer (element) && convoke_type_get_size (element) <= sizeof (gpointer);
}

gpointer
convoke_stuff (const ConvokeTypeInfo *element,
               gconstpointer          location)
{
  if (convoke_type_is_integer (element))
    return (gpointer) (guintptr) convoke_integer_read (element, location);

  return *(const gpointer *) location;
}

void
convoke_unstuff (const ConvokeTypeInfo *element,
                 gpointer               location,
                 gpointer               stuffed)
{
  if (convoke_type_is_integer (element))
    convoke_integer_write (element, location, (gint64) (gintptr) stuffed);
  else
    *(gpointer *) location = stuffed;
}

/* --- single values --- */

gboolean
convoke_fail_unregistered (const ConvokeTypeInfo  *type,
                           GError                **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "holds a %s, a type that is not registered and so cannot be copied", type->type_name);
  return FALSE;
}

static gboolean
copy_string (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_strdup (src);
  return TRUE;
}

static void
clear_with_free (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_free (value);
}

static gboolean
copy_variant (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_variant_ref_sink (src);
  return TRUE;
}

static void
clear_variant (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_variant_unref (value);
}

static gboolean
copy_bytes (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_bytes_ref (src);
  return TRUE;
}

static void
clear_bytes (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_bytes_unref (value);
}

static gboolean
copy_byte_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GByteArray *bytes = src;

  *dest = g_byte_array_append (g_byte_array_sized_new (bytes->len), bytes->data, bytes->len);
  return TRUE;
}

static void
clear_byte_array (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_byte_array_unref (value);
}

static gboolean
copy_error (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_error_copy (src);
  return TRUE;
}

static void
clear_error (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_error_free (value);
}

static void
copy_gvalue_to (GValue       *dest,
                const GValue *src)
{
  if (!G_IS_VALUE (src))
    return;

  g_value_init (dest, G_VALUE_TYPE (src));
  g_value_copy (src, dest);
}

static void
free_gvalue (gpointer value)
{
  if (G_IS_VALUE ((GValue *) value))
    g_value_unset (value);
  g_free (value);
}

static gboolean
copy_gvalue (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_new0 (GValue, 1);
  copy_gvalue_to (*dest, src);
  return TRUE;
}

static void
clear_gvalue (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  free_gvalue (value);
}

/* A struct without GType is a block of scalars. */
static gboolean
copy_struct (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_memdup2 (src, type->size);
  return TRUE;
}

/* A type need not be registered before it is first met. Its function is only
 * looked for in what is mapped already: loading a library for it could load
 * the one that must not stand beside another. */
GType
convoke_type_find_gtype (const ConvokeTypeInfo *type)
{
  GType gtype;
  GType (*get_type) (void);

  if (type->type_name == NULL)
    return G_TYPE_INVALID;

  gtype = g_type_from_name (type->type_name);
  if (gtype != G_TYPE_INVALID || type->type_init == NULL)
    return gtype;

  get_type = (GType (*) (void)) convoke_find_mapped_symbol (type->type_init);
  return get_type != NULL ? get_type () : G_TYPE_INVALID;
}

static gboolean
copy_boxed (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GType gtype = convoke_type_find_gtype (type);

  if (gtype == G_TYPE_INVALID || !G_TYPE_IS_BOXED (gtype))
    return convoke_fail_unregistered (type, error);

  *dest = g_boxed_copy (gtype, src);
  return TRUE;
}

static void
clear_boxed (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  GType gtype = convoke_type_find_gtype (type);

  /* Of an unregistered type there can only be what a callee gave away: the
   * library that could free it has not even told GObject its name. */
  if (gtype != G_TYPE_INVALID)
    g_boxed_free (gtype, value);
}

/* Instances that are no GObjects are counted by their own functions, which
 * only their GValue knows. */
static gpointer
instance_ref (gpointer instance)
{
  GValue value = G_VALUE_INIT;

  if (G_IS_OBJECT (instance))
    return g_object_ref (instance);

  g_value_init (&value, G_TYPE_FROM_INSTANCE (instance));
  g_value_set_instance (&value, instance);
  return value.data[0].v_pointer;
}

void
convoke_instance_unref (gpointer instance)
{
  GValue value = G_VALUE_INIT;

  if (instance == NULL)
    return;

  if (G_IS_OBJECT (instance))
    {
      g_object_unref (instance);
      return;
    }

  g_value_init (&value, G_TYPE_FROM_INSTANCE (instance));
  value.data[0].v_pointer = instance;
  g_value_unset (&value);
}

static gboolean
copy_instance (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = instance_ref (src);
  return TRUE;
}

static void
clear_instance (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  convoke_instance_unref (value);
}

static gboolean
copy_pspec (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  *dest = g_param_spec_ref (src);
  return TRUE;
}

static void
clear_pspec (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_param_spec_unref (value);
}

/* --- elements --- */

gboolean
convoke_element_is_inline (const ConvokeTypeInfo *element)
{
  if (element->is_pointer)
    return FALSE;

  return element->kind == CONVOKE_TYPE_KIND_STRUCT || element->kind == CONVOKE_TYPE_KIND_BOXED ||
         element->kind == CONVOKE_TYPE_KIND_UNION || element->kind == CONVOKE_TYPE_KIND_VALUE;
}

gsize
convoke_element_get_size (const ConvokeTypeInfo *element)
{
  if (!convoke_element_is_inline (element))
    return convoke_type_get_size (element);

  return element->kind == CONVOKE_TYPE_KIND_VALUE ? sizeof (GValue) : element->size;
}

gboolean
convoke_element_copy (const ConvokeTypeInfo  *element,
                      gpointer                dest,
                      gconstpointer           src,
                      GError                **error)
{
  if (!convoke_element_is_inline (element))
    return convoke_value_copy (element, dest, src, -1, error);

  if (element->kind == CONVOKE_TYPE_KIND_VALUE)
    copy_gvalue_to (dest, src);
  else
    memcpy (dest, src, element->size);

  return TRUE;
}

void
convoke_element_clear (const ConvokeTypeInfo *element,
                       gpointer               location)
{
  if (!convoke_element_is_inline (element))
    convoke_value_clear (element, location, -1);
  else if (element->kind == CONVOKE_TYPE_KIND_VALUE && G_IS_VALUE ((GValue *) location))
    g_value_unset (location);
}

gboolean
convoke_element_is_plain (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return element->kind != CONVOKE_TYPE_KIND_VALUE;

  return convoke_type_is_plain (element);
}

/* --- the table --- */

#define POINTER(copy_func, clear_func, ...) \
  { .size = sizeof (gpointer), .ffi = &ffi_type_pointer, .copy = copy_func, .clear = clear_func, __VA_ARGS__ }
#define REFUSED(words) \
  { .size = sizeof (gpointer), .ffi = &ffi_type_pointer, .plain = TRUE, .refusal = words }
#define SCALAR(ctype, ffitype, ...) \
  { .size = sizeof (ctype), .ffi = &ffitype, .plain = TRUE, __VA_ARGS__ }

static const Kind kinds[] = {
  [CONVOKE_TYPE_KIND_VOID]       = { .ffi = &ffi_type_void, .plain = TRUE, .refusal = "nothing" },
  [CONVOKE_TYPE_KIND_BOOLEAN]    = SCALAR (gboolean, ffi_type_sint32, .integer = TRUE, .is_signed = TRUE),
  [CONVOKE_TYPE_KIND_INT8]       = SCALAR (gint8, ffi_type_sint8, .integer = TRUE, .is_signed = TRUE),
  [CONVOKE_TYPE_KIND_UINT8]      = SCALAR (guint8, ffi_type_uint8, .integer = TRUE),
  [CONVOKE_TYPE_KIND_INT16]      = SCALAR (gint16, ffi_type_sint16, .integer = TRUE, .is_signed = TRUE),
  [CONVOKE_TYPE_KIND_UINT16]     = SCALAR (guint16, ffi_type_uint16, .integer = TRUE),
  [CONVOKE_TYPE_KIND_INT32]      = SCALAR (gint32, ffi_type_sint32, .integer = TRUE, .is_signed = TRUE),
  [CONVOKE_TYPE_KIND_UINT32]     = SCALAR (guint32, ffi_type_uint32, .integer = TRUE),
  [CONVOKE_TYPE_KIND_INT64]      = SCALAR (gint64, ffi_type_sint64, .integer = TRUE, .is_signed = TRUE),
  [CONVOKE_TYPE_KIND_UINT64]     = SCALAR (guint64, ffi_type_uint64, .integer = TRUE),
  [CONVOKE_TYPE_KIND_FLOAT]      = SCALAR (float, ffi_type_float),
  [CONVOKE_TYPE_KIND_DOUBLE]     = SCALAR (double, ffi_type_double),
  [CONVOKE_TYPE_KIND_UNICHAR]    = SCALAR (gunichar, ffi_type_uint32, .integer = TRUE),
  [CONVOKE_TYPE_KIND_GTYPE]      = { .size = sizeof (GType), .ffi = &ffi_type_pointer, .plain = TRUE, .integer = TRUE },
  [CONVOKE_TYPE_KIND_UTF8]       = POINTER (copy_string, clear_with_free, .destroy = g_free),
  [CONVOKE_TYPE_KIND_FILENAME]   = POINTER (copy_string, clear_with_free, .destroy = g_free),
  [CONVOKE_TYPE_KIND_VARIANT]    = POINTER (copy_variant, clear_variant, .destroy = (GDestroyNotify) g_variant_unref),
  [CONVOKE_TYPE_KIND_BYTES]      = POINTER (copy_bytes, clear_bytes, .destroy = (GDestroyNotify) g_bytes_unref),
  [CONVOKE_TYPE_KIND_ARRAY]      = POINTER (convoke_copy_array, convoke_clear_array, .container = TRUE),
  [CONVOKE_TYPE_KIND_GARRAY]     = POINTER (convoke_copy_garray, convoke_clear_garray, .container = TRUE,
                                              .destroy = (GDestroyNotify) g_array_unref),
  [CONVOKE_TYPE_KIND_PTR_ARRAY]  = POINTER (convoke_copy_ptr_array, convoke_clear_ptr_array, .container = TRUE,
                                              .destroy = (GDestroyNotify) g_ptr_array_unref),
  [CONVOKE_TYPE_KIND_BYTE_ARRAY] = POINTER (copy_byte_array, clear_byte_array, .destroy = (GDestroyNotify) g_byte_array_unref),
  [CONVOKE_TYPE_KIND_LIST]       = POINTER (convoke_copy_list, convoke_clear_list, .container = TRUE),
  [CONVOKE_TYPE_KIND_SLIST]      = POINTER (convoke_copy_slist, convoke_clear_slist, .container = TRUE),
  [CONVOKE_TYPE_KIND_HASH_TABLE] = POINTER (convoke_copy_hash_table, convoke_clear_hash_table, .container = TRUE,
                                              .destroy = (GDestroyNotify) g_hash_table_unref),
  [CONVOKE_TYPE_KIND_ERROR]      = POINTER (copy_error, clear_error, .destroy = (GDestroyNotify) g_error_free),
  [CONVOKE_TYPE_KIND_VALUE]      = POINTER (copy_gvalue, clear_gvalue, .destroy = free_gvalue),
  [CONVOKE_TYPE_KIND_BOXED]      = POINTER (copy_boxed, clear_boxed),
  [CONVOKE_TYPE_KIND_STRUCT]     = POINTER (copy_struct, clear_with_free, .destroy = g_free),
  [CONVOKE_TYPE_KIND_UNION]      = POINTER (copy_boxed, clear_boxed),
  [CONVOKE_TYPE_KIND_OBJECT]     = POINTER (copy_instance, clear_instance, .destroy = convoke_instance_unref),
  [CONVOKE_TYPE_KIND_INTERFACE]  = POINTER (copy_instance, clear_instance, .destroy = convoke_instance_unref),
  [CONVOKE_TYPE_KIND_PARAM]      = POINTER (copy_pspec, clear_pspec, .destroy = (GDestroyNotify) g_param_spec_unref),
  [CONVOKE_TYPE_KIND_CALLBACK]   = REFUSED ("a callback without a scope"),
  [CONVOKE_TYPE_KIND_POINTER]    = REFUSED ("an untyped pointer"),
};

gboolean
convoke_value_copy (const ConvokeTypeInfo  *type,
                    gpointer                dest,
                    gconstpointer           src,
                    gssize                  n,
                    GError                **error)
{
  const Kind *kind = kind_of (type);

  if (kind->plain)
    {
      memcpy (dest, src, kind->size);
      return TRUE;
    }

  *(gpointer *) dest = NULL;
  return *(const gpointer *) src == NULL || kind->copy (type, dest, *(const gpointer *) src, n, error);
}

void
convoke_value_clear (const ConvokeTypeInfo *type,
                     gpointer               location,
                     gssize                 n)
{
  const Kind *kind = kind_of (type);
  gpointer value;

  if (kind->plain)
    return;

  value = g_steal_pointer ((gpointer *) location);
  if (value != NULL)
    kind->clear (type, value, n);
}

GDestroyNotify
convoke_type_get_destroy (const ConvokeTypeInfo *type)
{
  const Kind *kind = kind_of (type);

  if (kind->copy == copy_boxed)
    {
      GType gtype = convoke_type_find_gtype (type);

      return gtype != G_TYPE_INVALID ? convoke_boxed_get_destroy (gtype) : NULL;
    }

  return kind->destroy;
}

/* --- what cannot be copied --- */

static const char *
element_get_refusal (const ConvokeTypeInfo *element)
{
  if (element->kind == CONVOKE_TYPE_KIND_CALLBACK)
    return "a container of callbacks";

  if (element->kind == CONVOKE_TYPE_KIND_ARRAY && element->length_arg >= 0)
    return "an array of arrays without their lengths";

  if (!convoke_element_is_inline (element))
    return convoke_type_get_refusal (element);

  if (element->kind == CONVOKE_TYPE_KIND_VALUE)
    return NULL;

  return element->scalar_struct && element->size > 0 ? NULL : "an array of structs that are not just numbers";
}

static const char *
array_get_refusal (const ConvokeTypeInfo *type)
{
  if (type->length_arg < 0 && type->fixed_size < 0 && !type->zero_terminated)
    return "an array of unknown length";

  if (type->zero_terminated && type->length_arg < 0 && convoke_element_is_inline (type->element))
    return "an array of structs of unknown length";

  return element_get_refusal (type->element);
}

/* Containers of pointers, which free their elements through a function. */
static const char *
pointers_get_refusal (const ConvokeTypeInfo *element)
{
  if (element->kind == CONVOKE_TYPE_KIND_CALLBACK)
    return "a container of callbacks";

  if (convoke_type_is_stuffed (element))
    return NULL;

  if (convoke_type_is_plain (element) && kind_of (element)->refusal == NULL)
    return "a container of numbers that do not fit into pointers";

  return convoke_type_get_refusal (element);
}

static const char *
counted_get_refusal (const ConvokeTypeInfo *element)
{
  if (!convoke_type_is_plain (element) && kind_of (element)->destroy == NULL &&
      kind_of (element)->copy != copy_boxed)
    return "a counted container of arrays or lists";

  return pointers_get_refusal (element);
}

static const char *
hash_table_get_refusal (const ConvokeTypeInfo *type)
{
  const ConvokeTypeInfo *key = type->element;

  if (!convoke_type_is_stuffed (key) && !convoke_kind_is_string (key->kind) &&
      key->kind != CONVOKE_TYPE_KIND_OBJECT && key->kind != CONVOKE_TYPE_KIND_INTERFACE)
    return "a hash table whose keys are neither strings, numbers nor objects";

  return counted_get_refusal (type->value);
}

const char *
convoke_type_get_refusal (const ConvokeTypeInfo *type)
{
  switch (convoke_type_get_layout (type))
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      return array_get_refusal (type);

    case CONVOKE_TYPE_KIND_GARRAY:
      if (!convoke_element_is_plain (type->element) && convoke_garray_get_clear (type->element) == NULL)
        return "a GArray whose elements cannot be freed";
      return element_get_refusal (type->element);

    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      return counted_get_refusal (type->element);

    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      return pointers_get_refusal (type->element);

    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return hash_table_get_refusal (type);

    case CONVOKE_TYPE_KIND_STRUCT:
      return type->scalar_struct && type->size > 0 ? NULL : "a pointer to a struct that cannot be copied";

    case CONVOKE_TYPE_KIND_BOXED:
      return type->type_name != NULL ? NULL : "a pointer to a struct that cannot be copied";

    case CONVOKE_TYPE_KIND_UNION:
      return type->type_name != NULL ? NULL : "a pointer to a union that cannot be copied";

    default:
      return kind_of (type)->refusal;
    }
}
