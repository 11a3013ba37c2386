/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What one look at the directories found. Never changes once it is made, but for what its infos say of enabling. */

#include "convoke-catalog-problem-private.h"
#include "convoke-class-info-private.h"
#include "convoke-path-watch-private.h"

G_BEGIN_DECLS

/* Where is looked. */
typedef struct
{
  char       *path;       /* absolute */
  const char *suffix;     /* (nullable): only files whose names end so */
  gboolean    is_deep;    /* in the directories in it, too */
} ConvokeCatalogPlace;

ConvokeCatalogPlace *convoke_catalog_place_new  (const char *directory, const char *suffix, gboolean is_deep);
void                 convoke_catalog_place_free (ConvokeCatalogPlace *self);

typedef struct
{
  GPtrArray  *infos;          /* (owned): in the order of convoke_class_info_compare () */
  GHashTable *by_class;       /* name -> info */
  GHashTable *by_interface;   /* "Gio-2.0.Action", "Gio.Action" -> GPtrArray of infos, in their order */
  GHashTable *by_category;    /* the same */
  GHashTable *broken;         /* name of a class -> owned GError: its first file cannot be used */
  GPtrArray  *problems;       /* (owned), in the order of convoke_catalog_problem_compare () */
} ConvokeCatalogIndex;

ConvokeCatalogIndex *convoke_catalog_index_ref   (ConvokeCatalogIndex *self);
void                 convoke_catalog_index_unref (ConvokeCatalogIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeCatalogIndex, convoke_catalog_index_unref)

/* While it is made: */
ConvokeCatalogIndex *convoke_catalog_index_new         (void);
void                 convoke_catalog_index_add         (ConvokeCatalogIndex *self, ConvokeClassInfo *info);
void                 convoke_catalog_index_add_broken  (ConvokeCatalogIndex *self, const char *class_name, const char *path, const GError *error);
void                 convoke_catalog_index_add_problem (ConvokeCatalogIndex *self, ConvokeCatalogProblemKind kind, const char *path, const char *message);
void                 convoke_catalog_index_end         (ConvokeCatalogIndex *self);

/* Whether @class_name was seen, usable or not. */
gboolean             convoke_catalog_index_has         (ConvokeCatalogIndex *self, const char *class_name);
ConvokeClassInfo    *convoke_catalog_index_find        (ConvokeCatalogIndex *self, const char *class_name);
/* New and of owned infos, in order; NULL for either: whichever. */
GPtrArray           *convoke_catalog_index_select      (ConvokeCatalogIndex *self, const char *iface, const char *category);

/* Whether it has the problems of @other, and no more. */
gboolean             convoke_catalog_index_has_problems (const ConvokeCatalogIndex *self, const ConvokeCatalogIndex *other);

/* Looks into @places, and adds them to @watch; infos of files that did not change since @previous (nullable) are taken from there. Runs
 * nothing. */
ConvokeCatalogIndex *convoke_catalog_scan (GPtrArray *places, ConvokeCatalogIndex *previous, ConvokePathWatch *watch);

G_END_DECLS
