/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeBusyFunc:
 * @elapsed: microseconds since the call was tried first
 * @user_data: what was given with the function
 *
 * Decides what to do about a call for which the callee had no time. It runs on
 * the thread that called.
 *
 * Returns: microseconds to wait before the next try, 0 for another try at
 *   once, or -1 to give up
 *
 * Since: 0.1
 */
typedef gint64 (*ConvokeBusyFunc) (gint64   elapsed,
                                   gpointer user_data);

CONVOKE_AVAILABLE_IN_0_1
void convoke_set_busy_handler (GObject         *proxy,
                               ConvokeBusyFunc  func,
                               gpointer         user_data,
                               GDestroyNotify   destroy);

CONVOKE_AVAILABLE_IN_0_1
void convoke_set_busy_timeout (GObject *proxy,
                               gint64   timeout);

G_END_DECLS
