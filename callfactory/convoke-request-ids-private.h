/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Numbers for what is under way: 1 to 0x7FFFFFFF, none twice at a time (TA-3). The caller locks. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GHashTable *used;     /* id -> what it stands for, never NULL */
  gint32      last;     /* the one given last */
  gboolean    wrapped;  /* each has been given */
} ConvokeRequestIds;

void     convoke_request_ids_init   (ConvokeRequestIds *self);
void     convoke_request_ids_clear  (ConvokeRequestIds *self);

/* A new id for @what; 0: every one is in use. */
gint32   convoke_request_ids_add    (ConvokeRequestIds *self, gpointer what);
gpointer convoke_request_ids_lookup (ConvokeRequestIds *self, gint32 id);
/* From now on @id, which is in use, stands for @what. */
void     convoke_request_ids_set    (ConvokeRequestIds *self, gint32 id, gpointer what);
/* TRUE: it stood for @what and is free again. */
gboolean convoke_request_ids_remove (ConvokeRequestIds *self, gint32 id, gpointer what);

/* Whether it has been in use, now or before. */
gboolean convoke_request_ids_was_given (ConvokeRequestIds *self, gint32 id);

G_END_DECLS
