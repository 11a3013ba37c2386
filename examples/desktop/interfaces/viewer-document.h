/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define VIEWER_EXPORT extern __attribute__ ((visibility ("default")))

#define VIEWER_TYPE_DOCUMENT (viewer_document_get_type ())
VIEWER_EXPORT
G_DECLARE_INTERFACE (ViewerDocument, viewer_document, VIEWER, DOCUMENT, GObject)

struct _ViewerDocumentInterface
{
  GTypeInterface parent_iface;

  char     *(*get_text) (ViewerDocument  *self,
                         GError         **error);
  gboolean  (*set_text) (ViewerDocument  *self,
                         const char      *text,
                         GError         **error);
  gboolean  (*mark)     (ViewerDocument  *self,
                         guint            start,
                         guint            length,
                         GError         **error);
};

VIEWER_EXPORT
char *viewer_document_get_text (ViewerDocument  *self,
                                GError         **error);

VIEWER_EXPORT
gboolean viewer_document_set_text (ViewerDocument  *self,
                                   const char      *text,
                                   GError         **error);

VIEWER_EXPORT
gboolean viewer_document_mark (ViewerDocument  *self,
                               guint            start,
                               guint            length,
                               GError         **error);

G_END_DECLS
