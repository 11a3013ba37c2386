/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A result without a transfer belongs to the object, which can free it as soon
 * as its thread goes on, while the caller on another thread still reads it. So
 * it is copied, or referenced, before the object's thread goes on, and what
 * was given out lives as long as the proxy: a caller may rely on the pointer.
 *
 * Equal strings and equal arrays of strings give the same pointer, and a
 * counted thing is referenced once, so that asking again costs no memory. Other
 * containers without a transfer are rare; each answer is kept.
 *
 * What cannot be copied stays as the object gave it.
 */

#include "config.h"

#include "convoke-copy-private.h"
#include "convoke-keep-private.h"

typedef struct
{
  const ConvokeTypeInfo *type;
  gpointer               value;
  gssize                 n;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *self = data;

  convoke_value_clear (self->type, &self->value, self->n);
  g_free (self);
}

static Kept *
kept_new (const ConvokeTypeInfo *type,
          gpointer               value,
          gssize                 n)
{
  Kept *self = g_new (Kept, 1);

  *self = (Kept) { type, value, n };
  return self;
}

void
convoke_keep_init (ConvokeKeep *self)
{
  *self = (ConvokeKeep) { 0, };
  g_mutex_init (&self->lock);
}

void
convoke_keep_wipe (ConvokeKeep *self)
{
  g_clear_pointer (&self->strings, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->counted, g_hash_table_unref);
  g_clear_pointer (&self->copies, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
}

/* --- strings --- */

static gpointer
keep_string (ConvokeKeep *self,
             const char  *string)
{
  gpointer kept;

  g_mutex_lock (&self->lock);
  if (self->strings == NULL)
    self->strings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!g_hash_table_lookup_extended (self->strings, string, &kept, NULL))
    {
      kept = g_strdup (string);
      g_hash_table_add (self->strings, kept);
    }
  g_mutex_unlock (&self->lock);

  return kept;
}

/* Equal arrays have equal keys, and others never: each string is preceded by its length. */
static char *
make_list_key (const char * const *list)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; list[i] != NULL; i++)
    g_string_append_printf (key, "%" G_GSIZE_FORMAT ":%s", strlen (list[i]), list[i]);

  return g_string_free (key, FALSE);
}

static gpointer
keep_list (ConvokeKeep        *self,
           const char * const *list)
{
  g_autofree char *key = make_list_key (list);
  char **kept;

  g_mutex_lock (&self->lock);
  if (self->lists == NULL)
    self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);

  kept = g_hash_table_lookup (self->lists, key);
  if (kept == NULL)
    {
      kept = g_strdupv ((char **) list);
      g_hash_table_insert (self->lists, g_steal_pointer (&key), kept);
    }
  g_mutex_unlock (&self->lock);

  return kept;
}

/* --- everything else --- */

static gboolean
add_counted_locked (ConvokeKeep *self,
                    Kept        *kept)
{
  if (self->counted == NULL)
    self->counted = g_hash_table_new_full (NULL, NULL, NULL, kept_free);

  if (g_hash_table_contains (self->counted, kept->value))
    return FALSE;

  g_hash_table_insert (self->counted, kept->value, kept);
  return TRUE;
}

static void
keep_counted (ConvokeKeep *self,
              Kept        *kept)
{
  gboolean added;

  g_mutex_lock (&self->lock);
  added = add_counted_locked (self, kept);
  g_mutex_unlock (&self->lock);

  if (!added)
    kept_free (kept);
}

