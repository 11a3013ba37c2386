/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-wire-kinds-private.h"
#include "convoke-utf8-private.h"

/*
 * Bytes in order, without alignment and without padding; numbers are little
 * endian. What is more than a number begins with its length.
 */

/* --- failing --- */

gboolean
convoke_wire_fail (const ConvokeWireReader  *reader,
                   GError                  **error,
                   const char               *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list ap;

  va_start (ap, format);
  text = g_strdup_vprintf (format, ap);
  va_end (ap);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "%s at byte %" G_GSIZE_FORMAT, text, reader->position);

  return FALSE;
}

gboolean
convoke_wire_fail_unknown_type (const char  *name,
                                GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "names the type '%s', which is unknown here", name);

  return FALSE;
}

gboolean
convoke_wire_refuse (GError     **error,
                     const char  *format,
                     ...)
{
  g_autofree char *text = NULL;
  va_list ap;

  va_start (ap, format);
  text = g_strdup_vprintf (format, ap);
  va_end (ap);
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, text);

  return FALSE;
}

/* --- the writer --- */

void
convoke_wire_writer_init (ConvokeWireWriter *self)
{
  self->data = self->inline_data;
  self->length = 0;
  self->size = sizeof self->inline_data;
  self->n_fds = 0;
  self->depth = 0;
  self->elements = CONVOKE_WIRE_MAX_ELEMENTS;
}

void
convoke_wire_writer_clear (ConvokeWireWriter *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    close (self->fds[i]);

  if (self->data != self->inline_data)
    g_free (self->data);
  convoke_wire_writer_init (self);
}

ConvokeWireMark
convoke_wire_mark (const ConvokeWireWriter *self)
{
  return (ConvokeWireMark) { self->length, self->n_fds, self->depth, self->elements };
}

void
convoke_wire_take_back (ConvokeWireWriter     *self,
                        const ConvokeWireMark *mark)
{
  while (self->n_fds > mark->n_fds)
    close (self->fds[--self->n_fds]);

  self->length = mark->length;
  self->depth = mark->depth;
  self->elements = mark->elements;
}

static void
enlarge (ConvokeWireWriter *self,
         gsize              length)
{
  gsize size = MAX (self->size * 2, self->length + length);

  g_assert (length <= G_MAXSIZE / 4);

  if (self->data == self->inline_data)
    self->data = memcpy (g_malloc (size), self->inline_data, self->length);
  else
    self->data = g_realloc (self->data, size);
  self->size = size;
}

guint8 *
convoke_wire_writer_grow (ConvokeWireWriter *self,
                          gsize              length)
{
  guint8 *room;

  if (G_UNLIKELY (length > self->size - self->length))
    enlarge (self, length);

  room = self->data + self->length;
  self->length += length;
  return room;
}

void
convoke_wire_put_u8 (ConvokeWireWriter *self,
                     guint8             value)
{
  *convoke_wire_writer_grow (self, 1) = value;
}

void
convoke_wire_put_u16 (ConvokeWireWriter *self,
                      guint16            value)
{
  value = GUINT16_TO_LE (value);
  memcpy (convoke_wire_writer_grow (self, sizeof value), &value, sizeof value);
}

void
convoke_wire_put_u32 (ConvokeWireWriter *self,
                      guint32            value)
{
  value = GUINT32_TO_LE (value);
  memcpy (convoke_wire_writer_grow (self, sizeof value), &value, sizeof value);
}

void
convoke_wire_put_u64 (ConvokeWireWriter *self,
                      guint64            value)
{
  value = GUINT64_TO_LE (value);
  memcpy (convoke_wire_writer_grow (self, sizeof value), &value, sizeof value);
}

static void
copy_numbers (guint8       *dest,
              const guint8 *src,
              gsize         size,
              gsize         count)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  if (count > 0)
    memcpy (dest, src, size * count);
