/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes the text in capital letters, or takes that back. */

#include "tools.h"

#include <viewer-plugin.h>

typedef struct
{
  GObject  parent_instance;
  char    *before;   /* (nullable): what the text was */
} UpperCase;
typedef struct { GObjectClass parent_class; } UpperCaseClass;

static char *
upper_case_run (ViewerPlugin    *plugin,
                ViewerDocument  *document,
                GError         **error)
{
  UpperCase *self = (UpperCase *) plugin;
  g_autofree char *text = viewer_document_get_text (document, error);
  g_autofree char *upper = text != NULL ? g_utf8_strup (text, -1) : NULL;
  gboolean back;

  if (text == NULL)
    return NULL;

  back = self->before != NULL && g_str_equal (text, upper);
  if (!viewer_document_set_text (document, back ? self->before : upper, error))
    return NULL;

  g_free (self->before);
  self->before = back ? NULL : g_steal_pointer (&text);
  return g_strdup (back ? "As it was" : "In capital letters; run again to take that back");
}

static void
plugin_init (ViewerPluginInterface *iface)
{
  iface->run = upper_case_run;
}

G_DEFINE_TYPE_WITH_CODE (UpperCase, upper_case, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (VIEWER_TYPE_PLUGIN, plugin_init))

static void
upper_case_finalize (GObject *object)
{
  g_free (((UpperCase *) object)->before);
  G_OBJECT_CLASS (upper_case_parent_class)->finalize (object);
}

static void
upper_case_class_init (UpperCaseClass *class)
{
  G_OBJECT_CLASS (class)->finalize = upper_case_finalize;
}

static void
upper_case_init (UpperCase *self)
{
}
