/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-module-private.h"
#include "convoke-sweep.h"

static void
hand_over (GStrvBuilder   *files,
           char         ***out)
{
  if (out != NULL)
    *out = g_strv_builder_end (files);
}

/**
 * convoke_sweep_modules:
 * @unused: (out) (optional) (transfer full) (array zero-terminated=1) (element-type filename):
 *   return location for the modules that nobody uses
 * @in_use: (out) (optional) (transfer full) (array zero-terminated=1) (element-type filename):
 *   return location for the others
 *
 * Drops what is kept of modules in C that nobody uses any more: their class
 * factories, and what these have.
 *
 * A module is in use while an object lives that one of its factories made, or is
 * being made, or while a factory is locked
 * ([method@ClassFactory.lock_server]); and while it says so itself
 * ([callback@Convoke.ModuleCanUnloadNow], OM-41). To have a class object of it is
 * no use. Its code stays mapped in any case, because types are never freed
 * (P-13); when one of its classes is activated again, it is asked for a factory
 * again.
 *
 * Code of the modules runs on the calling thread, so hold no lock of yours across
 * this call. Any thread may call it.
 *
 * Since: 0.1
 */
void
convoke_sweep_modules (char ***unused,
                       char ***in_use)
{
  g_auto (GStrv) files = convoke_module_list_files ();
  g_autoptr (GStrvBuilder) unused_files = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) used_files = g_strv_builder_new ();

  for (char **file = files; *file != NULL; file++)
    g_strv_builder_add (convoke_module_sweep (*file) ? unused_files : used_files, *file);

  hand_over (unused_files, unused);
  hand_over (used_files, in_use);
}
