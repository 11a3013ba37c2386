/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An apartment that a thread has for one call only; nothing that lasts may be bound to it. */

#include "convoke-apartment.h"

G_BEGIN_DECLS

ConvokeApartment *convoke_visit_new         (void);
gboolean          convoke_visit_is          (ConvokeApartment *apartment);
/* @apartment, or, where that is only a visit, the default main context's, which is what a thread without a context of
 * its own uses. */
ConvokeApartment *convoke_visit_dup_lasting (ConvokeApartment *apartment);

G_END_DECLS
