/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An export is an object and the number of references to it that the peer was
 * sent and has not given back. While there is one, the table owns the object;
 * after the last, the number means nothing for ever.
 *
 * A class is described to the peer before the first reference to an object of
 * it. When an interface of it becomes known here later and is needed, the
 * class is described again under a new number: the interfaces that were told
 * before keep their places, so that what the peer has from an older
 * description stays true.
 *
 * An object that is disconnected leaves its number behind: an export without
 * an object stays until the peer has given its references back.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-exports-private.h"
#include "convoke-fork-private.h"

typedef struct _Description Description;

/* Constant. */
struct _Description
{
  guint32      id;
  GPtrArray   *infos;  /* (owned) of borrowed ConvokeInterfaceInfo */
  Description *older;  /* (owned) (nullable) somebody can be reading it */
};

typedef struct
{
  Description *latest;  /* (owned) atomic */
} Class;

typedef struct
{
  guint64           id;
  guint64           count;      /* LOCK: the table's */
  GObject          *object;     /* (owned) released in its apartment; LOCK: the table's; NULL: it was disconnected */
  ConvokeApartment *apartment;  /* (owned) */
  Class            *class;      /* (borrowed) */
  gpointer          watch;      /* (owned) (nullable) */
  void            (*unwatch) (gpointer watch, GObject *object);
} Export;

/* --- descriptions --- */

static void
class_free (gpointer data)
{
  Class *self = data;
  Description *next;

  for (Description *description = self->latest; description != NULL; description = next)
    {
      next = description->older;
      g_ptr_array_unref (description->infos);
      g_free (description);
    }
  g_free (self);
}

static const ConvokeInterfaceInfo *
find_info (const GPtrArray *infos,
           GType            type)
{
  for (guint i = 0; i < infos->len; i++)
    {
      const ConvokeInterfaceInfo *info = g_ptr_array_index (infos, i);

      if (info->gtype == type)
        return info;
    }

  return NULL;
}

static gboolean
covers (const Description *self,
        GObject           *object,
        GType              wanted)
{
  return wanted == G_TYPE_INVALID || !g_type_is_a (G_OBJECT_TYPE (object), wanted) ||
         find_info (self->infos, wanted) != NULL;
}

/* What is known of the class now, behind what was told before. */
static GPtrArray *
collect_infos (const Description         *told,
               const ConvokeInterfaceSet *set)
{
  GPtrArray *infos = g_ptr_array_new ();

  if (told != NULL)
    for (guint i = 0; i < told->infos->len; i++)
      g_ptr_array_add (infos, g_ptr_array_index (told->infos, i));

  for (guint i = 0; i < set->infos->len; i++)
    {
      const ConvokeInterfaceInfo *info = g_ptr_array_index (set->infos, i);

      if (find_info (infos, info->gtype) == NULL)
        g_ptr_array_add (infos, (gpointer) info);
    }

  return infos;
}

static guint
count_methods (const GPtrArray *infos)
{
  guint count = 0;

  for (guint i = 0; i < infos->len; i++)
    count += ((const ConvokeInterfaceInfo *) g_ptr_array_index (infos, i))->n_methods;

  return count;
}

static gboolean
check_room_locked (ConvokeExports   *self,
                   const GPtrArray  *infos,
                   GError          **error)
{
  if (self->last_type < CONVOKE_MAX_TYPES && self->n_described + count_methods (infos) <= CONVOKE_MAX_DESCRIBED)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "Objects of so many classes were sent over one connection: %u, with %u methods",
               self->last_type, self->n_described);
  return FALSE;
}

/* Sends it. Takes @infos. */
static Description *
tell_locked (ConvokeExports  *self,
             GObject         *object,
             GPtrArray       *infos,
             GError         **error)
{
  g_autoptr (GPtrArray) owned = infos;
  ConvokeWireWriter message;
  Description *told = NULL;

  if (!check_room_locked (self, infos, error))
    return NULL;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_TYPE, 0, 0);
  if (convoke_remote_type_write (&message, self->last_type + 1, G_OBJECT_TYPE_NAME (object), infos,
                                 convoke_proxy_class_object_has_slot, object, error))
    {
      self->funcs->send (self->channel, &message);
      self->n_described += count_methods (infos);
      told = g_new0 (Description, 1);
      told->id = ++self->last_type;
      told->infos = g_steal_pointer (&owned);
    }
  convoke_wire_writer_clear (&message);

  return told;
}

static Class *
ensure_class_locked (ConvokeExports *self,
                     GType           type)
{
  Class *class = g_hash_table_lookup (self->types, GSIZE_TO_POINTER (type));

  if (class == NULL)
    {
      class = g_new0 (Class, 1);
      g_hash_table_insert (self->types, GSIZE_TO_POINTER (type), class);
    }

  return class;
}

