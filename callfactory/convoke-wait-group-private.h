/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Several objects that one thread waits for; see the opening comment of convoke-wait-group.c. */

#include "convoke-event-core-private.h"
#include "convoke-apartment.h"
#include "convoke-synchronize.h"

G_BEGIN_DECLS

typedef struct _ConvokeWaitGroup ConvokeWaitGroup;

/* For those who compete for the objects of a container. */
typedef struct
{
  /* FALSE: somebody else has it. */
  gboolean (*claim)  (gpointer data, guint i);
  /* Once for each claim; @taken: it is this wait's now. */
  void     (*settle) (gpointer data, guint i, gboolean taken);
} ConvokeWaitGroupFuncs;

typedef enum
{
  CONVOKE_WAIT_GROUP_PENDING,
  CONVOKE_WAIT_GROUP_FOUND,
  CONVOKE_WAIT_GROUP_CHANGED,   /* other objects, or other calls of them: gather again */
  CONVOKE_WAIT_GROUP_FAILED,    /* with an error; TIMEOUT is one */
} ConvokeWaitGroupEnd;

/* Whether it can be one of several; a call object can although no call is in progress. */
gboolean            convoke_wait_group_accepts (ConvokeSynchronize *object, GError **error);

/* Who competes is told through @funcs (nullable: without, an object with nothing to wait for is an error). Every change of @news
 * (nullable) since it was @seen ends the wait with CHANGED. */
ConvokeWaitGroupEnd convoke_wait_for_objects (ConvokeSynchronize * const  *objects,
                                              guint                        n_objects,
                                              const ConvokeWaitGroupFuncs *funcs,
                                              gpointer                     data,
                                              ConvokeEventCore            *news,
                                              guint                        seen,
                                              ConvokeWaitFlags             flags,
                                              gint64                       timeout,
                                              guint                       *index,
                                              GError                     **error);

/* --- for the wait --- */

/* TRUE: it is over. */
gboolean            convoke_wait_group_look    (ConvokeWaitGroup *self);
/* Some objects are known by their descriptors only. */
gboolean            convoke_wait_group_has_fds (ConvokeWaitGroup *self);
/* Like convoke_event_core_park (), with the descriptors. */
gboolean            convoke_wait_group_park    (ConvokeWaitGroup *self, guint seen, gint64 deadline);

G_END_DECLS
