/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* About once in a millisecond, while anybody wants it. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeTicker ConvokeTicker;

/* Embedded in what looks after something. */
struct _ConvokeTicker
{
  gboolean     (*tick) (ConvokeTicker *self);  /* TRUE: once more; on a thread of the library's, without a lock; short */
  gboolean     (*hold) (ConvokeTicker *self);  /* a reference for the time of tick; FALSE: it is going; with the tickers' lock held */
  void         (*drop) (ConvokeTicker *self);
  gint           wanted;                       /* atomic; may be set without the lock only from 0 by want */
  gboolean       listed;                       /* LOCK: the tickers' */
  ConvokeTicker *next;                         /* LOCK: the tickers' */
};

/* Cheap while it ticks. */
void convoke_ticker_want   (ConvokeTicker *self);
/* No tick begins any more, and what is going is not looked at again. */
void convoke_ticker_remove (ConvokeTicker *self);

G_END_DECLS
