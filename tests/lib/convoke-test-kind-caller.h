/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The list of claims, and how C calls each method: not for bindings. */

#include <convoke-test-kinds.h>

G_BEGIN_DECLS

typedef struct
{
  const char         *name;
  const char         *kind;
  const char         *variant;  /* the type of the variants that tell its values */
  const char * const *values;   /* texts for convoke_test_parse_value() */
  gboolean            takes;    /* a value goes in and is told */
  gboolean            gives;    /* the value that is wanted comes out */
  gboolean            null;     /* NULL is a value, too */
  gboolean            confined; /* it cannot leave the process */
  const char * const *cannot_serve;  /* for each value why PyGObject cannot serve it; NULL: it can */
  /* Calls it through its C function. *told is what the server says it got, *got is what came back. */
  void              (*call) (ConvokeTestKinds  *kinds,
                             GVariant          *value,
                             GVariant          *want,
                             GVariant         **told,
                             GVariant         **got);
} ConvokeTestKindMethod;

/* Ends with one without a name. */
const ConvokeTestKindMethod *convoke_test_kind_methods (void);

G_END_DECLS
