/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A module with a type whose name the program has taken. It registers it when
 * it is opened (AT_ONCE), when it is asked for a factory, or when that makes
 * an instance.
 */

#include <convoke.h>
#include <string.h>

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

typedef struct { GObject parent_instance; } TestTaken;
typedef struct { GObjectClass parent_class; } TestTakenClass;

static GType test_taken_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestTaken, test_taken, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_ICON, NULL))

static void
test_taken_class_init (TestTakenClass *klass)
{
}

static void
test_taken_init (TestTaken *self)
{
}

/* --- one that is late --- */

typedef struct { GObject parent_instance; } TestLate;
typedef struct { GObjectClass parent_class; } TestLateClass;

static GObject *
create_instance (ConvokeClassFactory  *factory,
                 GObject              *outer,
                 GType                 iface,
                 GError              **error)
{
  return g_object_new (test_taken_get_type (), NULL);
}

static void
class_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = create_instance;
}

static GType test_late_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestLate, test_late, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, class_factory_iface_init))

static void
test_late_class_init (TestLateClass *klass)
{
}

static void
test_late_init (TestLate *self)
{
}

/* --- the entry point --- */

#ifdef AT_ONCE
__attribute__ ((constructor)) static void
register_at_once (void)
{
  test_taken_get_type ();
}
#endif

/* Whoever asks for the type now waits for ever: gives a second one time to come. */
static void
hold (void)
{
  static gint n_asked;
  gint64 end = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 4;

  g_atomic_int_inc (&n_asked);
  test_taken_get_type ();
  while (g_atomic_int_get (&n_asked) < 2 && g_get_monotonic_time () < end)
    g_usleep (1000);
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  if (strcmp (type_name, "Late") == 0)
    return g_object_new (test_late_get_type (), NULL);
  if (strcmp (type_name, "Held") == 0)
    {
      hold ();
      return NULL;
    }

  return convoke_class_factory_new_for_type (test_taken_get_type ());
}
