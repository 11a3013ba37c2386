/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a proxy's callers get without a transfer, kept for as long as the proxy lives. */

#include "convoke-frame-private.h"

G_BEGIN_DECLS

typedef struct
{
  GMutex      lock;
  GHashTable *strings;  /* LOCK: lock; (nullable) owned strings, a set */
  GHashTable *lists;    /* LOCK: lock; (nullable) owned key of a string array -> owned string array */
  GHashTable *counted;  /* LOCK: lock; (nullable) address -> owned Kept with a reference */
  GPtrArray  *copies;   /* LOCK: lock; (nullable) owned Kept, each with a copy */
} ConvokeKeep;

void convoke_keep_init (ConvokeKeep *self);
void convoke_keep_wipe (ConvokeKeep *self);

/* Whether anything that such a call gives is lent. */
gboolean convoke_keep_is_needed (const ConvokePlan *plan);
/* Replaces, in the stored outputs of a borrowed frame, what the caller gets without a transfer by what stays. */
void convoke_keep_outs (ConvokeKeep *self, ConvokeFrame *frame);

G_END_DECLS
