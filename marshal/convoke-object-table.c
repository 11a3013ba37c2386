/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The table holds imports weakly, as the table of proxies holds proxies: one
 * that begins to die is still in it, with a dead reference, until its
 * finalisation. A reference that comes meanwhile makes a new one, which takes
 * the entry over. Each of them gives back what it received itself, so that the
 * sum is right whatever the order.
 *
 * A release can cross a new reference on its way: the owner counts, so the
 * object stays until all that it sent came back.
 *
 *   RELEASE  u32 count, and so many times: u64 object, u64 references
 *   QUERY    string name, string GType name of an interface;
 *            the reply: u8 0, or u8 1 and u32 type: the object's class, as a TYPE
 *            before the reply has described it, implements it
 *
 * What is exported is in convoke-exports.c, what the bytes of a TYPE are in
 * convoke-remote-type.c, what those of a reference are in convoke-parcel.c.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-exports-private.h"
#include "convoke-fork-private.h"
#include "convoke-object-table-private.h"
#include "convoke-unknown.h"

typedef struct
{
  guint64        id;
  GWeakRef       ref;
  ConvokeImport *import;  /* never dereferenced: whose entry it is */
} Entry;

typedef struct
{
  guint64 id;
  guint64 count;
} Release;

struct _ConvokeObjectTable
{
  gatomicrefcount                ref_count;
  const ConvokeObjectTableFuncs *funcs;      /* constant */
  ConvokeChannel                *channel;    /* constant; (borrowed) alive while it reads or writes, and while there are imports */
  ConvokeExports                 exports;    /* has its own locks */

  GMutex                         lock;       /* innermost: no foreign code runs under it */
  GHashTable                    *imports;    /* LOCK: lock; number -> owned Entry */
  GArray                        *releases;   /* LOCK: lock; Release */
  GHashTable                    *types;      /* LOCK: lock; number -> owned ConvokeRemoteType; only added to */
  guint                          n_described; /* LOCK: lock; methods */
};

/* --- life --- */

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_weak_ref_clear (&self->ref);
  g_free (self);
}

static Entry *
entry_new (ConvokeImport *import,
           guint64        id)
{
  Entry *self = g_new0 (Entry, 1);

  self->id = id;
  self->import = import;
  g_weak_ref_init (&self->ref, import);
  return self;
}

static void
free_type (gpointer type)
{
  convoke_remote_type_free (type);
}

ConvokeObjectTable *
convoke_object_table_new (const ConvokeObjectTableFuncs *funcs,
                          ConvokeChannel                *channel)
{
  ConvokeObjectTable *self = g_new0 (ConvokeObjectTable, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->funcs = funcs;
  self->channel = channel;
  convoke_exports_init (&self->exports, funcs, channel);
  g_mutex_init (&self->lock);
  self->imports = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, entry_free);
  self->releases = g_array_new (FALSE, FALSE, sizeof (Release));
  self->types = g_hash_table_new_full (NULL, NULL, NULL, free_type);

  return self;
}

ConvokeObjectTable *
convoke_object_table_ref (ConvokeObjectTable *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
convoke_object_table_unref (ConvokeObjectTable *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  convoke_exports_wipe (&self->exports);
  g_hash_table_unref (self->imports);
  g_hash_table_unref (self->types);
  g_array_unref (self->releases);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
convoke_object_table_end (ConvokeObjectTable *self,
                          const GError       *why)
{
  convoke_exports_end (&self->exports, why);

  g_mutex_lock (&self->lock);
  g_array_set_size (self->releases, 0);
  g_mutex_unlock (&self->lock);
}

gboolean
convoke_object_table_check (ConvokeObjectTable  *self,
                            GError             **error)
{
  return !convoke_check_forked (error) && convoke_exports_check (&self->exports, error);
}

/* --- what the other side's classes implement --- */

static gboolean
check_type_locked (ConvokeObjectTable       *self,
                   const ConvokeRemoteType  *type,
                   guint                     n_methods,
                   GError                  **error)
{
  if (g_hash_table_contains (self->types, GUINT_TO_POINTER (type->id)))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "The type %u (%s) is described twice", type->id, type->class_name);
  else if (g_hash_table_size (self->types) >= CONVOKE_MAX_TYPES || self->n_described + n_methods > CONVOKE_MAX_DESCRIBED)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "More types are described than one connection may bring: %u, with %u methods",
                 g_hash_table_size (self->types), self->n_described);
  else
    return TRUE;

  return FALSE;
}

