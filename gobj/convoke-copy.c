/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <dlfcn.h>
#include <string.h>

#include "convoke-copy-private.h"
#include "convoke-error.h"

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

/* --- boxed types, freed through a pointer to function --- */

/* GDestroyNotify has no room for a GType, and counted containers take nothing
 * else. So the boxed types that were met inside such containers are numbered,
 * and each number has a function of its own. */
#define N_BOXED 64

static GType boxed_types[N_BOXED];
static guint n_boxed;
static GMutex boxed_lock; /* guards both; an entry never changes once it is set */

#define FOR_8(f, n) f (n##0) f (n##1) f (n##2) f (n##3) f (n##4) f (n##5) f (n##6) f (n##7)
#define FOR_64(f) FOR_8 (f, 0) FOR_8 (f, 01) FOR_8 (f, 02) FOR_8 (f, 03) \
                  FOR_8 (f, 04) FOR_8 (f, 05) FOR_8 (f, 06) FOR_8 (f, 07)

#define DEFINE_DESTROY(n) \
  static void destroy_boxed_##n (gpointer boxed) { if (boxed != NULL) g_boxed_free (boxed_types[n], boxed); }
FOR_64 (DEFINE_DESTROY)

#define NAME_DESTROY(n) destroy_boxed_##n,
static const GDestroyNotify boxed_destroys[N_BOXED] = { FOR_64 (NAME_DESTROY) };

static GDestroyNotify
find_boxed_destroy (GType gtype)
{
  GDestroyNotify destroy = NULL;

  g_mutex_lock (&boxed_lock);
  for (guint i = 0; i < N_BOXED && destroy == NULL; i++)
    {
      if (i == n_boxed)
        boxed_types[n_boxed++] = gtype;
      if (boxed_types[i] == gtype)
        destroy = boxed_destroys[i];
    }
  g_mutex_unlock (&boxed_lock);

  return destroy;
}

/* --- single values --- */

static gboolean
fail_unregistered (const ConvokeTypeInfo  *type,
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

/* A type need not be registered before its first GValue. Its function is only
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

  get_type = (GType (*) (void)) dlsym (RTLD_DEFAULT, type->type_init);
  return get_type != NULL ? get_type () : G_TYPE_INVALID;
}

static gboolean
copy_boxed (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GType gtype = convoke_type_find_gtype (type);

  if (gtype == G_TYPE_INVALID || !G_TYPE_IS_BOXED (gtype))
    return fail_unregistered (type, error);

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

static void
instance_unref (gpointer instance)
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
  instance_unref (value);
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

static gboolean
element_is_plain (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return element->kind != CONVOKE_TYPE_KIND_VALUE;

  return convoke_type_is_plain (element);
}

/* Copies what a container of pointers holds. */
static gboolean
copy_stuffed (const ConvokeTypeInfo  *element,
              gpointer               *dest,
              gpointer                src,
              GError                **error)
{
  *dest = src;
  return convoke_type_is_plain (element) || convoke_value_copy (element, dest, &src, -1, error);
}

/* A counted container must be able to free what is put into it. */
static gboolean
check_destroy (const ConvokeTypeInfo  *element,
               GError                **error)
{
  if (convoke_type_is_plain (element) || convoke_type_get_destroy (element) != NULL)
    return TRUE;

  return fail_unregistered (element, error);
}

/* --- C arrays --- */

static gboolean
is_zero (const guint8 *bytes,
         gsize         size)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      return FALSE;

  return TRUE;
}

gsize
convoke_array_count (const ConvokeTypeInfo *type,
                     gconstpointer          array,
                     gssize                 n)
{
  gsize size = convoke_element_get_size (type->element);
  gsize count = 0;

  if (array == NULL)
    return 0;

  if (type->length_arg >= 0 && n >= 0)
    return n;

  if (type->fixed_size >= 0)
    return type->fixed_size;

  /* Also the usual meaning of a length of -1. */
  while (!is_zero ((const guint8 *) array + count * size, size))
    count++;

  return count;
}

