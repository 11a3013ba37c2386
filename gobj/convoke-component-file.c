/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A keyfile is somebody's text: it is read with bounds, told what is wrong
 * with it by file, line and key, and nothing of it is run.
 *
 * GKeyFile says what stands in it, but not where; so the lines are walked
 * once before, which also finds what GKeyFile would refuse without a number.
 * What can stand there is in convoke-component-keys.c.
 */

#include "config.h"

#include <string.h>

#include "convoke-component-keys-private.h"
#include "convoke-component-readers-private.h"
#include "convoke-error.h"

#define MOST_WARNINGS 64
#define LONGEST_CLASS_NAME 200
#define LONGEST_SHOWN 80

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

static void
set_wrong_name (const char  *path,
                GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s: a component's file is called CLASS%s, where CLASS has letters, digits, “.”, “-” and “_” only",
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

/* --- where things stand --- */

/* For a message: what somebody wrote can be of any length. */
static char *
shorten (const char *text)
{
  gsize most = LONGEST_SHOWN;

  if (strlen (text) <= most)
    return g_strdup (text);

  /* Not within a character. */
  while (((guchar) text[most] & 0xc0) == 0x80)
    most--;
  return g_strdup_printf ("%.*s…", (int) most, text);
}

typedef struct
{
  const ConvokeComponentFile *file;
  GHashTable                 *lines;     /* "group\nkey", or "group" -> number */
  GPtrArray                  *warnings;
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
           const char    *group,
           const char    *key)
{
  g_autofree char *place = key != NULL ? g_strconcat (group, "\n", key, NULL) : g_strdup (group);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, place));
}

/* Notes where @place stands. FALSE: it did before. */
static gboolean
note_line (Reading *self,
           char    *place,
           guint    number)
{
  if (g_hash_table_contains (self->lines, place))
    {
      g_free (place);
      return FALSE;
    }

  g_hash_table_insert (self->lines, place, GUINT_TO_POINTER (number));
  return TRUE;
}

static gboolean
walk_group (Reading     *self,
            const char  *line,
            guint        number,
            char       **group,
            GError     **error)
{
  gsize length = strlen (line);

  if (length < 3 || line[length - 1] != ']')
    {
      set_wrong (self, number, error, "this is no [Group]");
      return FALSE;
    }

  g_free (*group);
  *group = g_strndup (line + 1, length - 2);
  note_line (self, g_strdup (*group), number);
  return TRUE;
}

static gboolean
walk_key (Reading     *self,
          const char  *line,
          guint        number,
          const char  *group,
          GError     **error)
{
  const char *equals = strchr (line, '=');
  g_autofree char *key = equals != NULL ? g_strchomp (g_strndup (line, equals - line)) : NULL;
  g_autofree char *shown = key != NULL ? shorten (key) : NULL;

  if (key == NULL || *key == '\0')
    set_wrong (self, number, error, "this is neither a comment nor [Group] nor Key=Value");
  else if (group == NULL)
    set_wrong (self, number, error, "%s stands before the first [Group]", shown);
  else if (!note_line (self, g_strconcat (group, "\n", key, NULL), number))
    set_wrong (self, number, error, "%s was given in line %u already", shown, find_line (self, group, key));
  else
    return TRUE;

  return FALSE;
}

static gboolean
walk_line (Reading     *self,
           char        *line,
           guint        number,
           char       **group,
           GError     **error)
{
  if (!g_utf8_validate (line, -1, NULL))
    {
      set_wrong (self, number, error, "this is not UTF-8");
      return FALSE;
    }

  g_strstrip (line);
  if (*line == '\0' || *line == '#')
    return TRUE;

  return *line == '[' ? walk_group (self, line, number, group, error)
                      : walk_key (self, line, number, *group, error);
}

static gboolean
walk_lines (Reading     *self,
            const char  *text,
            GError     **error)
{
  g_autofree char *group = NULL;
  guint number = 0;

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      g_autofree char *line = g_strndup (text, length);

      if (!walk_line (self, line, ++number, &group, error))
        return FALSE;
      text += length + (text[length] == '\n');
    }

  return TRUE;
}

/* --- what nobody asked for --- */

static void
warn_of (Reading    *self,
         const char *group,
         const char *key)
{
  g_autofree char *path = g_filename_display_name (self->file->path);
  g_autofree char *shown = shorten (key != NULL ? key : group);

  g_ptr_array_add (self->warnings,
                   g_strdup_printf (key != NULL ? "%s:%u: there is no key %s" : "%s:%u: there is no group [%s]",
                                    path, find_line (self, group, key), shown));
}

static gboolean
is_known (const char *given)
{
  for (guint i = 0; i < convoke_component_n_keys; i++)
    {
      const ConvokeComponentKey *key = &convoke_component_keys[i];
      gsize length = strlen (key->name);

      if (strncmp (given, key->name, length) == 0 &&
          (given[length] == '\0' || (key->localized && given[length] == '[')))
        return TRUE;
    }

  /* Other people's, as in desktop files. */
  return g_str_has_prefix (given, "X-");
}

