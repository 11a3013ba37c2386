/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component: a shelf with three things on it. */

#include <convoke.h>
#include <string.h>

#define N_THINGS 3

typedef struct { GObject parent_instance; } Shelf;
typedef struct { GObjectClass parent_class; } ShelfClass;

static guint
shelf_get_n_items (GListModel *model)
{
  return N_THINGS;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_n_items = shelf_get_n_items;
}

static GType shelf_get_type (void);
G_DEFINE_TYPE_WITH_CODE (Shelf, shelf, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
shelf_class_init (ShelfClass *klass)
{
}

static void
shelf_init (Shelf *self)
{
}

__attribute__ ((visibility ("default"))) ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  if (strcmp (type_name, "Shelf") == 0)
    return convoke_class_factory_new_for_type (shelf_get_type ());

  return NULL;
}
