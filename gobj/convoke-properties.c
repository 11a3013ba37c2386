/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-hooks-private.h"
#include "convoke-properties-private.h"

/* --- life --- */

static void
let_go (gpointer  home,
        GValue   *value)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_dup_object (value) : NULL;

  g_value_unset (value);
  if (object == NULL)
    return;

  /* The last reference would run the object's code here, wherever that is. */
  if (home != NULL && convoke_hooks.release != NULL)
    convoke_hooks.release (home, object);
  else
    g_object_unref (object);
}

static void
wipe (gpointer data)
{
  ConvokeProperties *self = data;

  for (guint i = 0; i < self->n; i++)
    let_go (self->home, &g_array_index (self->values, GValue, i));

  g_array_unref (self->values);
  g_ptr_array_unref (self->names);
  g_clear_object (&self->home);
}

ConvokeProperties *
convoke_properties_copy (const ConvokeProperties *self,
                         gpointer                 home)
{
  ConvokeProperties *copy = g_atomic_rc_box_new0 (ConvokeProperties);

  copy->names = g_ptr_array_new_with_free_func (g_free);
  copy->values = g_array_new (FALSE, TRUE, sizeof (GValue));
  copy->home = home;
  for (guint i = 0; i < convoke_properties_get_n (self); i++)
    convoke_properties_set (copy, self->names->pdata[i], &g_array_index (self->values, GValue, i));

  return copy;
}

ConvokeProperties *
convoke_properties_ref (const ConvokeProperties *self)
{
  return self != NULL ? g_atomic_rc_box_acquire ((gpointer) self) : NULL;
}

void
convoke_properties_unref (ConvokeProperties *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, wipe);
}

/* --- contents --- */

static GValue *
find (ConvokeProperties *self,
      const char        *name)
{
  for (guint i = 0; i < self->n; i++)
    if (strcmp (self->names->pdata[i], name) == 0)
      return &g_array_index (self->values, GValue, i);

  return NULL;
}

static GValue *
add (ConvokeProperties *self,
     char              *name)
{
  self->n++;
  g_ptr_array_add (self->names, name);
  g_array_set_size (self->values, self->n);
  return &g_array_index (self->values, GValue, self->n - 1);
}

static void
store (GValue       *place,
       const GValue *value)
{
  if (G_VALUE_HOLDS_OBJECT (value))
    {
      g_value_init (place, G_TYPE_OBJECT);
      g_value_set_object (place, g_value_get_object (value));
    }
  else
    {
      g_value_init (place, G_VALUE_TYPE (value));
      g_value_copy (value, place);
    }
}

void
convoke_properties_set (ConvokeProperties *self,
                        const char        *name,
                        const GValue      *value)
{
  /* As GObject spells them. */
  g_autofree char *canonical = g_strdelimit (g_strdup (name), "_", '-');
  GValue *place = find (self, canonical);

  if (place != NULL)
    let_go (self->home, place);
  else
    place = add (self, g_steal_pointer (&canonical));

  store (place, value);
}

guint
convoke_properties_get_n (const ConvokeProperties *self)
{
  return self != NULL ? self->n : 0;
}

const char **
convoke_properties_get_names (const ConvokeProperties *self)
{
  return self != NULL ? (const char **) self->names->pdata : NULL;
}

const GValue *
convoke_properties_get_values (const ConvokeProperties *self)
{
  return self != NULL ? (const GValue *) self->values->data : NULL;
}

GObject *
convoke_properties_create (const ConvokeProperties  *self,
                           ConvokeClassFactory      *factory,
                           GObject                  *outer,
                           GType                     iface,
                           GError                  **error)
{
  return convoke_class_factory_create_instance_with_properties (factory, outer, iface, convoke_properties_get_n (self),
                                                                convoke_properties_get_names (self),
                                                                convoke_properties_get_values (self), error);
}