static void
warn_of_unknown (Reading  *self,
                 GKeyFile *keys)
{
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  g_auto (GStrv) given = g_key_file_get_keys (keys, CONVOKE_COMPONENT_GROUP, NULL, NULL);

  for (char **group = groups; *group != NULL && self->warnings->len < MOST_WARNINGS; group++)
    if (strcmp (*group, CONVOKE_COMPONENT_GROUP) != 0 && !g_str_has_prefix (*group, "X-"))
      warn_of (self, *group, NULL);

  for (char **key = given; *key != NULL && self->warnings->len < MOST_WARNINGS; key++)
    if (!is_known (*key))
      warn_of (self, CONVOKE_COMPONENT_GROUP, *key);
}

/* --- values --- */

/* The key itself, or its translation into the user's language. */
static char *
choose_key (GKeyFile                  *keys,
            const ConvokeComponentKey *key)
{
  g_autofree char *locale = key->localized
                            ? g_key_file_get_locale_for_key (keys, CONVOKE_COMPONENT_GROUP, key->name, NULL) : NULL;

  return locale != NULL ? g_strdup_printf ("%s[%s]", key->name, locale) : g_strdup (key->name);
}

/* Lists keep their escapes until they are split. *@text: NULL where the file does not have the key. */
static gboolean
get_text (const Reading              *self,
          GKeyFile                   *keys,
          const ConvokeComponentKey  *key,
          char                      **text,
          GError                    **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *chosen = choose_key (keys, key);

  *text = NULL;
  if (!g_key_file_has_key (keys, CONVOKE_COMPONENT_GROUP, chosen, NULL))
    return TRUE;

  *text = key->is_list ? g_key_file_get_value (keys, CONVOKE_COMPONENT_GROUP, chosen, &local_error)
                       : g_key_file_get_string (keys, CONVOKE_COMPONENT_GROUP, chosen, &local_error);

  /* GKeyFile can give both, a text and an error. */
  if (local_error != NULL)
    set_wrong (self, find_line (self, CONVOKE_COMPONENT_GROUP, chosen), error, "%s: %s", chosen, local_error->message);
  return local_error == NULL;
}

static gboolean
read_key (const Reading              *self,
          GKeyFile                   *keys,
          const ConvokeComponentKey  *key,
          ConvokeComponentFile       *file,
          GError                    **error)
{
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;

  if (!get_text (self, keys, key, &text, error))
    return FALSE;

  if (text == NULL && key->required)
    {
      set_wrong (self, find_line (self, CONVOKE_COMPONENT_GROUP, NULL), error, "%s is missing", key->name);
      return FALSE;
    }

  if (text == NULL && key->fallback == NULL)
    return TRUE;

  if (!key->kind->read (key, text != NULL ? text : key->fallback, G_STRUCT_MEMBER_P (file, key->offset), &expected))
    {
      g_autofree char *shown = shorten (text);

      set_wrong (self, find_line (self, CONVOKE_COMPONENT_GROUP, key->name), error,
                 "%s=%s: it must be %s", key->name, shown, expected);
      return FALSE;
    }

  return TRUE;
}

/* What no key knows by itself. */
static gboolean
check_relations (const Reading  *self,
                 GError        **error)
{
  if (self->file->group == NULL || !self->file->per_instance)
    return TRUE;

  set_wrong (self, find_line (self, CONVOKE_COMPONENT_GROUP, "Group"), error,
             "Group=%s: with Isolation=instance no process is shared", self->file->group);
  return FALSE;
}

static gboolean
read_keys (Reading               *self,
           GKeyFile              *keys,
           ConvokeComponentFile  *file,
           GError               **error)
{
  if (!g_key_file_has_group (keys, CONVOKE_COMPONENT_GROUP))
    {
      set_wrong (self, 0, error, "there is no group [" CONVOKE_COMPONENT_GROUP "]");
      return FALSE;
    }

  for (guint i = 0; i < convoke_component_n_keys; i++)
    if (!read_key (self, keys, &convoke_component_keys[i], file, error))
      return FALSE;

  file->has_threading = g_key_file_has_key (keys, CONVOKE_COMPONENT_GROUP, "Threading", NULL);
  if (file->name == NULL || *file->name == '\0')
    {
      g_free (file->name);
      file->name = g_strdup (file->class_name);
    }

  warn_of_unknown (self, keys);
  return check_relations (self, error);
}

gboolean
convoke_component_file_parse (ConvokeComponentFile  *file,
                              const char            *text,
                              GError               **error)
{
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  Reading self = { file, lines, warnings };

  if (!walk_lines (&self, text, error))
    return FALSE;

  if (!g_key_file_load_from_data (keys, text, -1, G_KEY_FILE_KEEP_TRANSLATIONS, &local_error))
    {
      set_wrong (&self, 0, error, "%s", local_error->message);
      return FALSE;
    }

  if (!read_keys (&self, keys, file, error))
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
