/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-copy-private.h"

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

  if (convoke_type_is_plain (type) || !convoke_type_has_references (type))
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
