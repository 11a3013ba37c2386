/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What is told of a handle is written down in a log, one word per report:
 * the status and the handle's context value, as in "sending-7". Tests compare
 * whole logs, so what must not be told fails them too.
 */

#include <convoke-call-operation.h>
#include <convoke-error.h>
#include <convoke-handle.h>

#include "test-util.h"

G_BEGIN_DECLS

#define LONG (30 * G_USEC_PER_SEC)

typedef struct Log Log;
typedef void (*Reaction) (Log *log, ConvokeHandle *handle, ConvokeHandleStatus status);

struct Log
{
  GMutex    lock;
  GString  *words;    /* LOCK: lock */
  GThread  *thread;   /* LOCK: lock; of the last report */
  Count     n;
  gint      inside;   /* atomic: callbacks that run right now */
  Reaction  react;    /* (nullable) in the callback, after the word was written */
  gpointer  data;     /* the reaction's */
  GError   *error;    /* of the last completion */
  GValue    value;
  gint      n_set;    /* how often it was given to a handle */
  gint      n_freed;  /* atomic */
};

#define LOG_INIT { .words = g_string_new (NULL) }

/* The handles are gone, and let go of it when they have told the last of it. */
void log_clear (Log *log);
/* Makes it the callback of @handle. */
void log_set   (Log *log, ConvokeHandle *handle);

void log_report (ConvokeHandle *handle, gsize context, ConvokeHandleStatus status, const GValue *information, gpointer user_data);
void log_freed  (gpointer data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Log, log_clear)

/* Lets the default context run as long as it wants to. */
void spin_all   (void);
/* These words and nothing more, once they have come; the log is empty then. */
void assert_log (Log *log, const char *words);

/* With @log as its callback. */
ConvokeHandle *new_root  (Log *log, gboolean asynchronous);
ConvokeHandle *new_child (ConvokeHandle *parent, gsize context);

/* Begins an operation that is pending; the work is the test's. */
ConvokeServerCall *begin_work   (ConvokeHandle *handle);
void               complete_int (ConvokeServerCall *work, int result);

void assert_refused (ConvokeHandle *handle, int code);
/* Nothing can be done with it. */
void assert_invalid (ConvokeHandle *handle);

#define assert_closed_and_gone(handle) \
  G_STMT_START { \
    gpointer alive = (handle); \
    g_object_add_weak_pointer (G_OBJECT (alive), &alive); \
    g_object_unref (g_steal_pointer (&(handle))); \
    g_assert_null (alive); \
  } G_STMT_END

/* Holds the threads that come here. */
typedef struct
{
  Count entered;
  Count leave;
} Gate;

void pass_gate (gpointer gate);

G_END_DECLS
