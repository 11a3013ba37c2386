/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Who a thread is to the file system: user, group, supplementary groups. The
 * kernel keeps them per thread, and only a privileged one may change them.
 */

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct
{
  uid_t  uid;
  gid_t  gid;
  gid_t *groups;    /* (owned) (nullable) */
  int    n_groups;
} ConvokeIdentity;

void     convoke_identity_clear  (ConvokeIdentity *self);

/* The calling thread is @other from now on; @own is filled in with who it was. Both have to stay until it is itself again.
 * FALSE: it may not, and is who it was. */
gboolean convoke_identity_assume (const ConvokeIdentity *other, ConvokeIdentity *own);
/* It is @own again. */
void     convoke_identity_revert (const ConvokeIdentity *own);

/* g_thread_try_new (): a new thread is who its maker is, and this one is never somebody else. */
GThread *convoke_identity_start_thread (const char *name, GThreadFunc func, gpointer data, GError **error);

G_END_DECLS
