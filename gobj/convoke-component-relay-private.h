/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a part of an aggregate signals is signalled by the aggregate. */

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _ConvokeComponentRelay ConvokeComponentRelay;

/* @inner lives until it is stopped. For the signals of @ifaces, and, where one of them has properties, for their changes. NULL: there is nothing to relay. */
ConvokeComponentRelay *convoke_component_relay_new  (GObject *outer, GObject *inner, const GType *ifaces, guint n_ifaces);
void                   convoke_component_relay_stop (ConvokeComponentRelay *self);

G_END_DECLS
