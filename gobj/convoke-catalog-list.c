/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The catalog as a list that says when it changes. What the catalog knows
 * changes whenever any thread looks; what the list shows changes in the
 * catalog's main context only, all at once, and is told there.
 */

#include "config.h"

#include <glib-unix.h>
#include <unistd.h>

#include "convoke-catalog-private.h"

/* What happens within this time is told at once. */
#define PAUSE_MS 50

enum { CLASS_ADDED, CLASS_REMOVED, CLASS_CHANGED, PROBLEMS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- telling --- */

typedef struct
{
  ConvokeCatalog      *catalog;
  ConvokeCatalogIndex *old;
  ConvokeCatalogIndex *now;
} Change;

/* One range has all that is different: from the first place that is, to the last. */
static void
tell_items (const Change *self)
{
  const GPtrArray *old = self->old->infos;
  const GPtrArray *now = self->now->infos;
  guint shorter = MIN (old->len, now->len);
  guint first = 0;
  guint last = 0;

  while (first < shorter && old->pdata[first] == now->pdata[first])
    first++;
  while (last < shorter - first && old->pdata[old->len - 1 - last] == now->pdata[now->len - 1 - last])
    last++;

  if (old->len - first - last > 0 || now->len - first - last > 0)
    g_list_model_items_changed (G_LIST_MODEL (self->catalog), first, old->len - first - last, now->len - first - last);
}

static void
tell_removed (const Change *self)
{
  for (guint i = 0; i < self->old->infos->len; i++)
    {
      ConvokeClassInfo *info = self->old->infos->pdata[i];

      if (convoke_catalog_index_find (self->now, convoke_class_info_get_class_name (info)) == NULL)
        g_signal_emit (self->catalog, signals[CLASS_REMOVED], 0, info);
    }
}

static void
tell_come (const Change *self)
{
  for (guint i = 0; i < self->now->infos->len; i++)
    {
      ConvokeClassInfo *info = self->now->infos->pdata[i];
      ConvokeClassInfo *before = convoke_catalog_index_find (self->old, convoke_class_info_get_class_name (info));

      if (before != info)
        g_signal_emit (self->catalog, signals[before == NULL ? CLASS_ADDED : CLASS_CHANGED], 0, info);
    }
}

static void
tell (const Change *self)
{
  if (self->old != NULL && self->old != self->now)
    {
      tell_items (self);
      tell_removed (self);
      tell_come (self);
      if (!convoke_catalog_index_has_problems (self->now, self->old))
        g_signal_emit (self->catalog, signals[PROBLEMS_CHANGED], 0);
    }

  for (guint i = 0; i < self->now->infos->len; i++)
    convoke_class_info_tell_enabled (self->now->infos->pdata[i]);
}

/* In the catalog's context. */
static void
update (ConvokeCatalog *self)
{
  guint64 version;
  g_autoptr (ConvokeCatalogIndex) now = convoke_catalog_store_dup_index (self->store, CONVOKE_CATALOG_LOOK_IF_TOLD, &version);
  g_autoptr (ConvokeCatalogIndex) old = NULL;

  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&self->shown);
  if (old != NULL)
    self->shown = convoke_catalog_index_ref (now);
  self->shown_version = version;
  g_mutex_unlock (&self->lock);

  tell (&(Change) { self, old, now });
}

/* --- in the catalog's context --- */

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Consumes @source, and returns it owned. */
static GSource *
attach (ConvokeCatalog *self,
        GSource        *source,
        GSourceFunc     callback)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  g_source_set_callback (source, callback, ref, free_weak_ref);
  g_source_set_static_name (source, "convoke-catalog");
  g_source_attach (source, self->context);
  return source;
}

static void
detach (GSource **source)
{
  if (*source != NULL)
    {
      g_source_destroy (*source);
      g_clear_pointer (source, g_source_unref);
    }
}

static gboolean
telling_cb (gpointer ref)
{
  g_autoptr (ConvokeCatalog) self = g_weak_ref_get (ref);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->lock);
  detach (&self->telling);
  g_mutex_unlock (&self->lock);
  update (self);
  return G_SOURCE_REMOVE;
}

static gboolean
pause_cb (gpointer ref)
{
  g_autoptr (ConvokeCatalog) self = g_weak_ref_get (ref);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->lock);
  detach (&self->pause);
  g_mutex_unlock (&self->lock);
  update (self);
  return G_SOURCE_REMOVE;
}

static gboolean
events_cb (int          fd,
           GIOCondition condition,
           gpointer     ref)
{
  g_autoptr (ConvokeCatalog) self = g_weak_ref_get (ref);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  if (convoke_catalog_store_check (self->store))
    {
      g_mutex_lock (&self->lock);
      if (self->pause == NULL)
        self->pause = attach (self, g_timeout_source_new (PAUSE_MS), pause_cb);
      g_mutex_unlock (&self->lock);
    }
  return G_SOURCE_CONTINUE;
}

/* That of the main thread, unless somebody made another one the thread's own. */
static gboolean
is_own_context (ConvokeCatalog *self)
{
  GMainContext *own = g_main_context_get_thread_default ();

  if (own != NULL || self->context != g_main_context_default ())
    return own == self->context;

  return gettid () == getpid ();
}