gboolean
convoke_object_table_read_type (ConvokeObjectTable  *self,
                                ConvokeWireReader   *body,
                                GError             **error)
{
  g_autoptr (ConvokeRemoteType) type = convoke_remote_type_read (body, error);
  guint n_methods;
  gboolean ok;

  if (type == NULL)
    return FALSE;

  n_methods = convoke_remote_type_count (type);
  g_mutex_lock (&self->lock);
  ok = check_type_locked (self, type, n_methods, error);
  if (ok)
    {
      self->n_described += n_methods;
      g_hash_table_insert (self->types, GUINT_TO_POINTER (type->id), type);
      type = NULL;
    }
  g_mutex_unlock (&self->lock);

  return ok;
}

static ConvokeRemoteType *
find_type (ConvokeObjectTable  *self,
           guint32              type_id,
           GError             **error)
{
  ConvokeRemoteType *type;

  g_mutex_lock (&self->lock);
  type = g_hash_table_lookup (self->types, GUINT_TO_POINTER (type_id));
  g_mutex_unlock (&self->lock);

  if (type == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "Nothing was told about the type %u of an object", type_id);
  return type;
}

/* What a class implements never gets less: of two descriptions the longer one is the later one. */
static void
learn (ConvokeImport     *import,
       ConvokeRemoteType *type)
{
  ConvokeRemoteType *known = g_atomic_pointer_get (&import->type);

  while ((known == NULL || type->n_interfaces > known->n_interfaces) &&
         !g_atomic_pointer_compare_and_exchange (&import->type, known, type))
    known = g_atomic_pointer_get (&import->type);
}

gboolean
convoke_object_table_learn (ConvokeObjectTable  *self,
                            ConvokeImport       *import,
                            guint32              type_id,
                            GError             **error)
{
  ConvokeRemoteType *type = find_type (self, type_id, error);

  if (type == NULL)
    return FALSE;

  learn (import, type);
  return TRUE;
}

/* --- imports --- */

/* (transfer full) (nullable): with one more reference to give back. */
static ConvokeImport *
receive_locked (ConvokeObjectTable *self,
                guint64             id)
{
  Entry *entry = g_hash_table_lookup (self->imports, &id);
  ConvokeImport *import = entry != NULL ? g_weak_ref_get (&entry->ref) : NULL;

  if (import != NULL)
    import->place->received++;

  return import;
}

static void
insert_locked (ConvokeObjectTable *self,
               ConvokeImport      *import)
{
  Entry *entry = entry_new (import, import->place->id);

  import->place->received = 1;
  g_hash_table_replace (self->imports, &entry->id, entry);
}

static gboolean
check_room (ConvokeObjectTable  *self,
            GError             **error)
{
  guint n_imports;

  g_mutex_lock (&self->lock);
  n_imports = g_hash_table_size (self->imports);
  g_mutex_unlock (&self->lock);

  if (n_imports < CONVOKE_MAX_IMPORTS)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "%u objects of the other side are held over one connection, and no more can be", n_imports);
  return FALSE;
}

static ConvokeImport *
make_import (ConvokeObjectTable  *self,
             ConvokeRemoteType   *type,
             guint64              id,
             GError             **error)
{
  g_autoptr (ConvokeApartment) apartment = self->funcs->dup_apartment (self->channel);
  ConvokeImport *made;

  /* It has ended while the message was read. */
  if (apartment == NULL)
    {
      convoke_object_table_check (self, error);
      return NULL;
    }

  made = convoke_import_new (self, self->funcs->ref (self->channel), apartment, id);
  made->type = type;
  return made;
}

