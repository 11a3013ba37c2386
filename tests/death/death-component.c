/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The component: a module for the host. DEATH_AT in the environment says how it
 * dies before anybody can call it: "load:segv", "entry:abort", "create:exit-3".
 */

#include "death-do.h"
#include "death-victim.h"

#include <convoke.h>

#include <string.h>
#include <unistd.h>

/* --- dying at the start --- */

static void
die_at (const char *moment)
{
  const char *at = g_getenv ("DEATH_AT");
  g_autoptr (GEnumClass) ways = NULL;
  gsize length = strlen (moment);

  if (at == NULL || strncmp (at, moment, length) != 0 || at[length] != ':')
    return;

  ways = g_type_class_ref (DEATH_TYPE_WAY);
  death_do (g_enum_get_value_by_nick (ways, at + length + 1)->value);
}

__attribute__ ((constructor)) static void
load (void)
{
  die_at ("load");
}

/* --- the class --- */

#define DEATH_TYPE_COMPONENT (death_component_get_type ())
G_DECLARE_FINAL_TYPE (DeathComponent, death_component, DEATH, COMPONENT, GObject)

struct _DeathComponent
{
  GObject parent_instance;
  gint    n_calls;          /* atomic */
};

static void death_component_victim_init (DeathVictimInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DeathComponent, death_component, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DEATH_TYPE_VICTIM, death_component_victim_init))

static int
count_call (DeathVictim *victim)
{
  return g_atomic_int_add (&DEATH_COMPONENT (victim)->n_calls, 1) + 1;
}

static int
death_component_add_one (DeathVictim  *victim,
                         int           n,
                         GError      **error)
{
  count_call (victim);
  return n + 1;
}

static int
death_component_perish (DeathVictim  *victim,
                        DeathWay      way,
                        GError      **error)
{
  count_call (victim);
  death_do (way);
  return 0;
}

static int
death_component_arm (DeathVictim  *victim,
                     DeathWay      way,
                     GError      **error)
{
  count_call (victim);
  death_arm (way);
  return getpid ();
}

static int
death_component_call_back (DeathVictim   *victim,
                           DeathWatcher  *watcher,
                           int            n,
                           GError       **error)
{
  count_call (victim);
  return death_watcher_told (watcher, n, error);
}

static int
death_component_keep (DeathVictim   *victim,
                      DeathWatcher  *watcher,
                      GError       **error)
{
  count_call (victim);
  g_object_ref (watcher);
  return 0;
}

static int
death_component_perish_quietly (DeathVictim *victim,
                                DeathWay     way)
{
  count_call (victim);
  death_do (way);
  return 7;
}

static void
death_component_victim_init (DeathVictimInterface *iface)
{
  iface->add_one = death_component_add_one;
  iface->perish = death_component_perish;
  iface->arm = death_component_arm;
  iface->call_back = death_component_call_back;
  iface->keep = death_component_keep;
  iface->count = count_call;
  iface->perish_quietly = death_component_perish_quietly;
}

static void
death_component_class_init (DeathComponentClass *klass)
{
}

static void
death_component_init (DeathComponent *self)
{
  die_at ("create");
}

/* --- the module --- */

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char  *type_name,
                                                                       GError     **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  die_at ("entry");
  return convoke_class_factory_new_for_type (DEATH_TYPE_COMPONENT);
}
