/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * DeathWay:
 * @DEATH_WAY_NONE: goes on living
 * @DEATH_WAY_SEGV: touches memory that is not there
 * @DEATH_WAY_ABORT: aborts
 * @DEATH_WAY_EXIT: exits with status 0
 * @DEATH_WAY_EXIT_3: exits with status 3
 * @DEATH_WAY_KILL: is killed
 * @DEATH_WAY_FORK: leaves a child behind that has all its descriptors, and exits with status 4
 * @DEATH_WAY_CLOSE: closes all its descriptors
 * @DEATH_WAY_RUBBISH: writes rubbish to its sockets
 * @DEATH_WAY_STOP: is stopped
 * @DEATH_WAY_SPIN: never comes back, busily
 * @DEATH_WAY_NEVER: never comes back
 * @DEATH_WAY_NAP: comes back after a third of a second
 *
 * How a process or a call ends, or does not.
 */
typedef enum
{
  DEATH_WAY_NONE,
  DEATH_WAY_SEGV,
  DEATH_WAY_ABORT,
  DEATH_WAY_EXIT,
  DEATH_WAY_EXIT_3,
  DEATH_WAY_KILL,
  DEATH_WAY_FORK,
  DEATH_WAY_CLOSE,
  DEATH_WAY_RUBBISH,
  DEATH_WAY_STOP,
  DEATH_WAY_SPIN,
  DEATH_WAY_NEVER,
  DEATH_WAY_NAP,
} DeathWay;

#define DEATH_TYPE_WAY (death_way_get_type ())
GType death_way_get_type (void);

G_END_DECLS