/* The import that is in the table afterwards: @made, or the one that another thread made first. */
static ConvokeImport *
publish (ConvokeObjectTable *self,
         ConvokeImport      *made)
{
  g_autoptr (ConvokeImport) owned = made;
  ConvokeImport *found;

  g_mutex_lock (&self->lock);
  found = receive_locked (self, made->place->id);
  if (found == NULL)
    {
      insert_locked (self, made);
      found = g_steal_pointer (&owned);
    }
  g_mutex_unlock (&self->lock);

  return found;
}

ConvokeImport *
convoke_object_table_import (ConvokeObjectTable  *self,
                             guint64              id,
                             guint32              type_id,
                             GError             **error)
{
  ConvokeRemoteType *type = find_type (self, type_id, error);
  ConvokeImport *import;

  if (type == NULL)
    return NULL;

  g_mutex_lock (&self->lock);
  import = receive_locked (self, id);
  g_mutex_unlock (&self->lock);

  if (import == NULL)
    {
      ConvokeImport *made = check_room (self, error) ? make_import (self, type, id, error) : NULL;

      if (made == NULL)
        return NULL;
      import = publish (self, made);
    }

  learn (import, type);
  return import;
}

/* Where another import stands for the object already, what comes of it is that one's. */
static void
adopt_locked (ConvokeObjectTable *self,
              ConvokeImport      *import,
              ConvokeImportPlace *place,
              ConvokeRemoteType  *type)
{
  Entry *entry = g_hash_table_lookup (self->imports, &place->id);

  if (entry == NULL)
    {
      entry = entry_new (import, place->id);
      g_hash_table_insert (self->imports, &entry->id, entry);
    }
  convoke_import_move (import, place, type);
}

gboolean
convoke_object_table_adopt (ConvokeObjectTable  *self,
                            ConvokeImport       *import,
                            guint64              id,
                            guint32              type_id,
                            GError             **error)
{
  ConvokeRemoteType *type = find_type (self, type_id, error);
  ConvokeImportPlace *place;

  if (type == NULL)
    return FALSE;

  place = g_new0 (ConvokeImportPlace, 1);
  place->table = convoke_object_table_ref (self);
  place->channel = self->funcs->ref (self->channel);
  place->id = id;
  place->received = 1;

  g_mutex_lock (&self->lock);
  adopt_locked (self, import, place, type);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

/* TRUE: there was nothing to release before. */
static gboolean
queue_release_locked (ConvokeObjectTable *self,
                      guint64             id,
                      guint64             count)
{
  Release release = { id, count };

  if (count == 0 || convoke_exports_get_end (&self->exports) != NULL)
    return FALSE;

  g_array_append_val (self->releases, release);
  return self->releases->len == 1;
}

void
convoke_object_table_forget (ConvokeObjectTable       *self,
                             ConvokeImport            *import,
                             const ConvokeImportPlace *place)
{
  gboolean due;
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->imports, &place->id);
  if (entry != NULL && entry->import == import)
    g_hash_table_remove (self->imports, &place->id);
  due = queue_release_locked (self, place->id, place->received);
  g_mutex_unlock (&self->lock);

  if (due)
    self->funcs->releases_due (self->channel);
  self->funcs->unref (self->channel);
}

ConvokeProxy *
convoke_object_table_dup_proxy (ConvokeObjectTable *self,
                                guint64             id)
{
  g_autoptr (ConvokeImport) import = NULL;
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->imports, &id);
  if (entry != NULL)
    import = g_weak_ref_get (&entry->ref);
  g_mutex_unlock (&self->lock);

  return import != NULL ? convoke_proxy_table_lookup (G_OBJECT (import)) : NULL;
}

static GPtrArray *
list_imports (ConvokeObjectTable *self)
{
  GPtrArray *imports = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->imports);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    {
      gpointer import = g_weak_ref_get (&((Entry *) entry)->ref);

      if (import != NULL)
        g_ptr_array_add (imports, import);
    }
  g_mutex_unlock (&self->lock);

  return imports;
}

GPtrArray *
convoke_object_table_list_proxies (ConvokeObjectTable *self)
{
  g_autoptr (GPtrArray) imports = list_imports (self);
  GPtrArray *proxies = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < imports->len; i++)
    {
      ConvokeProxy *proxy = convoke_proxy_table_lookup (imports->pdata[i]);

      if (proxy != NULL)
        g_ptr_array_add (proxies, proxy);
    }

  return proxies;
}

