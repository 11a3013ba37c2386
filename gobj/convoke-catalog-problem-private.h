/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-catalog-problem.h"

G_BEGIN_DECLS

/* @message: it can begin with the path and the line, as the messages of the readers do: "path:12: what". */
ConvokeCatalogProblem *convoke_catalog_problem_new     (ConvokeCatalogProblemKind kind, const char *path, const char *message);
gboolean               convoke_catalog_problem_equal   (ConvokeCatalogProblem *self, ConvokeCatalogProblem *other);
/* By path, then by line. */
int                    convoke_catalog_problem_compare (ConvokeCatalogProblem *self, ConvokeCatalogProblem *other);

G_END_DECLS
