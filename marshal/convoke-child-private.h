/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A process that we started: with one end of a socketpair, /dev/null as stdin
 * and stdout, a pipe of ours as stderr, and nothing else (design D14). Known
 * by its pidfd; no SIGCHLD is needed or touched.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ConvokeChild ConvokeChild;

/* @argv[0] is a path. @envp: the whole environment. The socket is fd 3 of the child. *socket: our end (owned by the caller, cloexec).
 * Fails with SERVER_EXEC_FAILURE saying why (missing, not executable, ...). */
ConvokeChild *convoke_child_spawn     (const char * const *argv, const char * const *envp, int *socket, GError **error);
ConvokeChild *convoke_child_ref       (ConvokeChild *self);
/* The last reference kills what still runs and reaps it. */
void          convoke_child_unref     (ConvokeChild *self);
GPid          convoke_child_get_pid   (ConvokeChild *self);
/* Readable when it has ended. Borrowed. */
int           convoke_child_get_pidfd (ConvokeChild *self);
void          convoke_child_kill      (ConvokeChild *self, int signum);
/* Waits up to @timeout microseconds for its end and reaps it. TRUE: it has ended. Any thread. */
gboolean      convoke_child_wait      (ConvokeChild *self, gint64 timeout);
/* Its last words: SERVER_DIED with the signal or exit status and the tail of its stderr; NULL while it runs. (transfer full) */
GError       *convoke_child_dup_end   (ConvokeChild *self);
/* The tail of its stderr as valid UTF-8 (transfer full); never NULL. */
char         *convoke_child_dup_stderr (ConvokeChild *self);

G_END_DECLS
