/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The text of a component's keyfile. What can be read is what GKeyFile can
 * read as well, and is the same after it went to another process.
 */

#include <string.h>

#include "convoke-component-file-private.h"
#include "fuzz.h"

#define PATH "/a/org.example.Coffee.component"

const unsigned int fuzz_n_changes = 2000;

static void
check_sent (const ConvokeComponentFile *file)
{
  g_autoptr (GVariant) sent = g_variant_ref_sink (convoke_component_file_to_variant (file));
  g_autoptr (GVariant) again = NULL;
  g_autoptr (ConvokeComponentFile) received = NULL;
  g_autoptr (GError) error = NULL;

  received = convoke_component_file_from_variant (sent, &error);
  if (received == NULL)
    g_error ("What was read is refused elsewhere: %s", error->message);

  again = g_variant_ref_sink (convoke_component_file_to_variant (received));
  if (!g_variant_equal (sent, again))
    g_error ("What was read is something else elsewhere");
}

static void
check_with_glib (const ConvokeComponentFile *file,
                 const char                 *text)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *module = NULL;

  if (!g_key_file_load_from_data (keys, text, -1, G_KEY_FILE_NONE, &error))
    g_error ("GLib does not read it: %s", error->message);

  module = g_key_file_get_string (keys, "Component", "Module", NULL);
  if (module == NULL || strncmp (module, file->module, strlen (file->module)) != 0)
    g_error ("GLib reads Module=%s, not %s", module, file->module);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (ConvokeComponentFile) file = convoke_component_file_new_for_path (PATH, NULL);
  g_autoptr (GError) error = NULL;

  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  if (convoke_component_file_parse (file, text, &error))
    {
      check_sent (file);
      check_with_glib (file, text);
    }
  else if (error == NULL || !g_str_has_prefix (error->message, PATH ":") || !g_utf8_validate (error->message, -1, NULL))
    g_error ("It is refused without a reason");

  return 0;
}
