/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

#include "slow-server.h"

G_BEGIN_DECLS

/* A handle whose status callback writes down what it is told, and asks @server for more at each progress but when @cancel is
 * set: then it cancels the call. */
typedef struct
{
  ConvokeHandle *root;      /* (owned) */
  ConvokeHandle *handle;    /* (owned) */
  ConvokeEvent  *complete;  /* (owned): signalled at each completion */
  ConvokeEvent  *closed;    /* (owned): signalled when no more is told */
  ConvokeCall   *call;      /* (owned) */
  SlowServer    *server;
  gboolean       cancel;
} ViewHandle;

gboolean view_handle_open  (ViewHandle  *self,
                            ConvokeCall *call,
                            SlowServer  *server,
                            GError     **error);
void     view_handle_close (ViewHandle  *self);
void     view_handle_clear (ViewHandle  *self);

G_END_DECLS
