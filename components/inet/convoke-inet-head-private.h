/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What comes before the body of an answer: a status line and fields. Immutable once it is complete. */
typedef struct
{
  gatomicrefcount  ref_count;
  guint            status;
  gboolean         complete;
  gsize            size;     /* bytes as they came */
  GString         *text;     /* (owned) as UTF-8, lines end in \r\n */
  GPtrArray       *fields;   /* of owned names and values in turns */
} ConvokeInetHead;

ConvokeInetHead *convoke_inet_head_new      (void);
ConvokeInetHead *convoke_inet_head_ref      (ConvokeInetHead *self);
void             convoke_inet_head_unref    (ConvokeInetHead *self);

/* One line with its end, as libcurl gives them; the empty line completes it. */
void             convoke_inet_head_add_line (ConvokeInetHead *self,
                                             const char      *line,
                                             gsize            length);

/* The value of the @n-th field of that name, or NULL. */
const char      *convoke_inet_head_get      (ConvokeInetHead *self,
                                             const char      *name,
                                             guint            n);

/* The announced length of the body in bytes, or -1. */
gint64           convoke_inet_head_get_length (ConvokeInetHead *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeInetHead, convoke_inet_head_unref)

G_END_DECLS
