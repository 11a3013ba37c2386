/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-fields-private.h"

#include <string.h>

/* What frames the body is the module's own. */
static const char * const framing[] = { "Content-Length", "Transfer-Encoding", NULL };

/* What was meant for one host. */
static const char * const secrets_names[] = { "Authorization", "Cookie", "Proxy-Authorization", "Host", NULL };

GPtrArray *
convoke_inet_fields_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static gpointer
copy_text (gconstpointer text,
           gpointer      unused)
{
  return g_strdup (text);
}

GPtrArray *
convoke_inet_fields_copy (GPtrArray *self)
{
  return g_ptr_array_copy (self, copy_text, NULL);
}

gboolean
convoke_inet_is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;

  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("!#$%&'*+-.^_`|~", *text) == NULL)
      return FALSE;

  return TRUE;
}

static gboolean
is_among (const char         *name,
          const char * const *names)
{
  for (; *names != NULL; names++)
    if (g_ascii_strcasecmp (name, *names) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_value (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text) && *text != '\t')
      return FALSE;

  return TRUE;
}

static gboolean
refuse (const char  *line,
        const char  *why,
        GError     **error)
{
  g_autofree char *shown = g_strescape (line, NULL);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The header line \"%.80s\" %s", shown, why);
  return FALSE;
}

static gboolean
check_field (const char  *line,
             const char  *name,
             const char  *value,
             GError     **error)
{
  if (!convoke_inet_is_token (name))
    return refuse (line, "does not begin with a name", error);
  if (!is_value (value))
    return refuse (line, "has control characters in its value", error);
  if (is_among (name, framing))
    return refuse (line, "is for the module to write: say the size when you send", error);

  return TRUE;
}

static gint
find (GPtrArray  *self,
      const char *name)
{
  for (guint i = 0; i < self->len; i += 2)
    if (g_ascii_strcasecmp (self->pdata[i], name) == 0)
      return i;

  return -1;
}

static void
remove_all (GPtrArray  *self,
            const char *name)
{
  gint i;

  while ((i = find (self, name)) >= 0)
    g_ptr_array_remove_range (self, i, 2);
}

static void
coalesce (GPtrArray  *self,
          gint        i,
          const char *value)
{
  char *joined = g_strdup_printf ("%s, %s", (char *) self->pdata[i + 1], value);

  g_free (self->pdata[i + 1]);
  self->pdata[i + 1] = joined;
}

static void
put_field (GPtrArray              *self,
           const char             *name,
           const char             *value,
           ConvokeInetHeaderFlags  flags)
{
  gint there = find (self, name);

  if (there >= 0 && flags & CONVOKE_INET_HEADER_ADD_IF_NEW)
    return;
  if (there >= 0 && flags & CONVOKE_INET_HEADER_COALESCE)
    {
      coalesce (self, there, value);
      return;
    }
  if (flags & CONVOKE_INET_HEADER_REPLACE)
    remove_all (self, name);
  /* A replacement by nothing removes. */
  if (flags & CONVOKE_INET_HEADER_REPLACE && *value == '\0')
    return;

  g_ptr_array_add (self, g_strdup (name));
  g_ptr_array_add (self, g_strdup (value));
}

static gboolean
add_line (GPtrArray               *self,
          const char              *line,
          ConvokeInetHeaderFlags   flags,
          GError                 **error)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;

  if (colon == NULL)
    return refuse (line, "has no colon", error);

  name = g_strndup (line, colon - line);
  value = g_strstrip (g_strdup (colon + 1));
  if (!check_field (line, name, value, error))
    return FALSE;

  put_field (self, name, value, flags);
  return TRUE;
}

static gboolean
add_lines (GPtrArray               *self,
           const char              *text,
           ConvokeInetHeaderFlags   flags,
           GError                 **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      gsize length = strlen (*line);

      if (length > 0 && (*line)[length - 1] == '\r')
        (*line)[length - 1] = '\0';
      if (**line != '\0' && !add_line (self, *line, flags, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
convoke_inet_fields_add (GPtrArray               *self,
                         const char              *text,
                         ConvokeInetHeaderFlags   flags,
                         GError                 **error)
{
  g_autoptr (GPtrArray) more = convoke_inet_fields_new ();

  if (!add_lines (more, text, CONVOKE_INET_HEADER_ADD, error))
    return FALSE;

  for (guint i = 0; i < more->len; i += 2)
    put_field (self, more->pdata[i], more->pdata[i + 1], flags);

  return TRUE;
}

struct curl_slist *
convoke_inet_fields_to_list (GPtrArray *self,
                             gboolean   secrets)
{
  struct curl_slist *list = NULL;

  for (guint i = 0; i < self->len; i += 2)
    {
      const char *value = self->pdata[i + 1];
      g_autofree char *line = NULL;

      if (!secrets && is_among (self->pdata[i], secrets_names))
        continue;
      /* libcurl's way of writing an empty value is a semicolon. */
      line = *value == '\0' ? g_strconcat (self->pdata[i], ";", NULL) : g_strconcat (self->pdata[i], ": ", value, NULL);
      list = curl_slist_append (list, line);
    }

  return list;
}