guint
convoke_object_table_get_n_imports (ConvokeObjectTable *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->imports);
  g_mutex_unlock (&self->lock);

  return n;
}

/* --- releases --- */

gboolean
convoke_object_table_write_releases (ConvokeObjectTable *self,
                                     ConvokeWireWriter  *message)
{
  g_autoptr (GArray) releases = NULL;

  g_mutex_lock (&self->lock);
  if (self->releases->len > 0)
    {
      releases = self->releases;
      self->releases = g_array_new (FALSE, FALSE, sizeof (Release));
    }
  g_mutex_unlock (&self->lock);

  if (releases == NULL)
    return FALSE;

  convoke_wire_begin_message (message, CONVOKE_MESSAGE_RELEASE, 0, 0);
  convoke_wire_put_u32 (message, releases->len);
  for (guint i = 0; i < releases->len; i++)
    {
      const Release *release = &g_array_index (releases, Release, i);

      convoke_wire_put_u64 (message, release->id);
      convoke_wire_put_u64 (message, release->count);
    }

  return TRUE;
}

static gboolean
read_one_release (ConvokeObjectTable  *self,
                  ConvokeWireReader   *body,
                  GError             **error)
{
  guint64 id, count;

  if (!convoke_wire_get_u64 (body, &id, error) || !convoke_wire_get_u64 (body, &count, error))
    return FALSE;

  if (count > 0 && convoke_exports_remove (&self->exports, id, count))
    return TRUE;

  /* Not the peer's fault: there is nothing to give back any more. */
  if (convoke_exports_get_end (&self->exports) != NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
               "%" G_GUINT64_FORMAT " references to the object %" G_GUINT64_FORMAT " were given back, and not so many were handed out",
               count, id);
  return FALSE;
}

gboolean
convoke_object_table_read_release (ConvokeObjectTable  *self,
                                   ConvokeWireReader   *body,
                                   GError             **error)
{
  guint32 n_releases;

  if (!convoke_wire_get_u32 (body, &n_releases, error))
    return FALSE;

  for (guint i = 0; i < n_releases; i++)
    if (!read_one_release (self, body, error))
      return FALSE;

  return convoke_wire_reader_end (body, error);
}

/* --- disconnecting --- */

/* The reference to it may still be on its way, or be given back already: then there is nobody to tell. */
gboolean
convoke_object_table_read_disconnect (ConvokeObjectTable  *self,
                                      guint64              id,
                                      ConvokeWireReader   *body,
                                      GError             **error)
{
  g_autoptr (GError) why = convoke_wire_get_error (body, error);
  g_autoptr (GObject) proxy = NULL;

  if (why == NULL || !convoke_wire_reader_end (body, error))
    return FALSE;

  proxy = (GObject *) convoke_object_table_dup_proxy (self, id);
  if (proxy == NULL)
    return TRUE;

  convoke_proxy_end ((ConvokeProxy *) proxy, why);
  convoke_exports_disconnect (proxy, why);
  return TRUE;
}

/* --- exports --- */

guint64
convoke_object_table_export (ConvokeObjectTable  *self,
                             GObject             *object,
                             GType                wanted,
                             guint32             *type_id,
                             GError             **error)
{
  return convoke_exports_add (&self->exports, object, wanted, type_id, error);
}

void
convoke_object_table_unexport (ConvokeObjectTable *self,
                               guint64             id)
{
  convoke_exports_remove (&self->exports, id, 1);
}

GObject *
convoke_object_table_dup_export (ConvokeObjectTable  *self,
                                 guint64              id,
                                 GError             **error)
{
  return convoke_exports_dup (&self->exports, id, error);
}

gboolean
convoke_object_table_find_call (ConvokeObjectTable       *self,
                                guint64                   id,
                                guint                     iface,
                                guint                     index,
                                GObject                 **object,
                                ConvokeApartment        **apartment,
                                const ConvokeMethodInfo **method,
                                GError                  **error)
{
  return convoke_exports_find_call (&self->exports, id, iface, index, object, apartment, method, error);
}

