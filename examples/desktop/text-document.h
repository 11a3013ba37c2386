/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The ViewerDocument that is shown: what plug-ins and scripts see of a text buffer. */
#define TEXT_TYPE_DOCUMENT (text_document_get_type ())
G_DECLARE_FINAL_TYPE (TextDocument, text_document, TEXT, DOCUMENT, GObject)

TextDocument  *text_document_new        (void);

GtkTextBuffer *text_document_get_buffer (TextDocument *self);

/* Where a part begins and ends; FALSE: there is no such part. */
gboolean       text_document_find       (TextDocument *self, guint start, guint length, GtkTextIter *from, GtkTextIter *to, GError **error);

/* Shows what is in a file. */
gboolean       text_document_load       (TextDocument *self, GFile *file, GError **error);

G_END_DECLS
