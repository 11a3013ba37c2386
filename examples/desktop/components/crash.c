/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plug-in with a mistake: half way through it follows a pointer to nowhere. */

#include "tools.h"

#include <convoke.h>
#include <viewer-plugin.h>

#include <stdio.h>
#include <sys/resource.h>

typedef struct { GObject parent_instance; } Crash;
typedef struct { GObjectClass parent_class; } CrashClass;

/* The compiler is not to know. */
static char * volatile nowhere;

static char *
crash_run (ViewerPlugin    *plugin,
           ViewerDocument  *document,
           GError         **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  const struct rlimit no_core = { 0, 0 };

  setrlimit (RLIMIT_CORE, &no_core);
  for (int i = 0; i <= 5; i++)
    {
      convoke_call_context_report_fraction (context, i / 10.0);
      g_usleep (50000);
    }

  fprintf (stderr, "crash.c: line 6 of the text is missing\n");
  return g_strdup_printf ("%c", *nowhere);
}

static void
plugin_init (ViewerPluginInterface *iface)
{
  iface->run = crash_run;
}

G_DEFINE_TYPE_WITH_CODE (Crash, crash, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (VIEWER_TYPE_PLUGIN, plugin_init))

static void
crash_class_init (CrashClass *class)
{
}

static void
crash_init (Crash *self)
{
}
