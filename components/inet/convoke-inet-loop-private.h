/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

G_BEGIN_DECLS

typedef struct _ConvokeInetLoop ConvokeInetLoop;

/* The one loop of the process; made for its first user, ended by its last. NULL: see the error. */
ConvokeInetLoop *convoke_inet_loop_acquire   (GError               **error);
void             convoke_inet_loop_release   (ConvokeInetLoop       *self);

/* Runs @func on the loop's thread, after what was put before it. */
void             convoke_inet_loop_put       (ConvokeInetLoop       *self,
                                              ConvokeWorkQueueFunc   func,
                                              gpointer               user_data);

GMainContext    *convoke_inet_loop_get_context (ConvokeInetLoop     *self);

/* Whether the calling thread is the loop's: it must never wait for a transfer. */
gboolean         convoke_inet_loop_is_own_thread (void);

/* TRUE in a child made by fork() after the module was used in its parent; sets FORKED. */
gboolean         convoke_inet_check_forked   (GError               **error);

G_END_DECLS
