/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-victim.h"

/**
 * DeathWatcher:
 *
 * An object of the caller that is called back.
 */
G_DEFINE_INTERFACE (DeathWatcher, death_watcher, G_TYPE_OBJECT)

/**
 * DeathVictim:
 *
 * A component that dies on demand.
 */
G_DEFINE_INTERFACE (DeathVictim, death_victim, G_TYPE_OBJECT)

static void
death_watcher_default_init (DeathWatcherInterface *iface)
{
}

static void
death_victim_default_init (DeathVictimInterface *iface)
{
}

/**
 * death_watcher_told:
 * @self: a watcher
 * @n: any number
 * @error: return location for an error, or %NULL
 *
 * Returns: any number
 */
int
death_watcher_told (DeathWatcher  *self,
                    int            n,
                    GError       **error)
{
  return DEATH_WATCHER_GET_IFACE (self)->told (self, n, error);
}

/**
 * death_victim_add_one:
 * @self: a victim
 * @n: any number
 * @error: return location for an error, or %NULL
 *
 * Returns: the next number
 */
int
death_victim_add_one (DeathVictim  *self,
                      int           n,
                      GError      **error)
{
  return DEATH_VICTIM_GET_IFACE (self)->add_one (self, n, error);
}

/**
 * death_victim_perish:
 * @self: a victim
 * @way: how
 * @error: return location for an error, or %NULL
 *
 * Ends.
 *
 * Returns: 0, if it lives
 */
int
death_victim_perish (DeathVictim  *self,
                     DeathWay      way,
                     GError      **error)
{
  return DEATH_VICTIM_GET_IFACE (self)->perish (self, way, error);
}

/**
 * death_victim_arm:
 * @self: a victim
 * @way: how
 * @error: return location for an error, or %NULL
 *
 * Makes the process end at the signal USR1, on a thread of its own.
 *
 * Returns: the number of the process
 */
int
death_victim_arm (DeathVictim  *self,
                  DeathWay      way,
                  GError      **error)
{
  return DEATH_VICTIM_GET_IFACE (self)->arm (self, way, error);
}

/**
 * death_victim_call_back:
 * @self: a victim
 * @watcher: what to call
 * @n: passed on
 * @error: return location for an error, or %NULL
 *
 * Calls the watcher.
 *
 * Returns: what the watcher answered
 */
int
death_victim_call_back (DeathVictim   *self,
                        DeathWatcher  *watcher,
                        int            n,
                        GError       **error)
{
  return DEATH_VICTIM_GET_IFACE (self)->call_back (self, watcher, n, error);
}

/**
 * death_victim_keep:
 * @self: a victim
 * @watcher: what to keep
 * @error: return location for an error, or %NULL
 *
 * Keeps a reference to the watcher for ever.
 *
 * Returns: 0
 */
int
death_victim_keep (DeathVictim   *self,
                   DeathWatcher  *watcher,
                   GError       **error)
{
  return DEATH_VICTIM_GET_IFACE (self)->keep (self, watcher, error);
}

/**
 * death_victim_count:
 * @self: a victim
 *
 * Returns: how many calls it has had, this one included
 */
int
death_victim_count (DeathVictim *self)
{
  return DEATH_VICTIM_GET_IFACE (self)->count (self);
}

/**
 * death_victim_perish_quietly:
 * @self: a victim
 * @way: how
 *
 * Ends, and cannot say so.
 *
 * Returns: 7, if it lives
 */
int
death_victim_perish_quietly (DeathVictim *self,
                             DeathWay     way)
{
  return DEATH_VICTIM_GET_IFACE (self)->perish_quietly (self, way);
}