static const Description *
tell_class_locked (ConvokeExports             *self,
                   Class                      *class,
                   GObject                    *object,
                   const ConvokeInterfaceSet  *set,
                   GError                    **error)
{
  Description *told;

  told = tell_locked (self, object, collect_infos (class->latest, set), error);
  if (told == NULL)
    return NULL;

  told->older = class->latest;
  g_atomic_pointer_set (&class->latest, told);
  return told;
}

static const Description *
lookup_description (ConvokeExports *self,
                    GObject        *object)
{
  Class *class;

  g_mutex_lock (&self->types_lock);
  class = g_hash_table_lookup (self->types, GSIZE_TO_POINTER (G_OBJECT_TYPE (object)));
  g_mutex_unlock (&self->types_lock);

  return class != NULL ? g_atomic_pointer_get (&class->latest) : NULL;
}

/* Why an interface that the object has cannot be told. */
static gboolean
set_indescribable (GObject  *object,
                   GType     wanted,
                   GError  **error)
{
  g_auto (ConvokeInterfaceSet) set = { NULL, };

  if (convoke_interface_set_init_for_interface (&set, wanted, error))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "%s of %s cannot be described to another process", g_type_name (wanted), G_OBJECT_TYPE_NAME (object));
  return FALSE;
}

gboolean
convoke_exports_describe (ConvokeExports  *self,
                          GObject         *object,
                          GType            wanted,
                          guint32         *type_id,
                          GError         **error)
{
  const Description *description = lookup_description (self, object);
  g_auto (ConvokeInterfaceSet) set = { NULL, };

  if (description == NULL || !covers (description, object, wanted))
    {
      Class *class;

      /* Reads typelibs, so not under the lock. */
      convoke_interface_set_init_for_type (&set, G_OBJECT_TYPE (object));
      if (wanted != G_TYPE_INVALID && g_type_is_a (G_OBJECT_TYPE (object), wanted) && find_info (set.infos, wanted) == NULL)
        return set_indescribable (object, wanted, error);

      g_mutex_lock (&self->types_lock);
      class = ensure_class_locked (self, G_OBJECT_TYPE (object));
      description = class->latest;
      if (description == NULL || !covers (description, object, wanted))
        description = tell_class_locked (self, class, object, &set, error);
      g_mutex_unlock (&self->types_lock);
    }

  if (description == NULL)
    return FALSE;

  *type_id = description->id;
  return TRUE;
}

/* --- life --- */

static void
export_free (gpointer data)
{
  Export *self = data;

  if (self->watch != NULL)
    self->unwatch (self->watch, self->object);
  if (self->object != NULL)
    convoke_apartment_release (self->apartment, self->object);
  g_object_unref (self->apartment);
  g_free (self);
}

static Export *
export_new (GObject *object,
            Class   *class)
{
  Export *self = g_new0 (Export, 1);

  self->object = g_object_ref (object);
  self->apartment = convoke_apartment_dup_for_object (object);
  self->class = class;
  return self;
}

/* Those that have not ended: whoever ends one holds its channel, so while one is in the list its channel lives. */
static GMutex all_lock;  /* outside of the tables' own locks */
static GQueue all = G_QUEUE_INIT;  /* LOCK: all_lock */

static void
leave_list (ConvokeExports *self)
{
  g_mutex_lock (&all_lock);
  if (self->link.data != NULL)
    g_queue_unlink (&all, &self->link);
  self->link.data = NULL;
  g_mutex_unlock (&all_lock);
}

void
convoke_exports_init (ConvokeExports                *self,
                      const ConvokeObjectTableFuncs *funcs,
                      ConvokeChannel                *channel)
{
  *self = (ConvokeExports) { .funcs = funcs, .channel = channel };
  g_mutex_init (&self->lock);
  g_mutex_init (&self->types_lock);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->by_object = g_hash_table_new (NULL, NULL);
  self->types = g_hash_table_new_full (NULL, NULL, NULL, class_free);

  self->link.data = self;
  g_mutex_lock (&all_lock);
  g_queue_push_tail_link (&all, &self->link);
  g_mutex_unlock (&all_lock);
}

void
convoke_exports_wipe (ConvokeExports *self)
{
  GHashTableIter iter;
  gpointer export;

  leave_list (self);
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &export))
    export_free (export);

  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_object);
  g_hash_table_unref (self->types);
  g_clear_error (&self->ended);
  g_mutex_clear (&self->types_lock);
  g_mutex_clear (&self->lock);
}

const GError *
convoke_exports_get_end (ConvokeExports *self)
{
  return g_atomic_pointer_get (&self->ended);
}

