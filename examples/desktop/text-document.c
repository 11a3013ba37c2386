/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An ordinary object that belongs to the main loop: plug-ins call it from their
 * threads and processes, and it need not know.
 */

#include "text-document.h"

#include <viewer-document.h>

/* What is larger is no text to look at. */
#define LONGEST_FILE (4 * 1024 * 1024)

struct _TextDocument
{
  GObject        parent_instance;
  GtkTextBuffer *buffer;
  GtkTextTag    *mark;   /* (borrowed): the buffer's */
};

static void document_init (ViewerDocumentInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TextDocument, text_document, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIEWER_TYPE_DOCUMENT, document_init))

GtkTextBuffer *
text_document_get_buffer (TextDocument *self)
{
  return self->buffer;
}

gboolean
text_document_find (TextDocument  *self,
                    guint          start,
                    guint          length,
                    GtkTextIter   *from,
                    GtkTextIter   *to,
                    GError       **error)
{
  guint all = gtk_text_buffer_get_char_count (self->buffer);

  if (start > all || length > all - start)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The text has %u characters: there are no %u from number %u on", all, length, start);
      return FALSE;
    }

  gtk_text_buffer_get_iter_at_offset (self->buffer, from, start);
  gtk_text_buffer_get_iter_at_offset (self->buffer, to, start + length);
  return TRUE;
}

/* --- what plug-ins call --- */

static char *
text_document_get_text (ViewerDocument  *document,
                        GError         **error)
{
  TextDocument *self = TEXT_DOCUMENT (document);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

static gboolean
text_document_set_text (ViewerDocument  *document,
                        const char      *text,
                        GError         **error)
{
  gtk_text_buffer_set_text (TEXT_DOCUMENT (document)->buffer, text, -1);
  return TRUE;
}

static gboolean
text_document_mark (ViewerDocument  *document,
                    guint            start,
                    guint            length,
                    GError         **error)
{
  TextDocument *self = TEXT_DOCUMENT (document);
  GtkTextIter from, to;

  if (!text_document_find (self, start, length, &from, &to, error))
    return FALSE;

  if (length > 0)
    {
      gtk_text_buffer_apply_tag (self->buffer, self->mark, &from, &to);
      return TRUE;
    }

  gtk_text_buffer_get_bounds (self->buffer, &from, &to);
  gtk_text_buffer_remove_tag (self->buffer, self->mark, &from, &to);
  return TRUE;
}

static void
document_init (ViewerDocumentInterface *iface)
{
  iface->get_text = text_document_get_text;
  iface->set_text = text_document_set_text;
  iface->mark = text_document_mark;
}

/* --- files --- */

static GBytes *
read_file (GFile   *file,
           GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GBytes) bytes = NULL;

  if (stream == NULL)
    return NULL;

  bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), LONGEST_FILE + 1, NULL, error);
  if (bytes != NULL && g_bytes_get_size (bytes) > LONGEST_FILE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The file is too large");
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

gboolean
text_document_load (TextDocument  *self,
                    GFile         *file,
                    GError       **error)
{
  g_autoptr (GBytes) bytes = read_file (file, error);
  const char *text;
  gsize length;

  if (bytes == NULL)
    return FALSE;

  text = g_bytes_get_data (bytes, &length);
  if (length > 0 && !g_utf8_validate_len (text, length, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The file is no text in UTF-8");
      return FALSE;
    }

  gtk_text_buffer_set_text (self->buffer, length > 0 ? text : "", length);
  return TRUE;
}

/* --- life --- */

static void
text_document_finalize (GObject *object)
{
  g_object_unref (TEXT_DOCUMENT (object)->buffer);
  G_OBJECT_CLASS (text_document_parent_class)->finalize (object);
}

static void
text_document_class_init (TextDocumentClass *class)
{
  G_OBJECT_CLASS (class)->finalize = text_document_finalize;
}

static void
text_document_init (TextDocument *self)
{
  const GdkRGBA red = { 0.9, 0.1, 0.1, 0.15 };

  self->buffer = gtk_text_buffer_new (NULL);
  self->mark = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR,
                                           "background-rgba", &red, NULL);
}

TextDocument *
text_document_new (void)
{
  return g_object_new (TEXT_TYPE_DOCUMENT, NULL);
}
