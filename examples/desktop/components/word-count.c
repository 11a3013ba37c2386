/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Counts lines, words and characters. It does not know Convoke. */

#include "tools.h"

#include <viewer-plugin.h>

typedef struct { GObject parent_instance; } WordCount;
typedef struct { GObjectClass parent_class; } WordCountClass;

static guint
count_words (const char *text)
{
  gboolean inside = FALSE;
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gboolean space = g_unichar_isspace (g_utf8_get_char (p));

      if (!space && !inside)
        n++;
      inside = !space;
    }

  return n;
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '\n' || p[1] == '\0')
      n++;

  return n;
}

static char *
word_count_run (ViewerPlugin    *plugin,
                ViewerDocument  *document,
                GError         **error)
{
  g_autofree char *text = viewer_document_get_text (document, error);

  if (text == NULL)
    return NULL;

  return g_strdup_printf ("%u lines, %u words, %ld characters",
                          count_lines (text), count_words (text), g_utf8_strlen (text, -1));
}

static void
plugin_init (ViewerPluginInterface *iface)
{
  iface->run = word_count_run;
}

G_DEFINE_TYPE_WITH_CODE (WordCount, word_count, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (VIEWER_TYPE_PLUGIN, plugin_init))

static void
word_count_class_init (WordCountClass *class)
{
}

static void
word_count_init (WordCount *self)
{
}
