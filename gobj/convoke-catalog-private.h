/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-catalog.h"

G_BEGIN_DECLS

/* Says where the object that @object denotes lives (consumes a floating @placement); replaces what was said before. For who moves it: a
 * component that was started again is in another process. */
void convoke_placement_set (GObject *object, GVariant *placement);

G_END_DECLS
