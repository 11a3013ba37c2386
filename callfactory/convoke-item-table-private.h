/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Work items that wait for something, by their keys. */

#include "convoke-pool-private.h"
#include "convoke-timer-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeItem ConvokeItem;

typedef struct
{
  ConvokeWorkFunc run;
  GDestroyNotify  drop;     /* instead of run, without a lock; of one that comes again also after it */
  gboolean        timed;    /* its timer, or a queue that the timer put it on, holds it; else nobody does */
  gboolean        again;    /* it runs until it is cancelled */
} ConvokeItemKind;

/* What is invoked. Exactly one of run and drop gets the data. */
typedef struct
{
  const ConvokeItemKind *kind;
  gpointer               data;  /* (owned) */
} ConvokeItemContent;

typedef enum
{
  CONVOKE_ITEM_FREE,
  CONVOKE_ITEM_WAITING,     /* the key can take it */
  CONVOKE_ITEM_RUNNING,     /* and comes again */
  CONVOKE_ITEM_CANCELLED,   /* whoever comes for it frees it */
} ConvokeItemState;

/* A cache line where pointers have eight bytes. */
struct _ConvokeItem
{
  ConvokeTimer       timer;
  guint64            key : 56;    /* LOCK: the table's, like all that follows */
  guint64            state : 8;
  ConvokeItemContent content;     /* of a free one: the next free one */
};

/* NULL with OUT_OF_RESOURCES. @due (nullable) is called on the timers' thread. Arm the timer after this, never before. */
ConvokeItem *convoke_item_table_add    (const ConvokeItemKind *kind, gpointer data, ConvokeTimerFunc due, guint64 *key,
                                        GError **error);

/* For who holds an item that is due: takes it out, or begins a run of one that comes again. FALSE: it was cancelled. */
gboolean     convoke_item_table_begin  (ConvokeItem *item, ConvokeItemContent *content);
/* After the run of one that comes again. FALSE: it was cancelled, and its content is the caller's to drop. */
gboolean     convoke_item_table_again  (ConvokeItem *item);

/* For who knows the key of one without a timer only. FALSE: it was cancelled. */
gboolean     convoke_item_table_take   (guint64 key, ConvokeItemContent *content);
gboolean     convoke_item_table_has    (guint64 key);

/* TRUE: it will not be invoked (again). What was in it has been dropped, or will be by who is running it. */
gboolean     convoke_item_table_cancel (guint64 key);
void         convoke_item_table_cancel_all (void);

/* For tests: the items, and the memory that is held for them, in items. */
guint        convoke_item_table_get_n_items  (void);
guint        convoke_item_table_get_capacity (void);

G_END_DECLS