void
convoke_exports_end (ConvokeExports *self,
                     const GError   *why)
{
  g_autoptr (GPtrArray) exports = NULL;
  GHashTableIter iter;
  gpointer export;

  leave_list (self);
  g_mutex_lock (&self->lock);
  if (self->ended == NULL)
    g_atomic_pointer_set (&self->ended, g_error_copy (why));

  exports = g_ptr_array_new_full (g_hash_table_size (self->by_id), export_free);
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &export))
    g_ptr_array_add (exports, export);
  g_hash_table_remove_all (self->by_object);
  g_hash_table_remove_all (self->by_id);
  g_mutex_unlock (&self->lock);
}

gboolean
convoke_exports_check (ConvokeExports  *self,
                       GError         **error)
{
  const GError *ended = convoke_exports_get_end (self);

  if (ended == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The connection has ended: %s", ended->message);
  return FALSE;
}

/* --- references --- */

/* 0: it is not exported. */
static guint64
count_locked (ConvokeExports *self,
              GObject        *object,
              guint           count)
{
  Export *export = g_hash_table_lookup (self->by_object, object);

  if (export == NULL)
    return 0;

  export->count += count;
  return export->id;
}

static guint64
reserve_id (ConvokeExports *self)
{
  guint64 id;

  g_mutex_lock (&self->lock);
  id = ++self->last_id;
  g_mutex_unlock (&self->lock);

  return id;
}

/* Before the peer can learn of the object, so that it misses nothing. */
static void
watch (ConvokeExports *self,
       Export         *export)
{
  export->id = reserve_id (self);
  if (self->funcs->watch == NULL)
    return;

  export->watch = self->funcs->watch (self->channel, export->object, export->id);
  export->unwatch = self->funcs->unwatch;
}

/* Its number; 0: the connection has ended. */
static guint64
insert_locked (ConvokeExports *self,
               Export         *export)
{
  if (self->ended != NULL)
    return 0;

  export->count = 1;
  g_hash_table_insert (self->by_id, &export->id, export);
  g_hash_table_insert (self->by_object, export->object, export);
  return export->id;
}

static Class *
lookup_class (ConvokeExports *self,
              GObject        *object)
{
  Class *class;

  g_mutex_lock (&self->types_lock);
  class = g_hash_table_lookup (self->types, GSIZE_TO_POINTER (G_OBJECT_TYPE (object)));
  g_mutex_unlock (&self->types_lock);

  return class;
}

guint64
convoke_exports_add (ConvokeExports  *self,
                     GObject         *object,
                     GType            wanted,
                     guint32         *type_id,
                     GError         **error)
{
  Export *made = NULL;
  guint64 id;

  if (!convoke_exports_describe (self, object, wanted, type_id, error))
    return 0;

  g_mutex_lock (&self->lock);
  id = count_locked (self, object, 1);
  g_mutex_unlock (&self->lock);
  if (id != 0)
    return id;

  /* A first reference can run an object's own code. */
  made = export_new (object, lookup_class (self, object));
  watch (self, made);

  g_mutex_lock (&self->lock);
  id = count_locked (self, object, 1);
  if (id == 0 && (id = insert_locked (self, made)) != 0)
    made = NULL;
  g_mutex_unlock (&self->lock);

  if (made != NULL)
    export_free (made);
  if (id == 0)
    convoke_exports_check (self, error);
  return id;
}

gboolean
convoke_exports_remove (ConvokeExports *self,
                        guint64         id,
                        guint64         count)
{
  gboolean enough;
  Export *export;

  g_mutex_lock (&self->lock);
  export = g_hash_table_lookup (self->by_id, &id);
  enough = export != NULL && export->count >= count;
  if (enough)
    export->count -= count;

  if (enough && export->count == 0)
    {
      if (export->object != NULL)
        g_hash_table_remove (self->by_object, export->object);
      g_hash_table_remove (self->by_id, &id);
    }
  else
    export = NULL;
  g_mutex_unlock (&self->lock);

  if (export != NULL)
    export_free (export);
  return enough;
}

/* --- disconnecting --- */

/* What becomes of an export: its number stays. FALSE: @object is not exported. */
static gboolean
empty_locked (ConvokeExports *self,
              GObject        *object,
              Export         *contents)
{
  Export *export = g_hash_table_lookup (self->by_object, object);

  if (export == NULL)
    return FALSE;

  g_hash_table_remove (self->by_object, object);
  *contents = *export;
  export->object = NULL;
  export->watch = NULL;
  return TRUE;
}

static void
tell_disconnected (ConvokeExports *self,
                   guint64         id,
                   const GError   *why)
{
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_DISCONNECT, 0, id);
  convoke_wire_put_error (&message, why);
  self->funcs->send (self->channel, &message);
  convoke_wire_writer_clear (&message);
}

