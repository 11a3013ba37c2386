/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "view.h"

G_BEGIN_DECLS

/* Begins get_price of @item on @feed once, with every view on the one call object; each is told once of the same end, which is
 * @outcome. */
void together_learn (GObject *feed, const char *item, gint64 timeout, Outcome *outcome);

G_END_DECLS
