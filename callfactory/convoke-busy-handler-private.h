/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a caller does when the callee has no time for its call. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeBusyHandler ConvokeBusyHandler;

/* Microseconds until the next try, or less than 0: give up. @elapsed: since the first one. */
typedef gint64 (*ConvokeBusyHandlerFunc) (gint64 elapsed, gpointer data);

ConvokeBusyHandler *convoke_busy_handler_new   (ConvokeBusyHandlerFunc func, gpointer data, GDestroyNotify destroy);
ConvokeBusyHandler *convoke_busy_handler_ref   (ConvokeBusyHandler *self);
void                convoke_busy_handler_unref (ConvokeBusyHandler *self);

/* Asks, and waits for the next try, serving the thread's own chain. @since: when the first was. FALSE: there is none. */
gboolean            convoke_busy_handler_wait  (ConvokeBusyHandler *self, gint64 since);

G_END_DECLS
