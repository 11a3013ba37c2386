/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The classes of a catalog that implement one interface, each as a plug-in, in
 * the catalog's order. When the catalog changes, what stays is the same plug-in.
 */

#include "config.h"

#include "convoke-plugin-list.h"

#include "convoke-plugin-private.h"

#include <string.h>

struct _ConvokePluginList
{
  GObject         parent_instance;

  ConvokeCatalog *catalog;  /* (owned) constant */
  GType           iface;    /* constant */
  GPtrArray      *plugins;  /* of ConvokePlugin (owned) */
};

static void list_model_init (GListModelInterface *iface);

/**
 * ConvokePluginList:
 *
 * The plug-ins for one interface: a [class@Plugin] for each class of a catalog
 * that implements it, in the catalog's order. A class that is installed,
 * changed or removed while the program runs comes, changes or goes.
 *
 * It is a [iface@Gio.ListModel]. It belongs to the main context in which it was
 * made, which must be the catalog's: use it there only.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokePluginList, convoke_plugin_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- following the catalog --- */

/* -1: there is none. */
static int
find (ConvokePluginList *self,
      const char        *class_name)
{
  for (guint i = 0; i < self->plugins->len; i++)
    if (strcmp (convoke_plugin_get_class_name (self->plugins->pdata[i]), class_name) == 0)
      return i;

  return -1;
}

/* Takes @plugin. */
static void
insert (ConvokePluginList *self,
        guint              i,
        ConvokePlugin     *plugin)
{
  g_ptr_array_insert (self->plugins, i, plugin);
  g_list_model_items_changed (G_LIST_MODEL (self), i, 0, 1);
}

/* (transfer full) */
static ConvokePlugin *
take_out (ConvokePluginList *self,
          guint              i)
{
  ConvokePlugin *plugin = g_ptr_array_steal_index (self->plugins, i);

  g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
  return plugin;
}

static gboolean
is_class (gconstpointer info,
          gconstpointer plugin)
{
  return g_str_equal (convoke_class_info_get_class_name ((ConvokeClassInfo *) info),
                      convoke_plugin_get_class_name ((ConvokePlugin *) plugin));
}

static void
remove_gone (ConvokePluginList *self,
             GPtrArray         *classes)
{
  for (guint i = self->plugins->len; i-- > 0;)
    if (!g_ptr_array_find_with_equal_func (classes, self->plugins->pdata[i], is_class, NULL))
      {
        g_autoptr (ConvokePlugin) plugin = take_out (self, i);

        convoke_plugin_stop (plugin);
      }
}

static void
put (ConvokePluginList *self,
     guint              i,
     ConvokeClassInfo  *info)
{
  int now = find (self, convoke_class_info_get_class_name (info));

  if (now < 0)
    insert (self, i, convoke_plugin_new_for_info (self->catalog, info, self->iface));
  else if ((guint) now != i)
    insert (self, i, take_out (self, now));

  convoke_plugin_set_info (self->plugins->pdata[i], info);
}

static void
follow (ConvokePluginList *self,
        GPtrArray         *classes)
{
  remove_gone (self, classes);
  for (guint i = 0; i < classes->len; i++)
    put (self, i, classes->pdata[i]);
}

static void
changed_cb (ConvokePluginList *self)
{
  g_autoptr (GPtrArray) classes = convoke_catalog_dup_classes_of_type (self->catalog, self->iface, NULL);

  if (classes != NULL)
    follow (self, classes);
}

/* --- the list model --- */

static GType
convoke_plugin_list_get_item_type (GListModel *model)
{
  return CONVOKE_TYPE_PLUGIN;
}

static guint
convoke_plugin_list_get_n_items (GListModel *model)
{
  return CONVOKE_PLUGIN_LIST (model)->plugins->len;
}

static gpointer
convoke_plugin_list_get_item (GListModel *model,
                              guint       i)
{
  ConvokePluginList *self = CONVOKE_PLUGIN_LIST (model);

  return i < self->plugins->len ? g_object_ref (self->plugins->pdata[i]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = convoke_plugin_list_get_item_type;
  iface->get_n_items = convoke_plugin_list_get_n_items;
  iface->get_item = convoke_plugin_list_get_item;
}

/* --- life --- */

static void
convoke_plugin_list_finalize (GObject *object)
{
  ConvokePluginList *self = CONVOKE_PLUGIN_LIST (object);

  g_ptr_array_unref (self->plugins);
  g_clear_object (&self->catalog);

  G_OBJECT_CLASS (convoke_plugin_list_parent_class)->finalize (object);
}

static void
convoke_plugin_list_class_init (ConvokePluginListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_plugin_list_finalize;
}

static void
convoke_plugin_list_init (ConvokePluginList *self)
{
  self->plugins = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * convoke_plugin_list_new:
 * @catalog: the catalog whose classes are listed
 * @iface: the interface of the program's plug-ins
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Lists the plug-ins for an interface. All of them are off, and nothing of
 * them is loaded. One that goes from the list is stopped; so are those that
 * nobody else holds when the list goes.
 *
 * Fails with %CONVOKE_ERROR_NO_TYPELIB where it is not known which namespace
 * @iface is of; see [func@Convoke.require].
 *
 * Returns: (transfer full): a list of [class@Plugin]
 *
 * Since: 0.1
 */
ConvokePluginList *
convoke_plugin_list_new (ConvokeCatalog  *catalog,
                         GType            iface,
                         GError         **error)
{
  g_autoptr (GPtrArray) classes = NULL;
  ConvokePluginList *self;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (catalog), NULL);
  g_return_val_if_fail (G_TYPE_IS_INTERFACE (iface), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  classes = convoke_catalog_dup_classes_of_type (catalog, iface, error);
  if (classes == NULL)
    return NULL;

  self = g_object_new (CONVOKE_TYPE_PLUGIN_LIST, NULL);
  self->catalog = g_object_ref (catalog);
  self->iface = iface;
  follow (self, classes);
  g_signal_connect_object (catalog, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  convoke_catalog_watch (catalog, NULL);

  return self;
}

/**
 * convoke_plugin_list_dup_plugin:
 * @self: a list of plug-ins
 * @class_name: the name of a class
 *
 * Gets the plug-in for a class.
 *
 * Returns: (transfer full) (nullable): the plug-in, or %NULL when there is none
 *
 * Since: 0.1
 */
ConvokePlugin *
convoke_plugin_list_dup_plugin (ConvokePluginList *self,
                                const char        *class_name)
{
  int i;

  g_return_val_if_fail (CONVOKE_IS_PLUGIN_LIST (self), NULL);
  g_return_val_if_fail (class_name != NULL, NULL);

  i = find (self, class_name);
  return i >= 0 ? g_object_ref (self->plugins->pdata[i]) : NULL;
}