guint64
convoke_object_table_find_export (ConvokeObjectTable *self,
                                  GObject            *object)
{
  return convoke_exports_find (&self->exports, object);
}

guint
convoke_object_table_get_n_exports (ConvokeObjectTable *self)
{
  return convoke_exports_count (&self->exports);
}

/* --- late queries --- */

typedef struct
{
  ConvokeObjectTable *table;
  ConvokeImport      *import;
  gboolean            implemented;
} Answer;

static gboolean
read_answer (ConvokeWireReader  *reply,
             gpointer            data,
             GError            **error)
{
  Answer *self = data;
  guint8 implemented;
  guint32 type_id;

  if (!convoke_wire_get_u8 (reply, &implemented, error))
    return FALSE;

  self->implemented = implemented != 0;
  if (!self->implemented)
    return convoke_wire_reader_end (reply, error);

  return convoke_wire_get_u32 (reply, &type_id, error) && convoke_wire_reader_end (reply, error) &&
         convoke_object_table_learn (self->table, self->import, type_id, error);
}

gboolean
convoke_object_table_query (ConvokeObjectTable          *self,
                            ConvokeImport               *import,
                            const ConvokeInterfaceInfo  *info,
                            gboolean                    *implemented,
                            GError                     **error)
{
  Answer answer = { self, import, FALSE };

  if (!convoke_object_table_check (self, error) ||
      !self->funcs->query (self->channel, convoke_import_get_place (import)->id, info->name, g_type_name (info->gtype), read_answer, &answer, error))
    return FALSE;

  if (answer.implemented && !convoke_remote_type_implements (convoke_import_get_remote_type (import), info))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "The owner of a %s says that it implements %s, and describes it otherwise",
                   convoke_import_get_remote_type (import)->class_name, info->name);
      return FALSE;
    }

  *implemented = answer.implemented;
  return TRUE;
}

/* The interface that the other side means; 0: no class here has it. */
static GType
find_interface (const char *name,
                const char *type_name)
{
  GType type = g_type_from_name (type_name);
  const ConvokeInterfaceInfo *info;

  if (!G_TYPE_IS_INTERFACE (type) || type == G_TYPE_INTERFACE)
    return G_TYPE_INVALID;

  info = convoke_interface_info_lookup (type, NULL);
  return info == NULL || g_str_equal (info->name, name) ? type : G_TYPE_INVALID;
}

/* A proxy that goes on to the owner's owner: what it learns late is a facet, and its class stays as it is. */
static gboolean
implements (GObject   *object,
            GType      iface,
            gboolean  *answer,
            GError   **error)
{
  g_autoptr (GObject) facet = NULL;
  g_autoptr (GError) local_error = NULL;

  *answer = g_type_is_a (G_OBJECT_TYPE (object), iface);
  if (*answer || !convoke_is_proxy (object))
    return TRUE;

  facet = convoke_query_interface (object, iface, &local_error);
  if (facet == NULL && g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE))
    return TRUE;

  if (facet != NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "The object is forwarded by a process that learnt of its %s late", g_type_name (iface));
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
convoke_object_table_answer_query (ConvokeObjectTable  *self,
                                   GObject             *object,
                                   ConvokeWireReader   *body,
                                   ConvokeWireWriter   *reply,
                                   GError             **error)
{
  const char *name, *type_name;
  gboolean implemented = FALSE;
  guint32 type_id = 0;
  GType iface;

  if (!convoke_wire_get_name (body, &name, error) || !convoke_wire_get_name (body, &type_name, error) ||
      !convoke_wire_reader_end (body, error))
    return FALSE;

  iface = find_interface (name, type_name);
  if (iface != G_TYPE_INVALID && !implements (object, iface, &implemented, error))
    return FALSE;
  if (implemented && !convoke_exports_describe (&self->exports, object, iface, &type_id, error))
    return FALSE;

  convoke_wire_put_u8 (reply, implemented);
  if (implemented)
    convoke_wire_put_u32 (reply, type_id);
  return TRUE;
}
