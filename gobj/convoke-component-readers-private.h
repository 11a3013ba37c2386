/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The kinds of files that register a class, known by how their names end. */

#include "convoke-component-file-private.h"

G_BEGIN_DECLS

typedef struct
{
  const char *suffix;   /* what is before it in the file's name is the name of the class */

  /* As convoke_component_file_load (), which see for the errors: never waits for what is no regular file, reads nothing that
   * is too large (convoke_component_file_new_for_path () and _read () do both), and starts messages with "path:line: ". */
  ConvokeComponentFile *(*load) (const char *path, GError **error);
} ConvokeComponentReader;

/* The most important first; ends with a NULL suffix. */
extern const ConvokeComponentReader convoke_component_readers[];

/* Whose the file of that name is; NULL: nobody's. */
const ConvokeComponentReader *convoke_component_readers_find (const char *name);

G_END_DECLS
