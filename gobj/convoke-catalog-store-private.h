/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a catalog knows: the index of what its directories have, and what the
 * program's user said of it. Any thread may ask. Everything is under one
 * lock, the innermost; files are read under it, nobody's code is run.
 */

#include "convoke-catalog-index-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeCatalogStore ConvokeCatalogStore;

ConvokeCatalogStore  *convoke_catalog_store_new          (const char * const *directories);
void                  convoke_catalog_store_free         (ConvokeCatalogStore *self);

void                  convoke_catalog_store_add_place    (ConvokeCatalogStore *self, ConvokeCatalogPlace *place);
gboolean              convoke_catalog_store_set_program  (ConvokeCatalogStore *self, const char *program, GError **error);

/* How much is looked at before the answer. */
typedef enum
{
  CONVOKE_CATALOG_LOOK_IF_TOLD,   /* where the system tells of a change */
  CONVOKE_CATALOG_LOOK_ANYWAY,
} ConvokeCatalogLook;

/* What there is now (transfer full). *@version: changes with what there is, and with what is enabled. */
ConvokeCatalogIndex  *convoke_catalog_store_dup_index    (ConvokeCatalogStore *self, ConvokeCatalogLook look, guint64 *version);

/* The keyfile of a class (transfer full), without an index where there is none yet: for a program that needs one class only. As
 * convoke_catalog_find_file () but for names, and for what is enabled. */
ConvokeComponentFile *convoke_catalog_store_find_file    (ConvokeCatalogStore *self, const char *class_name, GError **error);

gboolean              convoke_catalog_store_is_enabled   (ConvokeCatalogStore *self, const ConvokeComponentFile *file);
gboolean              convoke_catalog_store_set_enabled  (ConvokeCatalogStore *self, const char *class_name, gboolean enabled, GError **error);

/* What becomes readable when something happened, -1 where nothing tells; TRUE: it did, and the next answer will know. */
int                   convoke_catalog_store_get_fd       (ConvokeCatalogStore *self);
gboolean              convoke_catalog_store_check        (ConvokeCatalogStore *self);
/* FALSE: not everything can be watched. */
gboolean              convoke_catalog_store_is_watched   (ConvokeCatalogStore *self, GError **error);

G_END_DECLS