#else
  for (gsize i = 0; i < count; i++)
    for (gsize k = 0; k < size; k++)
      dest[i * size + k] = src[i * size + size - 1 - k];
#endif
}

void
convoke_wire_put_numbers (ConvokeWireWriter *self,
                          gconstpointer      src,
                          gsize              size,
                          gsize              count)
{
  copy_numbers (convoke_wire_writer_grow (self, size * count), src, size, count);
}

void
convoke_wire_put_bytes (ConvokeWireWriter *self,
                        gconstpointer      data,
                        gsize              length)
{
  g_assert (length < CONVOKE_WIRE_NULL);

  convoke_wire_put_u32 (self, (guint32) length);
  if (length > 0)
    memcpy (convoke_wire_writer_grow (self, length), data, length);
}

void
convoke_wire_put_string (ConvokeWireWriter *self,
                         const char        *string)
{
  if (string == NULL)
    {
      convoke_wire_put_u32 (self, CONVOKE_WIRE_NULL);
      return;
    }

  convoke_wire_put_bytes (self, string, strlen (string));
  convoke_wire_put_u8 (self, 0);
}

gboolean
convoke_wire_put_fd (ConvokeWireWriter  *self,
                     int                 fd,
                     GError            **error)
{
  if (self->n_fds == CONVOKE_WIRE_MAX_FDS)
    {
      close (fd);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "a message takes no more than %d file descriptors", CONVOKE_WIRE_MAX_FDS);
      return FALSE;
    }

  convoke_wire_put_u8 (self, self->n_fds);
  self->fds[self->n_fds++] = fd;
  return TRUE;
}

gboolean
convoke_wire_enter_write (ConvokeWireWriter  *self,
                          GError            **error)
{
  if (self->depth == CONVOKE_WIRE_MAX_DEPTH)
    return convoke_wire_refuse (error, "is nested deeper than %d levels", CONVOKE_WIRE_MAX_DEPTH);

  self->depth++;
  return TRUE;
}

/* --- the reader --- */

void
convoke_wire_reader_init (ConvokeWireReader *self,
                          gconstpointer      data,
                          gsize              length,
                          int               *fds,
                          guint              n_fds)
{
  *self = (ConvokeWireReader) {
    /* Nothing is somewhere, too: NULL means that there was an error. */
    .data = data != NULL ? data : "",
    .length = length,
    .fds = fds,
    .n_fds = n_fds,
    .elements = CONVOKE_WIRE_MAX_ELEMENTS,
  };
}

gconstpointer
convoke_wire_reader_skip (ConvokeWireReader  *self,
                          gsize               length,
                          GError            **error)
{
  gconstpointer bytes = self->data + self->position;

  if (G_UNLIKELY (length > self->length - self->position))
    {
      convoke_wire_fail (self, error, "wants %" G_GSIZE_FORMAT " bytes where %" G_GSIZE_FORMAT " are left",
                         length, self->length - self->position);
      return NULL;
    }

  self->position += length;
  return bytes;
}

gboolean
convoke_wire_get_numbers (ConvokeWireReader  *self,
                          gpointer            dest,
                          gsize               size,
                          gsize               count,
                          GError            **error)
{
  gconstpointer bytes = convoke_wire_reader_skip (self, size * count, error);

  if (bytes == NULL)
    return FALSE;

  copy_numbers (dest, bytes, size, count);
  return TRUE;
}

gboolean
convoke_wire_get_u8 (ConvokeWireReader  *self,
                     guint8             *value,
                     GError            **error)
{
  return convoke_wire_get_numbers (self, value, sizeof *value, 1, error);
}

gboolean
convoke_wire_get_u16 (ConvokeWireReader  *self,
                      guint16            *value,
                      GError            **error)
{
  return convoke_wire_get_numbers (self, value, sizeof *value, 1, error);
}

gboolean
convoke_wire_get_u32 (ConvokeWireReader  *self,
                      guint32            *value,
                      GError            **error)
{
  return convoke_wire_get_numbers (self, value, sizeof *value, 1, error);
}

