/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What can stand in [Component]: each key with its values, its default and its field. */

#include "convoke-component-file-private.h"

G_BEGIN_DECLS

#define CONVOKE_COMPONENT_GROUP "Component"

typedef struct _ConvokeComponentKey ConvokeComponentKey;

/* One per kind of value. */
typedef struct
{
  /* @text: unescaped, but for lists. FALSE: *expected says what it should be. */
  gboolean (*read)  (const ConvokeComponentKey *key, const char *text, gpointer field, char **expected);
  /* The text that reads as the field; NULL: the key is left out. */
  char    *(*write) (const ConvokeComponentKey *key, gconstpointer field);
} ConvokeComponentKind;

typedef struct
{
  const char *name;
  guint       value;
} ConvokeComponentChoice;

struct _ConvokeComponentKey
{
  const char                   *name;
  const ConvokeComponentKind   *kind;
  gsize                         offset;     /* of the field in ConvokeComponentFile */
  const char                   *fallback;   /* the default, written as in the file; NULL: none */
  gboolean                      required;
  gboolean                      localized;
  gboolean                      is_list;    /* the kind takes the text with its escapes */
  /* By kind: */
  gboolean                    (*is_valid) (const char *value);   /* of a text, or of each member of a list; NULL: any */
  const char                   *expected;                        /* what is_valid wants, in words */
  const ConvokeComponentChoice *choices;                         /* the ones that messages name; ends with a NULL name */
  guint                         least, most;                     /* of numbers: a count, or seconds */
};

extern const ConvokeComponentKey convoke_component_keys[];
extern const guint               convoke_component_n_keys;

/* NULL: there is no such key. */
const ConvokeComponentKey       *convoke_component_keys_find (const char *name);

G_END_DECLS