static void
disconnect_one (ConvokeExports *self,
                GObject        *object,
                const GError   *why)
{
  Export contents;
  gboolean found;

  g_mutex_lock (&self->lock);
  found = empty_locked (self, object, &contents);
  g_mutex_unlock (&self->lock);

  if (!found)
    return;

  if (contents.watch != NULL)
    contents.unwatch (contents.watch, object);
  tell_disconnected (self, contents.id, why);
  convoke_apartment_release (contents.apartment, contents.object);
}

/* (element-type ConvokeExports): each keeps its channel, which keeps it. */
static GPtrArray *
list_all (void)
{
  GPtrArray *tables = g_ptr_array_new ();

  g_mutex_lock (&all_lock);
  for (GList *link = all.head; link != NULL; link = link->next)
    {
      ConvokeExports *self = link->data;

      self->funcs->ref (self->channel);
      g_ptr_array_add (tables, self);
    }
  g_mutex_unlock (&all_lock);

  return tables;
}

void
convoke_exports_disconnect (GObject      *object,
                            const GError *why)
{
  g_autoptr (GPtrArray) tables = list_all ();

  for (guint i = 0; i < tables->len; i++)
    {
      ConvokeExports *self = tables->pdata[i];

      disconnect_one (self, object, why);
      self->funcs->unref (self->channel);
    }
}

/* --- what the peer means --- */

static void
set_not_exported (ConvokeExports  *self,
                  guint64          id,
                  gboolean         known,
                  GError         **error)
{
  if (!convoke_exports_check (self, error))
    return;

  if (known)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
                 "The object %" G_GUINT64_FORMAT " was disconnected from its clients by its own program", id);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED,
                 "There is no object %" G_GUINT64_FORMAT ": it was never handed out, or was given back", id);
}

GObject *
convoke_exports_dup (ConvokeExports  *self,
                     guint64          id,
                     GError         **error)
{
  GObject *object = NULL;
  gboolean known;
  Export *export;

  g_mutex_lock (&self->lock);
  export = g_hash_table_lookup (self->by_id, &id);
  /* Not its first reference, so none of its code runs. */
  known = export != NULL;
  if (known && export->object != NULL)
    object = g_object_ref (export->object);
  g_mutex_unlock (&self->lock);

  if (object == NULL)
    set_not_exported (self, id, known, error);
  return object;
}

static const ConvokeMethodInfo *
find_method (const Description  *description,
             guint               iface,
             guint               index,
             GError            **error)
{
  const ConvokeInterfaceInfo *info = iface < description->infos->len ? g_ptr_array_index (description->infos, iface) : NULL;
  const ConvokeMethodInfo *method = info != NULL && index < info->n_methods ? &info->methods[index] : NULL;

  if (method == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "A call is for the method %u of the interface %u, which the object's class was never said to have", index, iface);
      return NULL;
    }

  return convoke_method_info_check (method, error) ? method : NULL;
}

gboolean
convoke_exports_find_call (ConvokeExports           *self,
                           guint64                   id,
                           guint                     iface,
                           guint                     index,
                           GObject                 **object,
                           ConvokeApartment        **apartment,
                           const ConvokeMethodInfo **method,
                           GError                  **error)
{
  g_autoptr (GObject) found = NULL;
  g_autoptr (ConvokeApartment) home = NULL;
  Class *class = NULL;
  gboolean known;
  ConvokeProxy *proxy;
  GObject *target;
  Export *export;

  g_mutex_lock (&self->lock);
  export = g_hash_table_lookup (self->by_id, &id);
  known = export != NULL;
  if (known && export->object != NULL)
    {
      found = g_object_ref (export->object);
      home = g_object_ref (export->apartment);
      class = export->class;
    }
  g_mutex_unlock (&self->lock);

  if (found == NULL)
    {
      set_not_exported (self, id, known, error);
      return FALSE;
    }

  *method = find_method (g_atomic_pointer_get (&class->latest), iface, index, error);
  if (*method == NULL)
    return FALSE;

  proxy = convoke_proxy_from_object (found);
  target = proxy != NULL ? convoke_proxy_dup_target (proxy, error) : g_object_ref (found);
  if (target == NULL)
    return FALSE;

  *object = target;
  *apartment = g_steal_pointer (&home);
  return TRUE;
}

guint64
convoke_exports_find (ConvokeExports *self,
                      GObject        *object)
{
  guint64 id;

  g_mutex_lock (&self->lock);
  id = count_locked (self, object, 0);
  g_mutex_unlock (&self->lock);

  return id;
}

guint
convoke_exports_count (ConvokeExports *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = g_hash_table_size (self->by_id);
  g_mutex_unlock (&self->lock);

  return count;
}
