/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The one file that sees gobj/, callfactory/ and marshal/: it installs what
 * the lower folders call upwards through a table.
 */

#include "config.h"

#include "convoke-hooks-private.h"
