/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is kept of an object for others, and what they are given of it. */

#include "convoke-apartment.h"

G_BEGIN_DECLS

/* (transfer full): what @object denotes: what a proxy stands for, or itself. Goes back through convoke_apartment_release (). Fails
 * with DISCONNECTED when a proxy stands for nothing. */
GObject *convoke_give_dup_target (GObject *object, GError **error);

/* (transfer full): what the calling thread may use of @target, whose apartment @apartment is: itself, or its proxy. Takes @target. */
GObject *convoke_give_here       (GObject *target, ConvokeApartment *apartment, GError **error);

G_END_DECLS
