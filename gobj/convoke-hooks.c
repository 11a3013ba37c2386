/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-hooks-private.h"

ConvokeHooks convoke_hooks;
