/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-catalog.h"
#include "convoke-component-file-private.h"

G_BEGIN_DECLS

/* The keyfile of a class (transfer full). Fails with INVALID_ARGUMENT (no name of a class, or the file is wrong), NO_CLASS, ACCESS_DENIED. */
ConvokeComponentFile *convoke_catalog_find_file (ConvokeCatalog *self, const char *class_name, GError **error);

/* Says where the object that @object denotes lives (consumes a floating @placement); replaces what was said before. For who moves it: a
 * component that was started again is in another process. */
void convoke_placement_set (GObject *object, GVariant *placement);

G_END_DECLS