/* There is always one zero element after the last, for those who forget to
 * say that they need it. */
static gpointer
array_alloc (const ConvokeTypeInfo *type,
             gsize                  count)
{
  return g_malloc0_n (count + 1, convoke_element_get_size (type->element));
}

static void
clear_array (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  gsize size = convoke_element_get_size (type->element);

  if (!element_is_plain (type->element))
    {
      gsize count = convoke_array_count (type, value, n);

      for (gsize i = 0; i < count; i++)
        convoke_element_clear (type->element, (guint8 *) value + i * size);
    }

  g_free (value);
}

static gboolean
copy_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  gsize count = convoke_array_count (type, src, n);
  gsize size = convoke_element_get_size (type->element);
  gpointer copy = array_alloc (type, count);

  if (element_is_plain (type->element))
    {
      memcpy (copy, src, count * size);
      *dest = copy;
      return TRUE;
    }

  for (gsize i = 0; i < count; i++)
    {
      if (!convoke_element_copy (type->element, (guint8 *) copy + i * size, (guint8 *) src + i * size, error))
        {
          clear_array (type, copy, count);
          return FALSE;
        }
    }

  *dest = copy;
  return TRUE;
}

/* --- GArray --- */

static void
clear_string_element (gpointer location)
{
  g_free (*(gpointer *) location);
}

static void
clear_instance_element (gpointer location)
{
  instance_unref (*(gpointer *) location);
}

static void
clear_variant_element (gpointer location)
{
  if (*(gpointer *) location != NULL)
    g_variant_unref (*(gpointer *) location);
}

static void
clear_gvalue_element (gpointer location)
{
  if (G_IS_VALUE ((GValue *) location))
    g_value_unset (location);
}

static GDestroyNotify
garray_get_clear (const ConvokeTypeInfo *element)
{
  switch (element->kind)
    {
    case CONVOKE_TYPE_KIND_UTF8:
    case CONVOKE_TYPE_KIND_FILENAME:
      return clear_string_element;

    case CONVOKE_TYPE_KIND_OBJECT:
    case CONVOKE_TYPE_KIND_INTERFACE:
      return clear_instance_element;

    case CONVOKE_TYPE_KIND_VARIANT:
      return clear_variant_element;

    case CONVOKE_TYPE_KIND_VALUE:
      return convoke_element_is_inline (element) ? clear_gvalue_element : NULL;

    default:
      return NULL;
    }
}

GArray *
convoke_garray_new (const ConvokeTypeInfo *type)
{
  GArray *array = g_array_new (type->zero_terminated, TRUE, convoke_element_get_size (type->element));

  g_array_set_clear_func (array, garray_get_clear (type->element));
  return array;
}