gboolean
convoke_wire_get_u64 (ConvokeWireReader  *self,
                      guint64            *value,
                      GError            **error)
{
  return convoke_wire_get_numbers (self, value, sizeof *value, 1, error);
}

gboolean
convoke_wire_get_bytes (ConvokeWireReader  *self,
                        gconstpointer      *data,
                        gsize              *length,
                        GError            **error)
{
  guint32 n;

  if (!convoke_wire_get_u32 (self, &n, error))
    return FALSE;

  *data = convoke_wire_reader_skip (self, n, error);
  *length = n;
  return *data != NULL;
}

gboolean
convoke_wire_get_count (ConvokeWireReader  *self,
                        guint32            *count,
                        gsize               least,
                        GError            **error)
{
  if (!convoke_wire_get_u32 (self, count, error))
    return FALSE;

  if (*count != CONVOKE_WIRE_NULL && *count > (self->length - self->position) / least)
    return convoke_wire_fail (self, error, "counts %u elements where %" G_GSIZE_FORMAT " bytes are left",
                              *count, self->length - self->position);

  return TRUE;
}

static gboolean
check_text (ConvokeWireReader  *self,
            const char         *text,
            gsize               length,
            gboolean            utf8,
            GError            **error)
{
  if (text[length] != '\0')
    return convoke_wire_fail (self, error, "is a string without its NUL");

  if (utf8 ? convoke_utf8_check (text, length) : memchr (text, '\0', length) == NULL)
    return TRUE;

  return convoke_wire_fail (self, error, utf8 ? "is not valid UTF-8" : "has a NUL inside of a file name");
}

gboolean
convoke_wire_get_text (ConvokeWireReader  *self,
                       gboolean            utf8,
                       const char        **string,
                       GError            **error)
{
  const char *text;
  guint32 length;

  *string = NULL;
  if (!convoke_wire_get_u32 (self, &length, error))
    return FALSE;
  if (length == CONVOKE_WIRE_NULL)
    return TRUE;

  text = convoke_wire_reader_skip (self, (gsize) length + 1, error);
  if (text == NULL || !check_text (self, text, length, utf8, error))
    return FALSE;

  *string = text;
  return TRUE;
}

gboolean
convoke_wire_get_string (ConvokeWireReader  *self,
                         const char        **string,
                         GError            **error)
{
  return convoke_wire_get_text (self, TRUE, string, error);
}

gboolean
convoke_wire_get_name (ConvokeWireReader  *self,
                       const char        **string,
                       GError            **error)
{
  if (!convoke_wire_get_string (self, string, error))
    return FALSE;

  return *string != NULL || convoke_wire_fail (self, error, "is NULL where it must not be");
}

static int
steal_fd (int *fd)
{
  int stolen = *fd;

  *fd = -1;
  return stolen;
}

int
convoke_wire_get_fd (ConvokeWireReader  *self,
                     GError            **error)
{
  guint8 index;

  if (!convoke_wire_get_u8 (self, &index, error))
    return -1;

  if (index >= self->n_fds || self->fds[index] < 0)
    {
      convoke_wire_fail (self, error, "names file descriptor %u, which did not come or was taken", index);
      return -1;
    }

  return steal_fd (&self->fds[index]);
}

gboolean
convoke_wire_reader_end (ConvokeWireReader  *self,
                         GError            **error)
{
  if (self->position == self->length)
    return TRUE;

  return convoke_wire_fail (self, error, "goes on for %" G_GSIZE_FORMAT " bytes after its end",
                            self->length - self->position);
}

gboolean
convoke_wire_enter_read (ConvokeWireReader  *self,
                         GError            **error)
{
  if (self->depth == CONVOKE_WIRE_MAX_DEPTH)
    return convoke_wire_fail (self, error, "is nested deeper than %d levels", CONVOKE_WIRE_MAX_DEPTH);

  self->depth++;
  return TRUE;
}
