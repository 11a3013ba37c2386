/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "window.h"

#include <viewer-automation.h>

G_BEGIN_DECLS

/* What scripts get hold of: a window, as a ViewerAutomation. */
#define WINDOW_TYPE_AUTOMATION (window_automation_get_type ())
G_DECLARE_FINAL_TYPE (WindowAutomation, window_automation, WINDOW, AUTOMATION, GObject)

WindowAutomation *window_automation_new   (Window *window);
/* The window goes: from now on all fails. */
void              window_automation_close (WindowAutomation *self);

G_END_DECLS
