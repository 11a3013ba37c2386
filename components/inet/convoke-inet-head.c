/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-head-private.h"

#include <string.h>

ConvokeInetHead *
convoke_inet_head_new (void)
{
  ConvokeInetHead *self = g_new0 (ConvokeInetHead, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_string_new (NULL);
  self->fields = g_ptr_array_new_with_free_func (g_free);

  return self;
}

ConvokeInetHead *
convoke_inet_head_ref (ConvokeInetHead *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
convoke_inet_head_unref (ConvokeInetHead *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

/* Servers send what they like: what is no UTF-8 is read as Latin 1, as HTTP says. */
static char *
as_utf8 (const char *line,
         gsize       length)
{
  if (g_utf8_validate_len (line, length, NULL))
    return g_strndup (line, length);

  return g_convert (line, length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static void
add_status_line (ConvokeInetHead *self,
                 const char      *line)
{
  const char *space = strchr (line, ' ');

  if (space != NULL)
    self->status = g_ascii_strtoull (space, NULL, 10);
}

static void
add_field (ConvokeInetHead *self,
           const char      *line)
{
  const char *colon = strchr (line, ':');

  if (colon == NULL)
    return;

  g_ptr_array_add (self->fields, g_strchomp (g_strndup (line, colon - line)));
  g_ptr_array_add (self->fields, g_strstrip (g_strdup (colon + 1)));
}

void
convoke_inet_head_add_line (ConvokeInetHead *self,
                            const char      *line,
                            gsize            length)
{
  g_autofree char *text = as_utf8 (line, length);
  gboolean first = self->size == 0;

  self->size += length;
  if (text == NULL)
    return;

  g_string_append (self->text, text);
  g_strchomp (text);
  if (first)
    add_status_line (self, text);
  else if (*text == '\0')
    self->complete = TRUE;
  else
    add_field (self, text);
}

const char *
convoke_inet_head_get (ConvokeInetHead *self,
                       const char      *name,
                       guint            n)
{
  for (guint i = 0; i + 1 < self->fields->len; i += 2)
    if (g_ascii_strcasecmp (self->fields->pdata[i], name) == 0 && n-- == 0)
      return self->fields->pdata[i + 1];

  return NULL;
}

gint64
convoke_inet_head_get_length (ConvokeInetHead *self)
{
  const char *text = convoke_inet_head_get (self, "Content-Length", 0);
  guint64 length;

  if (text == NULL || convoke_inet_head_get (self, "Transfer-Encoding", 0) != NULL)
    return -1;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL) ? (gint64) length : -1;
}
