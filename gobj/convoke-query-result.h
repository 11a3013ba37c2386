/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_QUERY_RESULT (convoke_query_result_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeQueryResult, convoke_query_result, CONVOKE, QUERY_RESULT, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueryResult *convoke_query_interfaces (GObject      *object,
                                              const GType  *ifaces,
                                              gsize         n_ifaces,
                                              GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_query_result_is_complete (ConvokeQueryResult *self);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_query_result_dup_object (ConvokeQueryResult  *self,
                                          GType                iface,
                                          GError             **error);

G_END_DECLS
