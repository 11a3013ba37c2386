/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A keyfile is somebody's text: it is read with bounds, told what is wrong
 * with it by file, line and key, and nothing of it is run.
 *
 * Which line says what is found in convoke-component-lines.c, and what can
 * stand there is in convoke-component-keys.c.
 */

#include "config.h"

#include <string.h>

#include "convoke-component-keys-private.h"
#include "convoke-component-lines-private.h"
#include "convoke-component-readers-private.h"
#include "convoke-error.h"

#define MOST_WARNINGS 64
#define LONGEST_CLASS_NAME 200

/* --- life --- */

static void
wipe (gpointer data)
{
  ConvokeComponentFile *self = data;

  g_free (self->path);
  g_free (self->directory);
  g_free (self->class_name);
  g_free (self->name);
  g_free (self->description);
  g_free (self->version);
  g_free (self->icon);
  g_free (self->website);
  g_free (self->copyright);
  g_strfreev (self->authors);
  g_strfreev (self->categories);
  g_strfreev (self->depends);
  g_strfreev (self->requires);
  g_strfreev (self->interfaces);
  g_free (self->loader);
  g_free (self->module);
  g_free (self->type_name);
  g_free (self->group);
  g_strfreev (self->environment);
  g_strfreev (self->warnings);
}

ConvokeComponentFile *
convoke_component_file_ref (const ConvokeComponentFile *self)
{
  return g_atomic_rc_box_acquire ((gpointer) self);
}

void
convoke_component_file_unref (ConvokeComponentFile *self)
{
  g_atomic_rc_box_release_full (self, wipe);
}

/* --- names --- */

gboolean
convoke_component_file_is_class_name (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > LONGEST_CLASS_NAME || !g_ascii_isalnum (*name) || strstr (name, "..") != NULL)
    return FALSE;

  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".-_", *p) == NULL)
      return FALSE;

  return TRUE;
}

#define NAME_RULE "1 to 200 letters, digits, “.”, “-” and “_”, begins with a letter or a digit and has no “..”"
G_STATIC_ASSERT (LONGEST_CLASS_NAME == 200);

/* Fit for a terminal and for a line, whatever it is. */
static char *
make_shown (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  char *shown = convoke_component_shorten (valid);

  for (char *p = shown; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';

  return shown;
}

gboolean
convoke_component_file_check_name (const char  *name,
                                   const char  *whose,
                                   GError     **error)
{
  g_autofree char *shown = NULL;

  if (convoke_component_file_is_class_name (name))
    return TRUE;

  shown = make_shown (name);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "“%s” cannot be the name of %s, which has " NAME_RULE, shown, whose);
  return FALSE;
}

static void
set_wrong_name (const char  *path,
                GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s: a component's file is called CLASS%s, where CLASS has " NAME_RULE,
               shown, convoke_component_readers[0].suffix);
}

