/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-publish.h"

G_BEGIN_DECLS

/* What this process publishes under @name (transfer full), to be dropped where it lives; NULL: nothing. */
GObject *convoke_publish_dup_own (const char *name);

G_END_DECLS
