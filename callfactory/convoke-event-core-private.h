/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The state of an event: one futex word (set bit and a generation), a count of
 * waiters, and what is made when it is asked for: an eventfd, and the list of
 * those who wait for several events. Embedded in ConvokeEvent and in every call.
 * Whoever calls anything but the wake keeps the memory alive until it returns.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint    word;      /* atomic; bit 0: set; the rest: generation */
  guint    waiters;   /* atomic */
  gpointer handle;    /* atomic; made at the first get_fd or watch, lives until clear */
} ConvokeEventCore;

/* Told of every change of an event that it watches, but for what others take. */
typedef struct _ConvokeEventWatch ConvokeEventWatch;

struct _ConvokeEventWatch
{
  ConvokeEventWatch *next;
  ConvokeEventWatch *previous;
  /* On any thread, with locks held. It may begin to set another event and kick a carrier, and do nothing else. Whose wake is
   * due comes back, or NULL. */
  ConvokeEventCore *(*changed) (ConvokeEventWatch *self);
};

void     convoke_event_core_init  (ConvokeEventCore *self);
void     convoke_event_core_clear (ConvokeEventCore *self);

/* Sets without waking; TRUE: convoke_event_core_wake() is due once the caller's lock is gone. The wake
 * touches nothing but the word's address, so the memory of the event may be gone by then. */
gboolean convoke_event_core_set_begin (ConvokeEventCore *self);
void     convoke_event_core_wake      (ConvokeEventCore *self);
void     convoke_event_core_wake_one  (ConvokeEventCore *self);   /* the same for auto reset */
void     convoke_event_core_set       (ConvokeEventCore *self);
void     convoke_event_core_set_one   (ConvokeEventCore *self);   /* auto reset: wakes one */
/* For an event on the stack of its only waiter, without a descriptor: the waiter may be gone as soon as it is set. Wakes
 * always, since nothing can be looked at any more. */
void     convoke_event_core_set_last  (ConvokeEventCore *self);
void     convoke_event_core_reset     (ConvokeEventCore *self);
gboolean convoke_event_core_is_set    (ConvokeEventCore *self);
/* TRUE when it was set; with @consume it is unset in the same step, by one taker only. */
gboolean convoke_event_core_take      (ConvokeEventCore *self, gboolean consume);

/* A waiter: enter; loop { seen = peek; test; park (seen) }; leave. */
void     convoke_event_core_enter (ConvokeEventCore *self);
void     convoke_event_core_leave (ConvokeEventCore *self);
guint    convoke_event_core_peek  (ConvokeEventCore *self);
/* TRUE when it is set, or was set at any time since the word was @seen (for manual reset: set and reset at once still
 * frees everyone who waited). */
gboolean convoke_event_core_was_set_since (ConvokeEventCore *self, guint seen);
/* Sleeps while the word is @seen, until @deadline (g_get_monotonic_time(), -1: for ever). FALSE: the deadline passed. */
gboolean convoke_event_core_park  (ConvokeEventCore *self, guint seen, gint64 deadline);
/* Changes the generation and wakes every waiter, without setting. */
void     convoke_event_core_poke  (ConvokeEventCore *self);

/* Readable exactly while set. Belongs to the event. */
int      convoke_event_core_get_fd (ConvokeEventCore *self, GError **error);

/* Watch first, look then: what is changed after the watch is told. When unwatch returns, nobody is in changed any more. */
void     convoke_event_core_watch   (ConvokeEventCore *self, ConvokeEventWatch *watch);
void     convoke_event_core_unwatch (ConvokeEventCore *self, ConvokeEventWatch *watch);
/* Tells the watches that there is something to look at. */
void     convoke_event_core_notify  (ConvokeEventCore *self);

G_END_DECLS