ConvokeComponentFile *
convoke_component_file_new_for_path (const char  *path,
                                     GError     **error)
{
  g_autoptr (ConvokeComponentFile) self = g_atomic_rc_box_new0 (ConvokeComponentFile);
  const ConvokeComponentReader *reader = convoke_component_readers_find (path);

  self->path = g_canonicalize_filename (path, NULL);
  self->directory = g_path_get_dirname (self->path);
  self->class_name = g_path_get_basename (self->path);
  if (reader != NULL)
    self->class_name[strlen (self->class_name) - strlen (reader->suffix)] = '\0';

  if (reader == NULL || !convoke_component_file_is_class_name (self->class_name))
    {
      set_wrong_name (self->path, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* --- what stands where --- */

typedef struct
{
  const ConvokeComponentFile  *file;
  ConvokeComponentLines       *lines;
  const char * const          *languages;   /* the user's, the best first */
  const ConvokeComponentLine **given;       /* of each key, by its place in convoke_component_keys; (nullable) each */
  GPtrArray                   *warnings;
} Reading;

static void G_GNUC_PRINTF (4, 5)
set_wrong (const Reading  *self,
           guint           line,
           GError        **error,
           const char     *format,
           ...)
{
  g_autofree char *shown = g_filename_display_name (self->file->path);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (line > 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s:%u: %s", shown, line, what);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s: %s", shown, what);
}

static guint
find_line (const Reading *self,
           const char    *key)
{
  const ConvokeComponentLine *line = convoke_component_lines_find (self->lines, CONVOKE_COMPONENT_GROUP, key);

  return line != NULL ? line->number : 0;
}

/* --- what nobody asked for --- */

static void
warn_of (Reading                    *self,
         const ConvokeComponentLine *line)
{
  g_autofree char *path = NULL;
  g_autofree char *shown = NULL;

  if (self->warnings->len >= MOST_WARNINGS)
    return;

  path = g_filename_display_name (self->file->path);
  shown = convoke_component_line_describe (line);
  g_ptr_array_add (self->warnings,
                   g_strdup_printf (line->key != NULL ? "%s:%u: there is no key %s" : "%s:%u: there is no group [%s]",
                                    path, line->number, shown));
}

/* --- which line gives which key --- */

/* The smaller, the better; G_MAXUINT: it is for others. */
static guint
rank (const Reading              *self,
      const ConvokeComponentLine *line)
{
  guint i;

  for (i = 0; self->languages[i] != NULL; i++)
    if (g_strcmp0 (line->locale, self->languages[i]) == 0)
      return i;

  return line->locale == NULL ? i : G_MAXUINT;
}

static void
take (Reading                    *self,
      const ConvokeComponentKey  *key,
      const ConvokeComponentLine *line)
{
  const ConvokeComponentLine **given = &self->given[key - convoke_component_keys];

  if (line->locale == NULL ? *given == NULL : rank (self, line) < (*given != NULL ? rank (self, *given) : G_MAXUINT))
    *given = line;
}

/* Names that begin with "X-" are other people's, as in desktop files. */
static void
sort_lines (Reading *self)
{
  for (guint i = 0; i < self->lines->n; i++)
    {
      const ConvokeComponentLine *line = &self->lines->lines[i];
      const ConvokeComponentKey *key = line->key != NULL ? convoke_component_keys_find (line->key) : NULL;

      if (strcmp (line->group, CONVOKE_COMPONENT_GROUP) != 0)
        {
          if (line->key == NULL && !g_str_has_prefix (line->group, "X-"))
            warn_of (self, line);
        }
      else if (key != NULL && (line->locale == NULL || key->localized))
        take (self, key, line);
      else if (line->key != NULL && !g_str_has_prefix (line->key, "X-"))
        warn_of (self, line);
    }
}

/* --- values --- */

/* Lists keep their escapes until they are split. NULL: an escape is wrong. */
static char *
get_text (const Reading               *self,
          const ConvokeComponentKey   *key,
          const ConvokeComponentLine  *line,
          GError                     **error)
{
  const char *raw = line->value;
  char *text = key->is_list ? g_strdup (raw) : convoke_component_unescape (&raw, '\0');

  if (text == NULL)
    set_wrong (self, line->number, error, "%s: there is an escape that is none, or half of one", key->name);
  return text;
}

static gboolean
read_value (const Reading              *self,
            const ConvokeComponentKey  *key,
            const char                 *text,
            guint                       number,
            ConvokeComponentFile       *file,
            GError                    **error)
{
  g_autofree char *expected = NULL;
  g_autofree char *shown = NULL;

  if (key->kind->read (key, text, G_STRUCT_MEMBER_P (file, key->offset), &expected))
    return TRUE;

  shown = convoke_component_shorten (text);
  set_wrong (self, number, error, "%s=%s: it must be %s", key->name, shown, expected);
  return FALSE;
}

static gboolean
read_key (const Reading               *self,
          const ConvokeComponentKey   *key,
          const ConvokeComponentLine  *line,
          ConvokeComponentFile        *file,
          GError                     **error)
{
  g_autofree char *text = NULL;

  if (line != NULL)
    {
      text = get_text (self, key, line, error);
      return text != NULL && read_value (self, key, text, line->number, file, error);
    }

  if (key->required)
    {
      set_wrong (self, find_line (self, NULL), error, "%s is missing", key->name);
      return FALSE;
    }

  return key->fallback == NULL || read_value (self, key, key->fallback, 0, file, error);
}

/* What no key knows by itself. */
static gboolean
check_relations (const Reading  *self,
                 GError        **error)
{
  if (self->file->group == NULL || !self->file->per_instance)
    return TRUE;

  set_wrong (self, find_line (self, "Group"), error,
             "Group=%s: with Isolation=instance no process is shared", self->file->group);
  return FALSE;
}

static gboolean
read_keys (Reading               *self,
           ConvokeComponentFile  *file,
           GError               **error)
{
  if (find_line (self, NULL) == 0)
    {
      set_wrong (self, 0, error, "there is no group [" CONVOKE_COMPONENT_GROUP "]");
      return FALSE;
    }

  sort_lines (self);
  for (guint i = 0; i < convoke_component_n_keys; i++)
    if (!read_key (self, &convoke_component_keys[i], self->given[i], file, error))
      return FALSE;

  file->has_threading = find_line (self, "Threading") != 0;
  if (file->name == NULL || *file->name == '\0')
    {
      g_free (file->name);
      file->name = g_strdup (file->class_name);
    }

  return check_relations (self, error);
}

gboolean
convoke_component_file_parse (ConvokeComponentFile  *file,
                              const char            *text,
                              GError               **error)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autofree const ConvokeComponentLine **given = g_new0 (const ConvokeComponentLine *, convoke_component_n_keys);
  g_autoptr (ConvokeComponentLines) lines = NULL;
  g_autofree char *wrong = NULL;
  Reading self = { file, NULL, g_get_language_names (), given, warnings };
  guint number;

  self.lines = lines = convoke_component_lines_new (text, &number, &wrong);
  if (lines == NULL)
    {
      set_wrong (&self, number, error, "%s", wrong);
      return FALSE;
    }

  if (!read_keys (&self, file, error))
    return FALSE;

  g_ptr_array_add (warnings, NULL);
  file->warnings = (char **) g_ptr_array_steal (warnings, NULL);
  return TRUE;
}

/* --- the file --- */

char *
convoke_component_file_read (ConvokeComponentFile  *self,
                             GError               **error)
{
  return convoke_small_file_read (self->path, &self->stamp, error);
}

ConvokeComponentFile *
convoke_component_file_load (const char  *path,
                             GError     **error)
{
  g_autoptr (ConvokeComponentFile) self = convoke_component_file_new_for_path (path, error);
  g_autofree char *text = self != NULL ? convoke_component_file_read (self, error) : NULL;

  if (text == NULL || !convoke_component_file_parse (self, text, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* --- as one value: the path, and the text with nothing but what is known --- */

static char *
write_text (const ConvokeComponentFile *self)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  for (guint i = 0; i < convoke_component_n_keys; i++)
    {
      const ConvokeComponentKey *key = &convoke_component_keys[i];
      g_autofree char *text = NULL;

      if (strcmp (key->name, "Threading") == 0 && !self->has_threading)
        continue;

      text = key->kind->write (key, G_STRUCT_MEMBER_P (self, key->offset));
      if (text == NULL)
        continue;

      if (key->is_list)
        g_key_file_set_value (keys, CONVOKE_COMPONENT_GROUP, key->name, text);
      else
        g_key_file_set_string (keys, CONVOKE_COMPONENT_GROUP, key->name, text);
    }

  return g_key_file_to_data (keys, NULL, NULL);
}

gboolean
convoke_component_file_equal (const ConvokeComponentFile *self,
                              const ConvokeComponentFile *other)
{
  g_autofree char *text = write_text (self);
  g_autofree char *other_text = write_text (other);

  return strcmp (self->path, other->path) == 0 && strcmp (text, other_text) == 0 &&
         g_strv_equal ((const char * const *) self->warnings, (const char * const *) other->warnings);
}

GVariant *
convoke_component_file_to_variant (const ConvokeComponentFile *self)
{
  g_autofree char *text = write_text (self);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "path", "^ay", self->path);
  g_variant_dict_insert (&dict, "text", "s", text);
  return g_variant_dict_end (&dict);
}

ConvokeComponentFile *
convoke_component_file_from_variant (GVariant  *variant,
                                     GError   **error)
{
  g_autoptr (ConvokeComponentFile) self = NULL;
  const char *path = NULL;
  const char *text = NULL;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT) ||
      !g_variant_lookup (variant, "path", "^&ay", &path) ||
      !g_variant_lookup (variant, "text", "&s", &text) ||
      strlen (text) > CONVOKE_SMALL_FILE_MOST)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "This is no description of a component");
      return NULL;
    }

  self = convoke_component_file_new_for_path (path, error);
  if (self == NULL || !convoke_component_file_parse (self, text, error))
    return NULL;

  return g_steal_pointer (&self);
}