static void
update_soon_locked (ConvokeCatalog *self)
{
  if (self->telling == NULL)
    self->telling = attach (self, g_idle_source_new (), telling_cb);
}

void
convoke_catalog_list_update (ConvokeCatalog *self)
{
  if ((g_main_context_is_owner (self->context) || is_own_context (self)) && g_main_context_acquire (self->context))
    {
      update (self);
      g_main_context_release (self->context);
      return;
    }

  g_mutex_lock (&self->lock);
  update_soon_locked (self);
  g_mutex_unlock (&self->lock);
}

void
convoke_catalog_list_notice (ConvokeCatalog *self,
                             guint64         version)
{
  g_mutex_lock (&self->lock);
  if (self->shown != NULL && version != self->shown_version)
    update_soon_locked (self);
  g_mutex_unlock (&self->lock);
}

/* --- being watched --- */

/* Holds the lock. */
static void
show_locked (ConvokeCatalog *self)
{
  int fd;

  if (self->shown != NULL)
    return;

  self->shown = convoke_catalog_store_dup_index (self->store, CONVOKE_CATALOG_LOOK_IF_TOLD, &self->shown_version);
  fd = convoke_catalog_store_get_fd (self->store);
  if (fd >= 0)
    self->events = attach (self, g_unix_fd_source_new (fd, G_IO_IN), G_SOURCE_FUNC (events_cb));
}

/**
 * convoke_catalog_watch:
 * @self: a catalog
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes the catalog tell of what changes in its directories.
 *
 * Whoever uses the catalog as a [iface@Gio.ListModel] has it told anyway. It
 * goes on as long as the catalog lives. Changes are told in the catalog's main
 * context, those of about 50 milliseconds at once; look-ups know of them
 * earlier, on any thread.
 *
 * Directories that do not exist yet are watched for as well. A change on
 * another machine, of a directory that is shared with it, is found by
 * [method@Catalog.rescan] only.
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES where the system does not watch
 * so many directories for the user: look-ups look into them each time then,
 * and nothing is told.
 *
 * Returns: whether all directories are watched
 *
 * Since: 0.1
 */
gboolean
convoke_catalog_watch (ConvokeCatalog  *self,
                       GError         **error)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_mutex_lock (&self->lock);
  show_locked (self);
  g_mutex_unlock (&self->lock);

  return convoke_catalog_store_is_watched (self->store, error);
}

void
convoke_catalog_list_clear (ConvokeCatalog *self)
{
  detach (&self->events);
  detach (&self->pause);
  detach (&self->telling);
  g_clear_pointer (&self->shown, convoke_catalog_index_unref);
}

/* --- the list --- */

static GType
get_item_type (GListModel *list)
{
  return CONVOKE_TYPE_CLASS_INFO;
}

static guint
get_n_items (GListModel *list)
{
  ConvokeCatalog *self = CONVOKE_CATALOG (list);
  guint n;

  g_mutex_lock (&self->lock);
  show_locked (self);
  n = self->shown->infos->len;
  g_mutex_unlock (&self->lock);

  return n;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  ConvokeCatalog *self = CONVOKE_CATALOG (list);
  ConvokeClassInfo *info = NULL;

  g_mutex_lock (&self->lock);
  show_locked (self);
  if (position < self->shown->infos->len)
    info = g_object_ref (self->shown->infos->pdata[position]);
  g_mutex_unlock (&self->lock);

  return info;
}

void
convoke_catalog_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

void
convoke_catalog_list_class_init (GObjectClass *object_class)
{
  GType type = G_OBJECT_CLASS_TYPE (object_class);

  /**
   * ConvokeCatalog::class-added:
   * @self: the catalog
   * @info: the class
   *
   * A class has come; in the catalog's main context, once it is in the list.
   *
   * Since: 0.1
   */
  signals[CLASS_ADDED] = g_signal_new ("class-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, CONVOKE_TYPE_CLASS_INFO);

  /**
   * ConvokeCatalog::class-removed:
   * @self: the catalog
   * @info: the class, as it was
   *
   * A class has gone; in the catalog's main context, once it is out of the
   * list. Objects of it go on.
   *
   * Since: 0.1
   */
  signals[CLASS_REMOVED] = g_signal_new ("class-removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, CONVOKE_TYPE_CLASS_INFO);

  /**
   * ConvokeCatalog::class-changed:
   * @self: the catalog
   * @info: the class, as it is now
   *
   * The keyfile of a class says something else now, or is another one; in the
   * catalog's main context, once the list has it.
   *
   * Since: 0.1
   */
  signals[CLASS_CHANGED] = g_signal_new ("class-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, CONVOKE_TYPE_CLASS_INFO);

  /**
   * ConvokeCatalog::problems-changed:
   * @self: the catalog
   *
   * [method@Catalog.dup_problems] has another answer than before; in the
   * catalog's main context.
   *
   * Since: 0.1
   */
  signals[PROBLEMS_CHANGED] = g_signal_new ("problems-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 0);
}
