/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-component-readers-private.h"
#include "convoke-plugin-file-private.h"

const ConvokeComponentReader convoke_component_readers[] = {
  { ".component", convoke_component_file_load },
  { ".plugin", convoke_plugin_file_load },
  { NULL },
};

const ConvokeComponentReader *
convoke_component_readers_find (const char *name)
{
  for (const ConvokeComponentReader *reader = convoke_component_readers; reader->suffix != NULL; reader++)
    if (g_str_has_suffix (name, reader->suffix))
      return reader;

  return NULL;
}
