/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant *price_list_parse (GBytes  *bytes,
                            GError **error);

G_END_DECLS
