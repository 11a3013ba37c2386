/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "coffee-run.h"

G_BEGIN_DECLS

/* How far the answers are, in one line of a terminal that is drawn again and again; of nothing else. Zeros: nothing is there. */
typedef struct
{
  double fractions[N_SHOPS];
} Bar;

void bar_set   (Bar *self, const char * const names[N_SHOPS], guint shop, double fraction);
void bar_clear (Bar *self);

G_END_DECLS
