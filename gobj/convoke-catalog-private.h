/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-catalog.h"
#include "convoke-catalog-store-private.h"

G_BEGIN_DECLS

struct _ConvokeCatalog
{
  GObject               parent_instance;

  char                **directories;     /* fixed, as the two that follow */
  GMainContext         *context;         /* (owned): where it tells */
  ConvokeCatalogStore  *store;           /* (owned) */

  GMutex                lock;            /* before the store's; nobody's code is run under it */
  ConvokeCatalogIndex  *shown;           /* (owned) (nullable): the list, as it was told last; LOCK: lock, as what follows */
  guint64               shown_version;
  GSource              *events;          /* (owned) (nullable): something happened in a directory */
  GSource              *pause;           /* (owned) (nullable): the end of waiting for more of it */
  GSource              *telling;         /* (owned) (nullable): somebody else noticed */
};

/* The keyfile of a class (transfer full). Fails with INVALID_ARGUMENT (no name of a class, or the file is wrong), NO_CLASS, ACCESS_DENIED
 * (also where the class is disabled). */
ConvokeComponentFile *convoke_catalog_find_file (ConvokeCatalog *self, const char *class_name, GError **error);

/* The list, in convoke-catalog-list.c. */
void convoke_catalog_list_class_init  (GObjectClass *object_class);
void convoke_catalog_list_iface_init  (GListModelInterface *iface);
void convoke_catalog_list_clear       (ConvokeCatalog *self);
/* Shows and tells what changed: at once where that is the calling thread's business, otherwise soon. No lock may be held. */
void convoke_catalog_list_update      (ConvokeCatalog *self);
/* Somebody looked and found @version: it is told soon, where it is news. */
void convoke_catalog_list_notice      (ConvokeCatalog *self, guint64 version);

/* Says where the object that @object denotes lives (consumes a floating @placement); replaces what was said before. For who moves it: a
 * component that was started again is in another process. */
void convoke_placement_set (GObject *object, GVariant *placement);

G_END_DECLS
