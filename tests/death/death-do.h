/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "death-way.h"

/* Does it. Returns only from NONE, NAP, CLOSE, RUBBISH, and STOP when somebody continued it. Any thread. */
void death_do (DeathWay way);

/* Does it at the signal USR1, on a thread of its own. Once. */
void death_arm (DeathWay way);
