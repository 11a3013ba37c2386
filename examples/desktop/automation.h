/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "window.h"

#include <viewer-automation.h>

G_BEGIN_DECLS

/* What scripts get hold of: a window, as a ViewerAutomation. */
#define AUTOMATION_TYPE (automation_get_type ())
G_DECLARE_FINAL_TYPE (Automation, automation, VIEWER, SCRIPTING, GObject)

Automation *automation_new   (Window *window);
/* The window goes: from now on all fails. */
void        automation_close (Automation *self);

G_END_DECLS
