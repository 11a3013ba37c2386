/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the death suite calls: a component that dies on demand, and an object of the caller that it calls back. */

#include <death-way.h>

G_BEGIN_DECLS

#define DEATH_TYPE_WATCHER (death_watcher_get_type ())
G_DECLARE_INTERFACE (DeathWatcher, death_watcher, DEATH, WATCHER, GObject)

/**
 * DeathWatcherInterface:
 * @told: is told
 *
 * The caller's object.
 */
struct _DeathWatcherInterface
{
  GTypeInterface parent_iface;

  int (*told) (DeathWatcher  *self,
               int            n,
               GError       **error);
};

int death_watcher_told (DeathWatcher  *self,
                        int            n,
                        GError       **error);

#define DEATH_TYPE_VICTIM (death_victim_get_type ())
G_DECLARE_INTERFACE (DeathVictim, death_victim, DEATH, VICTIM, GObject)

/**
 * DeathVictimInterface:
 * @add_one: a call that answers
 * @perish: ends in the call
 * @arm: prepares to end at the signal USR1
 * @call_back: calls the watcher, and answers what that answered
 * @keep: keeps the watcher for ever
 * @count: a call that cannot fail
 * @perish_quietly: ends in a call that cannot fail
 *
 * What dies.
 */
struct _DeathVictimInterface
{
  GTypeInterface parent_iface;

  int  (*add_one)        (DeathVictim   *self,
                          int            n,
                          GError       **error);
  int  (*perish)         (DeathVictim   *self,
                          DeathWay       way,
                          GError       **error);
  int  (*arm)            (DeathVictim   *self,
                          DeathWay       way,
                          GError       **error);
  int  (*call_back)      (DeathVictim   *self,
                          DeathWatcher  *watcher,
                          int            n,
                          GError       **error);
  int  (*keep)           (DeathVictim   *self,
                          DeathWatcher  *watcher,
                          GError       **error);
  int  (*count)          (DeathVictim   *self);
  int  (*perish_quietly) (DeathVictim   *self,
                          DeathWay       way);
};

int death_victim_add_one        (DeathVictim   *self,
                                 int            n,
                                 GError       **error);
int death_victim_perish         (DeathVictim   *self,
                                 DeathWay       way,
                                 GError       **error);
int death_victim_arm            (DeathVictim   *self,
                                 DeathWay       way,
                                 GError       **error);
int death_victim_call_back      (DeathVictim   *self,
                                 DeathWatcher  *watcher,
                                 int            n,
                                 GError       **error);
int death_victim_keep           (DeathVictim   *self,
                                 DeathWatcher  *watcher,
                                 GError       **error);
int death_victim_count          (DeathVictim   *self);
int death_victim_perish_quietly (DeathVictim   *self,
                                 DeathWay       way);

G_END_DECLS
