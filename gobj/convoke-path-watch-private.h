/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Tells whether something happened in some directories, some of which may not
 * exist yet. What was written before the question is always in the answer,
 * and a question costs one system call; that is why this is no GFileMonitor,
 * which tells later, from a main context.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokePathWatch ConvokePathWatch;

/* Whether what happens to the file @name matters. */
typedef gboolean (*ConvokePathWatchFilter) (const char *name);

/* Never fails: one that cannot watch says so below. To be used under the owner's lock. */
ConvokePathWatch *convoke_path_watch_new   (void);
void              convoke_path_watch_free  (ConvokePathWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokePathWatch, convoke_path_watch_free)

/* From here on: first forgets what is not added again until _end (). */
void              convoke_path_watch_begin (ConvokePathWatch *self);
/* Add a directory before it is read. @filter: static; of names in it. */
void              convoke_path_watch_add   (ConvokePathWatch *self, const char *directory, ConvokePathWatchFilter filter);
void              convoke_path_watch_end   (ConvokePathWatch *self);

/* TRUE: something happened since the last time, or that cannot be known. */
gboolean          convoke_path_watch_check (ConvokePathWatch *self);

/* What becomes readable when something happens; -1: nothing tells. */
int               convoke_path_watch_get_fd (ConvokePathWatch *self);
/* FALSE: something cannot be watched, and @error says why. */
gboolean          convoke_path_watch_is_complete (ConvokePathWatch *self, GError **error);

G_END_DECLS
