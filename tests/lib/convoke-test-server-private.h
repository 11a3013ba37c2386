/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-test-server.h"

G_BEGIN_DECLS

struct _ConvokeTestServer
{
  GObject               parent_instance;

  GMutex                lock;
  ConvokeTestGate      *gate;          /* LOCK: lock; (nullable) (owned) */
  GArray               *threads;       /* LOCK: lock; of guint64: each once, in the order of first calls */
  guint64               last_thread;   /* LOCK: lock */
  guint                 n_calls;       /* LOCK: lock */
  char                 *currency;      /* LOCK: lock */
  char                 *last_note;     /* LOCK: lock */

  int                   level;         /* LOCK: lock */
  const char           *label;         /* LOCK: lock; (nullable), interned: what was given out stays */
  ConvokeTestPriceFeed *feed;          /* LOCK: lock; (nullable) (owned) */
  GPtrArray            *watchers;      /* LOCK: lock; of Watcher */
};

void     convoke_test_server_record_call (ConvokeTestServer         *self);
gboolean convoke_test_server_pass_gate   (ConvokeTestServer         *self);
void     convoke_test_server_every_init  (ConvokeTestEveryInterface *iface);
void     convoke_test_watcher_free       (gpointer                   data);

G_END_DECLS
