/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The text of a keyfile taken apart: which line says what. In one pass, and
 * without a copy of each line: catalogs have thousands of files. It takes what
 * GKeyFile takes, but for a key that is given twice, which is an error.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *group;
  const char *key;      /* NULL: this is the line of the [group] itself, its first one */
  const char *locale;   /* (nullable): of Key[locale] */
  const char *value;    /* with its escapes */
  guint       number;   /* counted from 1 */
} ConvokeComponentLine;

typedef struct
{
  char                 *text;    /* (owned): cut up */
  ConvokeComponentLine *lines;   /* (owned) */
  guint                 n;
  GHashTable           *seen;    /* of the lines */
} ConvokeComponentLines;

/* NULL: @number and @wrong (transfer full) say what is wrong in which line. */
ConvokeComponentLines      *convoke_component_lines_new   (const char *text, guint *number, char **wrong);
void                        convoke_component_lines_free  (ConvokeComponentLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeComponentLines, convoke_component_lines_free)

/* The line of the group (where @key is NULL), or of the key without a locale; NULL: there is none. */
const ConvokeComponentLine *convoke_component_lines_find  (const ConvokeComponentLines *self, const char *group, const char *key);

/* The text at *@raw without its escapes, as far as @end, which is "\\@end" within it, or as far as it goes; *@raw is moved behind it. NULL: an
 * escape is wrong. */
char                       *convoke_component_unescape    (const char **raw, char end);

/* For messages: what somebody wrote can be of any length. */
char                       *convoke_component_line_describe (const ConvokeComponentLine *line);
char                       *convoke_component_shorten     (const char *text);

G_END_DECLS