static gboolean
copy_garray (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GArray *from = src;
  g_autoptr (GArray) copy = convoke_garray_new (type);
  gsize size = convoke_element_get_size (type->element);

  g_array_set_size (copy, from->len);
  for (guint i = 0; i < from->len; i++)
    {
      if (!convoke_element_copy (type->element, copy->data + i * size, from->data + i * size, error))
        return FALSE;
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

static void
clear_garray (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_array_unref (value);
}

/* --- GPtrArray --- */

GPtrArray *
convoke_ptr_array_new (const ConvokeTypeInfo *type)
{
  return g_ptr_array_new_with_free_func (convoke_type_get_destroy (type->element));
}

static gboolean
copy_ptr_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GPtrArray *from = src;
  g_autoptr (GPtrArray) copy = convoke_ptr_array_new (type);

  if (!check_destroy (type->element, error))
    return FALSE;

  for (guint i = 0; i < from->len; i++)
    {
      gpointer element = NULL;

      if (!copy_stuffed (type->element, &element, from->pdata[i], error))
        return FALSE;
      g_ptr_array_add (copy, element);
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

static void
clear_ptr_array (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_ptr_array_unref (value);
}

/* --- lists: GSList begins as GList does, data and next --- */

static void
clear_list_elements (const ConvokeTypeInfo *element,
                     GSList                *list)
{
  if (convoke_type_is_plain (element))
    return;

  for (GSList *l = list; l != NULL; l = l->next)
    convoke_value_clear (element, &l->data, -1);
}

static gboolean
copy_list_elements (const ConvokeTypeInfo  *element,
                    GSList                 *list,
                    GError                **error)
{
  GSList *l;

  for (l = list; l != NULL; l = l->next)
    {
      if (!copy_stuffed (element, &l->data, l->data, error))
        break;
    }

  if (l == NULL)
    return TRUE;

  /* From here on the elements are still somebody else's. */
  for (; l != NULL; l = l->next)
    l->data = NULL;
  clear_list_elements (element, list);

  return FALSE;
}

static gboolean
copy_list (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GList *copy = g_list_copy (src);

  if (!copy_list_elements (type->element, (GSList *) copy, error))
    {
      g_list_free (copy);
      return FALSE;
    }

  *dest = copy;
  return TRUE;
}

static void
clear_list (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  clear_list_elements (type->element, value);
  g_list_free (value);
}

static gboolean
copy_slist (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GSList *copy = g_slist_copy (src);

  if (!copy_list_elements (type->element, copy, error))
    {
      g_slist_free (copy);
      return FALSE;
    }

  *dest = copy;
  return TRUE;
}

static void
clear_slist (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  clear_list_elements (type->element, value);
  g_slist_free (value);
}

/* --- GHashTable --- */

static gboolean
is_string_kind (ConvokeTypeKind kind)
{
  return kind == CONVOKE_TYPE_KIND_UTF8 || kind == CONVOKE_TYPE_KIND_FILENAME;
}

static GHashTable *
hash_table_new_full (const ConvokeTypeInfo *type,
                     GDestroyNotify         destroy_key,
                     GDestroyNotify         destroy_value)
{
  if (is_string_kind (type->element->kind))
    return g_hash_table_new_full (g_str_hash, g_str_equal, destroy_key, destroy_value);

  return g_hash_table_new_full (NULL, NULL, destroy_key, destroy_value);
}

GHashTable *
convoke_hash_table_new (const ConvokeTypeInfo *type)
{
  return hash_table_new_full (type, convoke_type_get_destroy (type->element),
                              convoke_type_get_destroy (type->value));
}

static gboolean
copy_hash_table (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  g_autoptr (GHashTable) copy = convoke_hash_table_new (type);
  GHashTableIter iter;
  gpointer key, value;

  if (!check_destroy (type->value, error))
    return FALSE;

  g_hash_table_iter_init (&iter, src);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer new_key = NULL, new_value = NULL;

      if (!copy_stuffed (type->value, &new_value, value, error))
        return FALSE;

      /* Keys are strings, numbers or objects: this cannot fail. */
      copy_stuffed (type->element, &new_key, key, NULL);
      g_hash_table_insert (copy, new_key, new_value);
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

static void
clear_hash_table (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_hash_table_unref (value);
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
  [CONVOKE_TYPE_KIND_ARRAY]      = POINTER (copy_array, clear_array, .container = TRUE),
  [CONVOKE_TYPE_KIND_GARRAY]     = POINTER (copy_garray, clear_garray, .container = TRUE, .destroy = (GDestroyNotify) g_array_unref),
  [CONVOKE_TYPE_KIND_PTR_ARRAY]  = POINTER (copy_ptr_array, clear_ptr_array, .container = TRUE, .destroy = (GDestroyNotify) g_ptr_array_unref),
  [CONVOKE_TYPE_KIND_BYTE_ARRAY] = POINTER (copy_byte_array, clear_byte_array, .destroy = (GDestroyNotify) g_byte_array_unref),
  [CONVOKE_TYPE_KIND_LIST]       = POINTER (copy_list, clear_list, .container = TRUE),
  [CONVOKE_TYPE_KIND_SLIST]      = POINTER (copy_slist, clear_slist, .container = TRUE),
  [CONVOKE_TYPE_KIND_HASH_TABLE] = POINTER (copy_hash_table, clear_hash_table, .container = TRUE, .destroy = (GDestroyNotify) g_hash_table_unref),
  [CONVOKE_TYPE_KIND_ERROR]      = POINTER (copy_error, clear_error, .destroy = (GDestroyNotify) g_error_free),
  [CONVOKE_TYPE_KIND_VALUE]      = POINTER (copy_gvalue, clear_gvalue, .destroy = free_gvalue),
  [CONVOKE_TYPE_KIND_BOXED]      = POINTER (copy_boxed, clear_boxed),
  [CONVOKE_TYPE_KIND_STRUCT]     = POINTER (copy_struct, clear_with_free, .destroy = g_free),
  [CONVOKE_TYPE_KIND_UNION]      = POINTER (copy_boxed, clear_boxed),
  [CONVOKE_TYPE_KIND_OBJECT]     = POINTER (copy_instance, clear_instance, .destroy = instance_unref),
  [CONVOKE_TYPE_KIND_INTERFACE]  = POINTER (copy_instance, clear_instance, .destroy = instance_unref),
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

      return gtype != G_TYPE_INVALID ? find_boxed_destroy (gtype) : NULL;
    }

  return kind->destroy;
}

/* --- the container alone --- */

static gpointer
shallow_hash_table (const ConvokeTypeInfo *type,
                    GHashTable            *table)
{
  GHashTable *copy = hash_table_new_full (type, NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, key, value);

  return copy;
}

static gpointer
shallow_ptr_array (GPtrArray *array)
{
  GPtrArray *copy = g_ptr_array_sized_new (array->len);

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (copy, array->pdata[i]);

  return copy;
}

static gpointer
shallow_garray (const ConvokeTypeInfo *type,
                GArray                *array)
{
  GArray *copy = g_array_new (type->zero_terminated, TRUE, convoke_element_get_size (type->element));

  return g_array_append_vals (copy, array->data, array->len);
}

static gpointer
shallow_array (const ConvokeTypeInfo *type,
               gconstpointer          array,
               gssize                 n)
{
  gsize count = convoke_array_count (type, array, n);
  gpointer copy = array_alloc (type, count);

  memcpy (copy, array, count * convoke_element_get_size (type->element));
  return copy;
}

gpointer
convoke_container_copy (const ConvokeTypeInfo *type,
                        gpointer               container,
                        gssize                 n)
{
  if (container == NULL)
    return NULL;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      return shallow_array (type, container, n);
    case CONVOKE_TYPE_KIND_GARRAY:
      return shallow_garray (type, container);
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      return shallow_ptr_array (container);
    case CONVOKE_TYPE_KIND_LIST:
      return g_list_copy (container);
    case CONVOKE_TYPE_KIND_SLIST:
      return g_slist_copy (container);
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return shallow_hash_table (type, container);
    default:
      g_assert_not_reached ();
    }
}

void
convoke_container_free (const ConvokeTypeInfo *type,
                        gpointer               container)
{
  if (container == NULL)
    return;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      g_free (container);
      break;
    case CONVOKE_TYPE_KIND_LIST:
      g_list_free (container);
      break;
    case CONVOKE_TYPE_KIND_SLIST:
      g_slist_free (container);
      break;
    default:
      kind_of (type)->destroy (container);
    }
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

  if (!convoke_type_is_stuffed (key) && !is_string_kind (key->kind) &&
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
      if (!element_is_plain (type->element) && garray_get_clear (type->element) == NULL)
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

/* --- objects inside --- */

typedef struct
{
  gboolean            owned;
  ConvokeReplaceFunc  func;
  gpointer            user_data;
} Replace;

static void replace_in_value (const ConvokeTypeInfo *type,
                              gpointer               location,
                              gssize                 n,
                              const Replace         *replace);

static void
replace_object (const ConvokeTypeInfo *type,
                gpointer              *location,
                const Replace         *replace)
{
  gpointer object = *location;
  GObject *other;

  if (object == NULL || !G_IS_OBJECT (object))
    return;

  other = replace->func (object, type, replace->user_data);
  if (other == NULL)
    return;

  *location = other;
  if (replace->owned)
    g_object_unref (object);
}

static void
replace_in_gvalue (const ConvokeTypeInfo *type,
                   GValue                *value,
                   const Replace         *replace)
{
  GObject *object, *other;

  if (!G_IS_VALUE (value) || !G_VALUE_HOLDS_OBJECT (value))
    return;

  object = g_value_get_object (value);
  other = object != NULL ? replace->func (object, type, replace->user_data) : NULL;
  if (other == NULL)
    return;

  /* The stand-in is of another class; it has the interfaces in common. */
  if (!g_value_type_compatible (G_OBJECT_TYPE (other), G_VALUE_TYPE (value)))
    {
      g_value_unset (value);
      g_value_init (value, G_TYPE_OBJECT);
    }
  if (replace->owned)
    g_value_take_object (value, other);
  else
    g_value_set_object (value, other);
}

static void
replace_in_array (const ConvokeTypeInfo *element,
                  guint8                *array,
                  gsize                  count,
                  const Replace         *replace)
{
  gsize size = convoke_element_get_size (element);

  for (gsize i = 0; i < count; i++)
    {
      if (convoke_element_is_inline (element))
        replace_in_gvalue (element, (GValue *) (array + i * size), replace);
      else
        replace_in_value (element, array + i * size, -1, replace);
    }
}

/* Keys are left alone: a table finds an object by its address. */
static void
replace_in_hash_table (const ConvokeTypeInfo *type,
                       GHashTable            *table,
                       const Replace         *replace)
{
  const Replace keep_old = { .owned = FALSE, .func = replace->func, .user_data = replace->user_data };
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      gpointer old = value;

      /* The table itself drops the old object when it is replaced. */
      replace_in_value (type->value, &value, -1, &keep_old);
      if (value != old)
        g_hash_table_iter_replace (&iter, value);
    }
}

static void
replace_in_value (const ConvokeTypeInfo *type,
                  gpointer               location,
                  gssize                 n,
                  const Replace         *replace)
{
  gpointer value;

  if (kind_of (type)->plain || !convoke_type_has_references (type))
    return;

  value = *(gpointer *) location;
  if (value == NULL)
    return;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_OBJECT:
    case CONVOKE_TYPE_KIND_INTERFACE:
      replace_object (type, location, replace);
      break;
    case CONVOKE_TYPE_KIND_VALUE:
      replace_in_gvalue (type, value, replace);
      break;
    case CONVOKE_TYPE_KIND_ARRAY:
      replace_in_array (type->element, value, convoke_array_count (type, value, n), replace);
      break;
    case CONVOKE_TYPE_KIND_GARRAY:
      replace_in_array (type->element, (guint8 *) ((GArray *) value)->data, ((GArray *) value)->len, replace);
      break;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      for (guint i = 0; i < ((GPtrArray *) value)->len; i++)
        replace_in_value (type->element, &((GPtrArray *) value)->pdata[i], -1, replace);
      break;
    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      for (GSList *l = value; l != NULL; l = l->next)
        replace_in_value (type->element, &l->data, -1, replace);
      break;
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      replace_in_hash_table (type, value, replace);
      break;
    default:
      break;
    }
}

void
convoke_value_replace_objects (const ConvokeTypeInfo *type,
                               gpointer               location,
                               gssize                 n,
                               gboolean               owned,
                               ConvokeReplaceFunc     func,
                               gpointer               user_data)
{
  const Replace replace = { .owned = owned, .func = func, .user_data = user_data };

  replace_in_value (type, location, n, &replace);
}
