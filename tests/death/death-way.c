/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-way.h"

GType
death_way_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { DEATH_WAY_NONE, "DEATH_WAY_NONE", "none" },
    { DEATH_WAY_SEGV, "DEATH_WAY_SEGV", "segv" },
    { DEATH_WAY_ABORT, "DEATH_WAY_ABORT", "abort" },
    { DEATH_WAY_EXIT, "DEATH_WAY_EXIT", "exit" },
    { DEATH_WAY_EXIT_3, "DEATH_WAY_EXIT_3", "exit-3" },
    { DEATH_WAY_KILL, "DEATH_WAY_KILL", "kill" },
    { DEATH_WAY_FORK, "DEATH_WAY_FORK", "fork" },
    { DEATH_WAY_CLOSE, "DEATH_WAY_CLOSE", "close" },
    { DEATH_WAY_RUBBISH, "DEATH_WAY_RUBBISH", "rubbish" },
    { DEATH_WAY_STOP, "DEATH_WAY_STOP", "stop" },
    { DEATH_WAY_SPIN, "DEATH_WAY_SPIN", "spin" },
    { DEATH_WAY_NEVER, "DEATH_WAY_NEVER", "never" },
    { DEATH_WAY_NAP, "DEATH_WAY_NAP", "nap" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("DeathWay", values));

  return type;
}
