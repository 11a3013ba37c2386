/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An import stands for an object of the other side and does nothing itself: it
 * is what calls of its proxies are bound to, and what tells the owner when
 * nobody here needs the object any more.
 *
 * What the object implements is its class's description, which the owner sent
 * before. An interface that is not in it is asked for once; the answer is kept,
 * as an object's interfaces never change.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-import-private.h"
#include "convoke-object-table-private.h"
#include "convoke-revival-private.h"

G_DEFINE_FINAL_TYPE (ConvokeImport, convoke_import, G_TYPE_OBJECT)

static void
convoke_import_finalize (GObject *object)
{
  ConvokeImport *self = CONVOKE_IMPORT (object);

  /* In a forked child another thread of the parent may hold the table's lock for ever. */
  while (self->place != NULL && !convoke_check_forked (NULL))
    {
      ConvokeImportPlace *place = self->place;

      self->place = place->before;
      convoke_object_table_forget (place->table, self, place);
      convoke_object_table_unref (place->table);
      g_free (place);
    }

  convoke_revival_free (self->revival);
  g_clear_pointer (&self->denied, g_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_import_parent_class)->finalize (object);
}

static void
convoke_import_class_init (ConvokeImportClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_import_finalize;
}

static void
convoke_import_init (ConvokeImport *self)
{
  g_mutex_init (&self->lock);
}

ConvokeImport *
convoke_import_new (ConvokeObjectTable *table,
                    ConvokeChannel     *channel,
                    ConvokeApartment   *apartment,
                    guint64             id)
{
  ConvokeImport *self = g_object_new (CONVOKE_TYPE_IMPORT, NULL);

  self->place = g_new0 (ConvokeImportPlace, 1);
  self->place->table = convoke_object_table_ref (table);
  self->place->channel = channel;
  self->place->id = id;
  convoke_apartment_bind (apartment, G_OBJECT (self), NULL);

  return self;
}

void
convoke_import_move (ConvokeImport      *self,
                     ConvokeImportPlace *place,
                     ConvokeRemoteType  *type)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->denied, g_array_unref);
  g_mutex_unlock (&self->lock);

  place->before = self->place;
  /* Who sees the place sees the type. */
  g_atomic_pointer_set (&self->type, type);
  __atomic_store_n (&self->place, place, __ATOMIC_RELEASE);
}

ConvokeImport *
convoke_import_from_object (gpointer object)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (object, CONVOKE_TYPE_IMPORT) ? object : NULL;
}

/* --- what it implements --- */

ConvokeRemoteType *
convoke_import_get_remote_type (ConvokeImport *self)
{
  return g_atomic_pointer_get (&self->type);
}

gboolean
convoke_import_find_method (ConvokeImport            *self,
                            const ConvokeMethodInfo  *method,
                            guint                    *iface,
                            guint                    *index,
                            GError                  **error)
{
  return convoke_remote_type_find_method (convoke_import_get_remote_type (self), method, iface, index, error);
}

GType
convoke_import_get_proxy_class (ConvokeImport  *self,
                                GError        **error)
{
  ConvokeRemoteType *type = convoke_import_get_remote_type (self);
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  GType class_type = (GType) g_atomic_pointer_get (&type->proxy_class);

  if (class_type != G_TYPE_INVALID)
    return class_type;

  convoke_remote_type_init_set (type, &set);
  class_type = convoke_proxy_class_get (&convoke_proxy_kind, &set, convoke_remote_type_has_slot, type, error);
  if (class_type != G_TYPE_INVALID && set.settled)
    g_atomic_pointer_set (&type->proxy_class, class_type);

  return class_type;
}

gboolean
convoke_import_implements (ConvokeImport *self,
                           GType          iface)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (iface, NULL);

  return info != NULL && convoke_remote_type_implements (convoke_import_get_remote_type (self), info);
}

static gboolean
was_denied (ConvokeImport *self,
            GType          iface)
{
  gboolean denied = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; self->denied != NULL && i < self->denied->len && !denied; i++)
    denied = g_array_index (self->denied, GType, i) == iface;
  g_mutex_unlock (&self->lock);

  return denied;
}

static void
deny (ConvokeImport *self,
      GType          iface)
{
  g_mutex_lock (&self->lock);
  if (self->denied == NULL)
    self->denied = g_array_new (FALSE, FALSE, sizeof (GType));
  g_array_append_val (self->denied, iface);
  g_mutex_unlock (&self->lock);
}

/* What the owner says. */
static gboolean
ask (ConvokeImport               *self,
     const ConvokeInterfaceInfo  *info,
     GError                     **error)
{
  gboolean implemented = FALSE;

  if (was_denied (self, info->gtype))
    implemented = FALSE;
  else if (!convoke_object_table_query (convoke_revival_wait (self)->table, self, info, &implemented, error))
    return FALSE;
  else if (!implemented)
    deny (self, info->gtype);

  if (!implemented)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                 "%s does not implement %s", convoke_import_get_remote_type (self)->class_name, info->name);
  return implemented;
}

gboolean
convoke_import_query (ConvokeImport  *self,
                      GType           iface,
                      GError        **error)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (iface, error);

  if (info == NULL)
    return FALSE;

  return convoke_remote_type_implements (convoke_import_get_remote_type (self), info) || ask (self, info, error);
}
