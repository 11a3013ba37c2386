/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plug-in with another mistake: it never ends, and never looks whether it was cancelled. */

#include "tools.h"

#include <convoke.h>
#include <viewer-plugin.h>

typedef struct { GObject parent_instance; } Hang;
typedef struct { GObjectClass parent_class; } HangClass;

static char *
hang_run (ViewerPlugin    *plugin,
          ViewerDocument  *document,
          GError         **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  convoke_call_context_report_status (context, "Solving the halting problem …");
  while (TRUE)
    g_usleep (G_USEC_PER_SEC);
  return NULL;
}

static void
plugin_init (ViewerPluginInterface *iface)
{
  iface->run = hang_run;
}

G_DEFINE_TYPE_WITH_CODE (Hang, hang, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (VIEWER_TYPE_PLUGIN, plugin_init))

static void
hang_class_init (HangClass *class)
{
}

static void
hang_init (Hang *self)
{
}
