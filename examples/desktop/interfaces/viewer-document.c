/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a plug-in is given: the text that the viewer shows. This library knows
 * neither Convoke nor GTK.
 */

#include "viewer-document.h"

/**
 * ViewerDocument:
 *
 * The text that a viewer shows.
 */

G_DEFINE_INTERFACE (ViewerDocument, viewer_document, G_TYPE_OBJECT)

static void
viewer_document_default_init (ViewerDocumentInterface *iface)
{
}

/**
 * viewer_document_get_text:
 * @self: a document
 * @error: return location for an error, or %NULL
 *
 * Gets the whole text.
 *
 * Returns: (transfer full): the text
 */
char *
viewer_document_get_text (ViewerDocument  *self,
                          GError         **error)
{
  g_return_val_if_fail (VIEWER_IS_DOCUMENT (self), NULL);

  return VIEWER_DOCUMENT_GET_IFACE (self)->get_text (self, error);
}

/**
 * viewer_document_set_text:
 * @self: a document
 * @text: the new text
 * @error: return location for an error, or %NULL
 *
 * Replaces the whole text. All marks are gone.
 *
 * Returns: %TRUE when it was replaced
 */
gboolean
viewer_document_set_text (ViewerDocument  *self,
                          const char      *text,
                          GError         **error)
{
  g_return_val_if_fail (VIEWER_IS_DOCUMENT (self), FALSE);

  return VIEWER_DOCUMENT_GET_IFACE (self)->set_text (self, text, error);
}

/**
 * viewer_document_mark:
 * @self: a document
 * @start: where the part begins, in characters
 * @length: how many characters it has; 0 takes all marks away
 * @error: return location for an error, or %NULL
 *
 * Draws the reader's attention to a part of the text.
 *
 * Returns: %TRUE when there is such a part
 */
gboolean
viewer_document_mark (ViewerDocument  *self,
                      guint            start,
                      guint            length,
                      GError         **error)
{
  g_return_val_if_fail (VIEWER_IS_DOCUMENT (self), FALSE);

  return VIEWER_DOCUMENT_GET_IFACE (self)->mark (self, start, length, error);
}
