/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The conversions of each kind, and what they share. The table of
 * convoke-typed-value.c is the only one to call the former. */

#include "convoke-typed-value-private.h"

G_BEGIN_DECLS

typedef gboolean (*ConvokeTypedFrom) (const ConvokeTypeInfo  *type,
                                      gpointer                dest,
                                      gssize                 *n,
                                      const GValue           *value,
                                      GError                **error);
typedef void     (*ConvokeTypedTo)   (const ConvokeTypeInfo  *type,
                                      gpointer                location,
                                      gssize                  n,
                                      GValue                 *value);

#define CONVOKE_TYPED_FROM(name) \
  gboolean convoke_typed_ ## name ## _from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, \
                                            const GValue *value, GError **error);
#define CONVOKE_TYPED_TO(name) \
  void convoke_typed_ ## name ## _to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value);

CONVOKE_TYPED_FROM (integer)
CONVOKE_TYPED_TO (int8)
CONVOKE_TYPED_TO (uint8)
CONVOKE_TYPED_TO (int)
CONVOKE_TYPED_TO (uint)
CONVOKE_TYPED_TO (int64)
CONVOKE_TYPED_TO (uint64)
CONVOKE_TYPED_FROM (boolean)
CONVOKE_TYPED_TO (boolean)
CONVOKE_TYPED_FROM (unichar)
CONVOKE_TYPED_FROM (gtype)
CONVOKE_TYPED_TO (gtype)
CONVOKE_TYPED_FROM (float)
CONVOKE_TYPED_TO (float)
CONVOKE_TYPED_FROM (double)
CONVOKE_TYPED_TO (double)
CONVOKE_TYPED_FROM (enum)
CONVOKE_TYPED_TO (enum)
CONVOKE_TYPED_FROM (sequence)
CONVOKE_TYPED_TO (sequence)
CONVOKE_TYPED_FROM (hash_table)
CONVOKE_TYPED_TO (hash_table)

/* "wants %s, got %s"; give FALSE. */
gboolean convoke_typed_fail_wants   (GError                **error,
                                     const char             *wanted,
                                     const char             *got);
gboolean convoke_typed_fail_type    (const ConvokeTypeInfo  *type,
                                     const GValue           *value,
                                     GError                **error);
gboolean convoke_typed_fail_utf8    (GError                **error);

/* A new reference, or NULL where @value holds no bytes; *found tells. */
GBytes  *convoke_typed_dup_bytes    (const GValue           *value,
                                     gboolean               *found);

/* Copies from C's own form. */
gboolean convoke_typed_copy_pointer (const ConvokeTypeInfo  *type,
                                     gpointer                dest,
                                     gpointer                pointer,
                                     GError                **error);

G_END_DECLS
