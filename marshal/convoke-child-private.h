/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A process that we started: with one end of a socketpair, /dev/null as stdin
 * and stdout, a pipe of ours as stderr, and nothing else (design D14). Known
 * by its pidfd; no SIGCHLD is needed or touched.
 *
 * It is in a session of its own, so that the keys of a terminal reach the
 * program and not its hosts, and it is killed when this process dies.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ConvokeChild ConvokeChild;

/* @name: (nullable) of what it is for, for messages: "org.example.Coffee". @argv[0] is a path. @envp: the whole environment. The socket is
 * fd 3 of the child. *socket: our end (owned by the caller, cloexec). Fails with SERVER_EXEC_FAILURE saying why (missing, not executable, ...).
 * With CONVOKE_HOST_STDERR=inherit in our environment the child writes to our stderr, and nothing is kept of it. */
ConvokeChild *convoke_child_spawn     (const char *name, const char * const *argv, const char * const *envp, int *socket, GError **error);
ConvokeChild *convoke_child_ref       (ConvokeChild *self);
/* The last reference kills what still runs and reaps it. */
void          convoke_child_unref     (ConvokeChild *self);
GPid          convoke_child_get_pid   (ConvokeChild *self);
/* "process 4711 (org.example.Coffee)" (transfer full) */
char         *convoke_child_describe  (ConvokeChild *self);
/* Readable when it has ended. Borrowed. -1: this system has none (before Linux 5.3, some tools), or it
 * ended at once and left nothing. */
int           convoke_child_get_pidfd (ConvokeChild *self);
void          convoke_child_kill      (ConvokeChild *self, int signum);
/* Waits up to @timeout microseconds for its end and reaps it. TRUE: it has ended. Any thread. */
gboolean      convoke_child_wait      (ConvokeChild *self, gint64 timeout);
/* Its last words: SERVER_DIED with the signal or exit status and the tail of its stderr; NULL while it runs. (transfer full) */
GError       *convoke_child_dup_end   (ConvokeChild *self);
/* The tail of its stderr as valid UTF-8 without control characters (transfer full); never NULL. */
char         *convoke_child_dup_stderr (ConvokeChild *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeChild, convoke_child_unref)

G_END_DECLS