static void
keep_copy (ConvokeKeep *self,
           Kept        *kept)
{
  g_mutex_lock (&self->lock);
  if (self->copies == NULL)
    self->copies = g_ptr_array_new_with_free_func (kept_free);
  g_ptr_array_add (self->copies, kept);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_string (const ConvokeTypeInfo *type)
{
  return type->kind == CONVOKE_TYPE_KIND_UTF8 || type->kind == CONVOKE_TYPE_KIND_FILENAME;
}

static gboolean
is_string_list (const ConvokeTypeInfo *type)
{
  return type->kind == CONVOKE_TYPE_KIND_ARRAY && type->zero_terminated &&
         type->length_arg < 0 && is_string (type->element);
}

static gpointer
keep_any (ConvokeKeep           *self,
          const ConvokeTypeInfo *type,
          gpointer               value,
          gssize                 n)
{
  gpointer copy;

  if (convoke_type_get_refusal (type) != NULL ||
      !convoke_value_copy (type, &copy, &value, n, NULL))
    return value;

  if (copy == value)
    keep_counted (self, kept_new (type, copy, n));
  else
    keep_copy (self, kept_new (type, copy, n));

  return copy;
}

static gpointer
keep_value (ConvokeKeep           *self,
            const ConvokeTypeInfo *type,
            gpointer               value,
            gssize                 n)
{
  if (is_string (type))
    return keep_string (self, value);
  if (is_string_list (type))
    return keep_list (self, value);

  return keep_any (self, type, value, n);
}

/* The container is the caller's, its elements are not. */
static gpointer
keep_elements (ConvokeKeep           *self,
               const ConvokeTypeInfo *type,
               gpointer               container,
               gssize                 n)
{
  gpointer kept = keep_any (self, type, container, n);
  gpointer given;

  if (kept == container)
    return container;

  given = convoke_container_copy (type, kept, n);
  convoke_container_free (type, container);
  return given;
}

static gboolean
is_lent (const ConvokeArgInfo *arg)
{
  return arg->transfer != CONVOKE_TRANSFER_FULL && !convoke_type_is_plain (&arg->type);
}

static void
keep_output (ConvokeKeep          *self,
             const ConvokeArgInfo *arg,
             gpointer             *location,
             gssize                n)
{
  if (!is_lent (arg) || *location == NULL)
    return;

  if (arg->transfer == CONVOKE_TRANSFER_CONTAINER && convoke_type_is_container (&arg->type))
    *location = keep_elements (self, &arg->type, *location, n);
  else if (arg->transfer == CONVOKE_TRANSFER_NONE)
    *location = keep_value (self, &arg->type, *location, n);
}

/* --- a frame's outputs --- */

/* Where the value of an argument is; NULL when the caller did not ask for it. */
static gpointer
locate (ConvokeFrame              *frame,
        const ConvokeCallableInfo *callable,
        guint                      index)
{
  gpointer place = frame->args[index + callable->is_method];

  return callable->args[index].direction == CONVOKE_DIRECTION_IN ? place : *(gpointer *) place;
}

static gssize
read_length (ConvokeFrame              *frame,
             const ConvokeCallableInfo *callable,
             const ConvokeTypeInfo     *type)
{
  gpointer place;

  if (type->kind != CONVOKE_TYPE_KIND_ARRAY || type->length_arg < 0)
    return -1;

  place = locate (frame, callable, type->length_arg);
  return place == NULL ? 0 : (gssize) convoke_integer_read (&callable->args[type->length_arg].type, place);
}

gboolean
convoke_keep_is_needed (const ConvokePlan *plan)
{
  const ConvokeCallableInfo *callable = convoke_plan_get_callable (plan);

  if (callable->ret.type.kind != CONVOKE_TYPE_KIND_VOID && is_lent (&callable->ret))
    return TRUE;

  for (guint i = 0; i < callable->n_args; i++)
    if (callable->args[i].direction != CONVOKE_DIRECTION_IN && is_lent (&callable->args[i]))
      return TRUE;

  return FALSE;
}

void
convoke_keep_outs (ConvokeKeep  *self,
                   ConvokeFrame *frame)
{
  const ConvokeCallableInfo *callable = convoke_plan_get_callable (frame->plan);

  if (callable->ret.type.kind != CONVOKE_TYPE_KIND_VOID)
    keep_output (self, &callable->ret, frame->ret, read_length (frame, callable, &callable->ret.type));

  for (guint i = 0; i < callable->n_args; i++)
    {
      const ConvokeArgInfo *arg = &callable->args[i];
      gpointer place;

      if (arg->direction == CONVOKE_DIRECTION_IN || arg->caller_allocates)
        continue;

      place = locate (frame, callable, i);
      if (place != NULL)
        keep_output (self, arg, place, read_length (frame, callable, &arg->type));
    }
}
