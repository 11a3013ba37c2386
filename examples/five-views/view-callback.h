/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

G_BEGIN_DECLS

#define VIEW_TYPE_CALLBACK (view_callback_get_type ())
G_DECLARE_FINAL_TYPE (ViewCallback, view_callback, VIEW, CALLBACK, GObject)

/* @told is signalled at each completion. */
ConvokeAsyncCallback *view_callback_new (ConvokeEvent *told);

G_END_DECLS
