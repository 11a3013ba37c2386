/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-frame-steps-private.h"

/* --- what lives as long as a frame --- */

typedef struct _Kept Kept;

struct _Kept
{
  Kept           *next;
  GDestroyNotify  destroy;
  gpointer        data;
};

static Kept *
kept_new (gpointer        data,
          GDestroyNotify  destroy)
{
  Kept *kept = g_new (Kept, 1);

  kept->next = NULL;
  kept->destroy = destroy;
  kept->data = data;

  return kept;
}

gpointer
convoke_frame_keep (ConvokeFrame   *self,
                    gpointer        data,
                    GDestroyNotify  destroy)
{
  Kept *kept = kept_new (data, destroy);

  kept->next = self->kept;
  self->kept = kept;

  return data;
}

static void
clear_list (gpointer *list)
{
  Kept *kept = g_steal_pointer (list);

  while (kept != NULL)
    {
      Kept *next = kept->next;

      kept->destroy (kept->data);
      g_free (kept);
      kept = next;
    }
}

/* A value together with what it takes to free it. */
typedef struct
{
  const ConvokeTypeInfo *type;
  gpointer               value;
  gssize                 n;
} OwnedValue;

static void
owned_value_free (gpointer data)
{
  OwnedValue *owned = data;

  convoke_value_clear (owned->type, &owned->value, owned->n);
  g_free (owned);
}

static OwnedValue *
owned_value_new (const ConvokeTypeInfo *type,
                 gpointer               value,
                 gssize                 n)
{
  OwnedValue *owned = g_new (OwnedValue, 1);

  owned->type = type;
  owned->value = value;
  owned->n = n;

  return owned;
}

gpointer
convoke_frame_keep_value (ConvokeFrame          *self,
                          const ConvokeTypeInfo *type,
                          gpointer               value,
                          gssize                 n)
{
  convoke_frame_keep (self, owned_value_new (type, value, n), owned_value_free);
  return value;
}

void
convoke_frame_clear_kept (ConvokeFrame *self)
{
  clear_list (&self->kept);
}

/* --- what lives as long as the object that was called --- */

/*
 * A caller may keep what a method lends for as long as it has the object. So
 * does what stands in for it. Equal strings and the same objects are kept
 * once, which makes them as stable as the object's own would be.
 */
typedef struct
{
  GHashTable *strings; /* owned */
  GHashTable *objects; /* owned references */
  gpointer    others;  /* Kept */
} Lent;

static GMutex lent_lock; /* guards every Lent; no foreign code runs under it */

static GQuark lent_quark (void);
G_DEFINE_QUARK (convoke-lent-quark, lent)

static void
lent_free (gpointer data)
{
  Lent *lent = data;

  g_hash_table_unref (lent->strings);
  g_hash_table_unref (lent->objects);
  clear_list (&lent->others);
  g_free (lent);
}

static Lent *
get_lent_locked (GObject *keeper)
{
  Lent *lent = g_object_get_qdata (keeper, lent_quark ());

  if (lent == NULL)
    {
      lent = g_new0 (Lent, 1);
      lent->strings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      lent->objects = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
      g_object_set_qdata_full (keeper, lent_quark (), lent, lent_free);
    }

  return lent;
}

/* Takes @string, gives the one that stays. */
static gpointer
lend_string (GObject *keeper,
             char    *string)
{
  Lent *lent;
  gpointer known;

  g_mutex_lock (&lent_lock);
  lent = get_lent_locked (keeper);
  if (g_hash_table_lookup_extended (lent->strings, string, &known, NULL))
    g_free (string);
  else
    g_hash_table_add (lent->strings, known = string);
  g_mutex_unlock (&lent_lock);

  return known;
}

/* Takes the reference. */
static gpointer
lend_object (GObject *keeper,
             GObject *object)
{
  gboolean is_new;

  g_mutex_lock (&lent_lock);
  is_new = !g_hash_table_contains (get_lent_locked (keeper)->objects, object);
  if (is_new)
    g_hash_table_add (get_lent_locked (keeper)->objects, object);
  g_mutex_unlock (&lent_lock);

  if (!is_new)
    g_object_unref (object);

  return object;
}

gpointer
convoke_lend_value (GObject               *keeper,
                    const ConvokeTypeInfo *type,
                    gpointer               value,
                    gssize                 n)
{
  Kept *kept;
  Lent *lent;

  if (value == NULL)
    return NULL;
  if (type->kind == CONVOKE_TYPE_KIND_UTF8 || type->kind == CONVOKE_TYPE_KIND_FILENAME)
    return lend_string (keeper, value);
  if ((type->kind == CONVOKE_TYPE_KIND_OBJECT || type->kind == CONVOKE_TYPE_KIND_INTERFACE) && G_IS_OBJECT (value))
    return lend_object (keeper, value);

  kept = kept_new (owned_value_new (type, value, n), owned_value_free);

  g_mutex_lock (&lent_lock);
  lent = get_lent_locked (keeper);
  kept->next = lent->others;
  lent->others = kept;
  g_mutex_unlock (&lent_lock);

  return value;
}
