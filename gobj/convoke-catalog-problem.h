/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeCatalogProblemKind:
 * @CONVOKE_CATALOG_PROBLEM_BROKEN: a file or a directory cannot be used
 * @CONVOKE_CATALOG_PROBLEM_HIDDEN: a file of the same name comes first; this one was not looked at
 * @CONVOKE_CATALOG_PROBLEM_UNKNOWN_KEY: there is a key or a group that nobody knows; the file is used
 *
 * What became of a file that a [class@Convoke.CatalogProblem] tells of.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CATALOG_PROBLEM_BROKEN,
  CONVOKE_CATALOG_PROBLEM_HIDDEN,
  CONVOKE_CATALOG_PROBLEM_UNKNOWN_KEY,
} ConvokeCatalogProblemKind;

#define CONVOKE_TYPE_CATALOG_PROBLEM (convoke_catalog_problem_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeCatalogProblem, convoke_catalog_problem, CONVOKE, CATALOG_PROBLEM, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeCatalogProblemKind convoke_catalog_problem_get_kind (ConvokeCatalogProblem *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_catalog_problem_get_path (ConvokeCatalogProblem *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_catalog_problem_get_line (ConvokeCatalogProblem *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_catalog_problem_get_message (ConvokeCatalogProblem *self);

G_END_DECLS
