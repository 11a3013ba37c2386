/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-component-lines-private.h"

#define LONGEST_SHOWN 80

char *
convoke_component_shorten (const char *text)
{
  gsize most = LONGEST_SHOWN;

  if (strlen (text) <= most)
    return g_strdup (text);

  /* Not within a character. */
  while (((guchar) text[most] & 0xc0) == 0x80)
    most--;
  return g_strdup_printf ("%.*s…", (int) most, text);
}

char *
convoke_component_line_describe (const ConvokeComponentLine *line)
{
  g_autofree char *key = NULL;

  if (line->locale == NULL)
    return convoke_component_shorten (line->key != NULL ? line->key : line->group);

  key = g_strdup_printf ("%s[%s]", line->key, line->locale);
  return convoke_component_shorten (key);
}

/* '\0': there is no such escape. */
static char
get_escaped (char escape,
             char end)
{
  switch (escape)
    {
    case 's':
      return ' ';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '\\':
      return '\\';
    default:
      return escape == end ? end : '\0';
    }
}

char *
convoke_component_unescape (const char **raw,
                            char         end)
{
  g_autofree char *text = g_malloc (strlen (*raw) + 1);
  const char *from = *raw;
  char *to = text;

  while (*from != '\0' && *from != end)
    if (*from != '\\')
      *to++ = *from++;
    else if ((*to++ = get_escaped (from[1], end)) == '\0')
      return NULL;
    else
      from += 2;

  *to = '\0';
  *raw = *from != '\0' ? from + 1 : from;
  return g_steal_pointer (&text);
}

/* --- a set of lines --- */

static guint
hash (gconstpointer data)
{
  const ConvokeComponentLine *self = data;

  /* Nearly all keys are in one group. */
  if (self->key == NULL)
    return g_str_hash (self->group);

  return g_str_hash (self->key) + (self->locale != NULL ? 33 * g_str_hash (self->locale) : 0);
}

static gboolean
equal (gconstpointer a,
       gconstpointer b)
{
  const ConvokeComponentLine *one = a;
  const ConvokeComponentLine *other = b;

  return g_strcmp0 (one->key, other->key) == 0 && g_strcmp0 (one->locale, other->locale) == 0 &&
         strcmp (one->group, other->group) == 0;
}

const ConvokeComponentLine *
convoke_component_lines_find (const ConvokeComponentLines *self,
                              const char                  *group,
                              const char                  *key)
{
  const ConvokeComponentLine sought = { group, key };

  return g_hash_table_lookup (self->seen, &sought);
}

/* What stands at the next place; the line that says the same already, or NULL: it counts from now on. */
static const ConvokeComponentLine *
add (ConvokeComponentLines *self)
{
  ConvokeComponentLine *line = &self->lines[self->n];
  const ConvokeComponentLine *before = g_hash_table_lookup (self->seen, line);

  if (before != NULL)
    return before;

  g_hash_table_add (self->seen, line);
  self->n++;
  return NULL;
}

/* --- one line: it is cut up where it stands. NULL, or what is wrong --- */

static void
strip_end (char       *text,
           const char *of)
{
  gsize length = strlen (text);

  while (length > 0 && strchr (of, text[length - 1]) != NULL)
    length--;
  text[length] = '\0';
}

static gboolean
is_group (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (*p == '[' || *p == ']' || g_ascii_iscntrl (*p))
      return FALSE;

  return *name != '\0';
}

static char *
read_group (ConvokeComponentLines  *self,
            char                   *text,
            guint                   number,
            const char            **group)
{
  gsize length;

  strip_end (text, " \t");
  length = strlen (text);
  if (text[length - 1] != ']')
    return g_strdup ("this is no [Group]");

  text[length - 1] = '\0';
  if (!is_group (text + 1))
    return g_strdup ("this is no [Group]");

  *group = text + 1;
  self->lines[self->n] = (ConvokeComponentLine) { .group = *group, .number = number };
  add (self);
  return NULL;
}

static gboolean
is_locale (const char *name)
{
  for (; *name != '\0'; name = g_utf8_next_char (name))
    if (!g_unichar_isalnum (g_utf8_get_char (name)) && strchr ("-_.@", *name) == NULL)
      return FALSE;

  return TRUE;
}

/* Of "Key[locale]", into both. */
static gboolean
cut_key (char        *key,
         const char **locale)
{
  char *bracket = strchr (key, '[');
  gsize length;

  *locale = NULL;
  if (bracket == NULL)
    return *key != '\0' && strchr (key, ']') == NULL;

  length = strlen (bracket);
  if (bracket == key || bracket[length - 1] != ']')
    return FALSE;

  bracket[0] = bracket[length - 1] = '\0';
  *locale = bracket + 1;
  return is_locale (*locale) && strchr (key, ']') == NULL;
}

static char *
read_key (ConvokeComponentLines *self,
          char                  *text,
          guint                  number,
          const char            *group)
{
  ConvokeComponentLine *line = &self->lines[self->n];
  const ConvokeComponentLine *before;
  char *equals = strchr (text, '=');
  g_autofree char *shown = NULL;

  if (equals == NULL || equals == text)
    return g_strdup ("this is neither a comment nor [Group] nor Key=Value");

  *equals = '\0';
  *line = (ConvokeComponentLine) { group, g_strchomp (text), NULL, g_strchug (equals + 1), number };
  if (!cut_key (text, &line->locale))
    return g_strdup ("this is no name of a key");

  before = group != NULL ? add (self) : line;
  if (before == NULL)
    return NULL;

  shown = convoke_component_line_describe (line);
  return group != NULL ? g_strdup_printf ("%s was given in line %u already", shown, before->number)
                       : g_strdup_printf ("%s stands before the first [Group]", shown);
}

static char *
read_line (ConvokeComponentLines  *self,
           char                   *text,
           guint                   number,
           const char            **group)
{
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup ("this is not UTF-8");

  strip_end (text, "\r");
  g_strchug (text);
  if (*text == '\0' || *text == '#')
    return NULL;

  return *text == '[' ? read_group (self, text, number, group) : read_key (self, text, number, *group);
}

/* --- all of them --- */

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (; (text = strchr (text, '\n')) != NULL; text++)
    n++;

  return n;
}

ConvokeComponentLines *
convoke_component_lines_new (const char  *text,
                             guint       *number,
                             char       **wrong)
{
  g_autoptr (ConvokeComponentLines) self = g_new0 (ConvokeComponentLines, 1);
  const char *group = NULL;
  char *next;

  self->text = g_strdup (text);
  self->lines = g_new (ConvokeComponentLine, count_lines (text));
  self->seen = g_hash_table_new (hash, equal);

  *number = 0;
  for (char *line = self->text; line != NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';

      *wrong = read_line (self, line, ++*number, &group);
      if (*wrong != NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
convoke_component_lines_free (ConvokeComponentLines *self)
{
  g_hash_table_unref (self->seen);
  g_free (self->lines);
  g_free (self->text);
  g_free (self);
}
