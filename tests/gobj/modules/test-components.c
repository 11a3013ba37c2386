/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A module of components: one class that works, by several kinds of threading,
 * and one for each way of doing it wrong. The name of the type says which.
 */

#include <convoke.h>
#include <convoke-test.h>
#include <string.h>

#include "test-components.h"

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);
EXPORT TestComponents test_components;

__attribute__ ((constructor)) static void
count_opened (void)
{
  g_atomic_int_inc (&test_components.n_opened);
}

/* --- a factory that does as it is told --- */

typedef struct
{
  GObject     parent_instance;
  const char *name;
} TestFactory;

typedef struct { GObjectClass parent_class; } TestFactoryClass;

static GType test_factory_get_type (void);

static GObject *
create_instance (ConvokeClassFactory  *factory,
                 GObject              *outer,
                 GType                 iface,
                 GError              **error)
{
  const char *name = ((TestFactory *) factory)->name;

  g_atomic_int_inc (&test_components.n_created);
  test_components.last_thread = convoke_test_get_thread ();
  if (test_components.creating != NULL)
    test_components.creating (test_components.data);

  if (strcmp (name, "Nothing") == 0)
    return NULL;

  if (strcmp (name, "Both") == 0)
    g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "Both");
  if (strcmp (name, "Error") == 0)
    {
      g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "The machine is cold");
      return NULL;
    }
  if (strcmp (name, "Floating") == 0)
    return g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);

  test_components.last_object = G_OBJECT (convoke_test_server_new ());
  return test_components.last_object;
}

static void
class_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = create_instance;
}

G_DEFINE_TYPE_WITH_CODE (TestFactory, test_factory, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, class_factory_iface_init))

static void
test_factory_class_init (TestFactoryClass *klass)
{
}

static void
test_factory_init (TestFactory *self)
{
}

static ConvokeClassFactory *
new_factory (const char *name)
{
  TestFactory *self = g_object_new (test_factory_get_type (), NULL);

  self->name = g_intern_string (name);
  return CONVOKE_CLASS_FACTORY (self);
}

/* --- the entry point --- */

/* Nobody's memory, memory of something else, and what looks like an instance of a type that there is not. */
static ConvokeClassFactory *
give_garbage (const char *name)
{
  static guintptr words[8];

  if (strcmp (name, "GarbageSmall") == 0)
    return (ConvokeClassFactory *) 8;
  if (strcmp (name, "GarbageOdd") == 0)
    return (ConvokeClassFactory *) ((char *) words + 1);
  if (strcmp (name, "GarbageType") == 0)
    {
      words[0] = (guintptr) &words[1];
      words[1] = (guintptr) 0x1234567890;
    }

  return (ConvokeClassFactory *) words;
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  g_atomic_int_inc (&test_components.n_asked);

  if (strcmp (type_name, "Plain") == 0)
    return convoke_class_factory_new_for_type (CONVOKE_TEST_TYPE_SERVER);
  if (strcmp (type_name, "Absent") == 0)
    return NULL;
  if (strcmp (type_name, "Refused") == 0)
    {
      g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "The shop is closed");
      return NULL;
    }
  if (strcmp (type_name, "NoFactory") == 0)
    return (ConvokeClassFactory *) g_object_new (G_TYPE_OBJECT, NULL);

  if (g_str_has_prefix (type_name, "Garbage"))
    return give_garbage (type_name);

  return new_factory (type_name);
}
