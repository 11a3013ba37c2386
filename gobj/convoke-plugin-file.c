/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A .plugin file is written anew as a .component file, each line as a line, and
 * that is read: so it is checked as one, and what is wrong is told with the
 * line in which it stands. What is not in the file follows after its last line.
 *
 * Only what libpeas knows, and what has our prefix, becomes a key of ours.
 */

#include "config.h"

#include <string.h>

#include "convoke-component-keys-private.h"
#include "convoke-error.h"
#include "convoke-plugin-file-private.h"

#define GROUP "Plugin"
#define PREFIX "X-Convoke-"
#define DEFAULT_INTERFACE "Peas-1.0.Activatable"

/* As they are. */
static const char * const kept[] = {
  "Module", "Name", "Description", "Icon", "Authors", "Website", "Copyright", "Version", "Depends", NULL
};

/* A plug-in of libpeas's has these already. */
static const char * const not_ours_to_say[] = {
  "Module", "Name", "Description", "Icon", "Authors", "Website", "Copyright", "Version", "Depends", "Loader", "Type", "Threading", NULL
};

static const char * const loaders[] = { "c", "python3", NULL };

typedef struct
{
  const char *path;
  GString    *text;          /* (owned): what is written */
  guint       number;        /* of the line */
  gboolean    inside;        /* of [Plugin] */
  guint       group_line;    /* 0: there was none */
  gboolean    has_name;
  gboolean    has_loader;
  gboolean    has_distance;
  char       *interface;     /* (owned) (nullable): the first one */
} Translation;

static void
translation_clear (Translation *self)
{
  g_string_free (self->text, TRUE);
  g_free (self->interface);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Translation, translation_clear)

static gboolean G_GNUC_PRINTF (5, 6)
fail (const Translation  *self,
      guint               line,
      ConvokeError        code,
      GError            **error,
      const char         *format,
      ...)
{
  g_autofree char *shown = g_filename_display_name (self->path);
  g_autofree char *what = NULL;
  g_autofree char *valid = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (what, -1);

  g_set_error (error, CONVOKE_ERROR, code, "%s:%u: %s", shown, line, valid);
  return FALSE;
}

/* --- keys --- */

static gboolean
is_among (const char * const *names,
          const char         *key)
{
  gsize length = strcspn (key, "[");

  for (; *names != NULL; names++)
    if (strlen (*names) == length && strncmp (*names, key, length) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
write_loader (Translation  *self,
              const char   *value,
              GError      **error)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  if (!g_strv_contains (loaders, lower))
    return fail (self, self->number, CONVOKE_ERROR_NOT_SUPPORTED, error,
                 "Loader=%.40s: plug-ins of C and python3 only run here", value);

  self->has_loader = TRUE;
  g_string_append (self->text, "Loader=peas");
  return TRUE;
}

static gboolean
write_module (Translation  *self,
              const char   *value,
              GError      **error)
{
  /* libpeas makes a path of it. */
  if (!convoke_component_file_is_class_name (value))
    return fail (self, self->number, CONVOKE_ERROR_INVALID_ARGUMENT, error,
                 "Module=%.40s: it must be a name: letters, digits, “.”, “-” and “_”", value);

  g_string_append_printf (self->text, "Module=%s", value);
  return TRUE;
}

static gboolean
write_ours (Translation  *self,
            const char   *key,
            const char   *value,
            GError      **error)
{
  if (is_among (not_ours_to_say, key))
    return fail (self, self->number, CONVOKE_ERROR_INVALID_ARGUMENT, error,
                 PREFIX "%s: this cannot be said of a plug-in of libpeas's", key);

  self->has_distance |= strcmp (key, "Distance") == 0;
  if (strcmp (key, "Interfaces") == 0 && self->interface == NULL)
    self->interface = g_strndup (value, strcspn (value, ";"));

  g_string_append_printf (self->text, "%s=%s", key, value);
  return TRUE;
}

static gboolean
write_key (Translation  *self,
           const char   *key,
           const char   *value,
           GError      **error)
{
  if (strcmp (key, "Loader") == 0)
    return write_loader (self, value, error);
  if (strcmp (key, "Module") == 0)
    return write_module (self, value, error);
  if (g_str_has_prefix (key, PREFIX))
    return write_ours (self, key + strlen (PREFIX), value, error);

  self->has_name |= strcmp (key, "Name") == 0;
  g_string_append_printf (self->text, "%s%s=%s", is_among (kept, key) ? "" : "X-", key, value);
  return TRUE;
}

/* --- lines --- */

static void
write_group (Translation *self,
             const char  *line)
{
  self->inside = strcmp (line, "[" GROUP "]") == 0;
  if (self->inside && self->group_line == 0)
    self->group_line = self->number;

  if (self->inside)
    g_string_append (self->text, "[" CONVOKE_COMPONENT_GROUP "]");
  else
    g_string_append_printf (self->text, "[X-%s", line + 1);
}

static gboolean
write_line (Translation  *self,
            char         *line,
            GError      **error)
{
  char *equals;

  g_strstrip (line);
  if (*line == '[')
    {
      write_group (self, line);
      return TRUE;
    }

  equals = strchr (line, '=');
  if (!self->inside || *line == '#' || equals == NULL)
    {
      g_string_append (self->text, line);
      return TRUE;
    }

  *equals = '\0';
  return write_key (self, g_strchomp (line), g_strchug (equals + 1), error);
}

static gboolean
write_lines (Translation  *self,
             const char   *text,
             GError      **error)
{
  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      g_autofree char *line = g_strndup (text, length);

      self->number++;
      if (!write_line (self, line, error))
        return FALSE;
      g_string_append_c (self->text, '\n');
      text += length + (text[length] == '\n');
    }

  return TRUE;
}

/* --- what is not in the file --- */

static gboolean
write_rest (Translation  *self,
            GError      **error)
{
  if (self->group_line == 0)
    return fail (self, MAX (self->number, 1), CONVOKE_ERROR_INVALID_ARGUMENT, error, "there is no group [" GROUP "]");
  if (!self->has_name)
    return fail (self, self->group_line, CONVOKE_ERROR_INVALID_ARGUMENT, error, "Name is missing");

  g_string_append (self->text, "[" CONVOKE_COMPONENT_GROUP "]\nThreading=context\n");
  if (!self->has_loader)
    g_string_append (self->text, "Loader=peas\n");
  if (!self->has_distance)
    g_string_append (self->text, "Distance=process\n");
  if (self->interface == NULL)
    g_string_append (self->text, "Interfaces=" DEFAULT_INTERFACE ";\n");

  g_string_append_printf (self->text, "Type=%s\n", self->interface != NULL ? self->interface : DEFAULT_INTERFACE);
  return TRUE;
}

ConvokeComponentFile *
convoke_plugin_file_load (const char  *path,
                          GError     **error)
{
  g_autoptr (ConvokeComponentFile) self = convoke_component_file_new_for_path (path, error);
  g_autofree char *text = self != NULL ? convoke_component_file_read (self, error) : NULL;
  g_auto (Translation) translation = { path, g_string_new (NULL), };

  if (text == NULL ||
      !write_lines (&translation, text, error) || !write_rest (&translation, error) ||
      !convoke_component_file_parse (self, translation.text->str, error))
    return NULL;

  return g_steal_pointer (&self);
}
