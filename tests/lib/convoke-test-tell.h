/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

GVariant *convoke_test_parse_value (const char *type,
                                    const char *text);

G_END_DECLS
