/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module of components that counts its factories and says whether it can be unloaded. */

#include <convoke.h>
#include <convoke-test.h>
#include <string.h>

#include "test-swept.h"

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);
EXPORT gboolean convoke_module_can_unload_now (void);
EXPORT TestSwept test_swept;

__attribute__ ((constructor)) static void
count_opened (void)
{
  g_atomic_int_inc (&test_swept.n_opened);
}

typedef struct
{
  GObject  parent_instance;
  gboolean only;   /* makes one object, again and again */
} SweptFactory;

typedef struct { GObjectClass parent_class; } SweptFactoryClass;

static GType swept_factory_get_type (void);

static GObject *
create_instance (ConvokeClassFactory  *factory,
                 GObject              *outer,
                 GType                 iface,
                 GError              **error)
{
  test_swept.iface = iface;
  if (test_swept.creating != NULL)
    test_swept.creating ();
  if (!((SweptFactory *) factory)->only)
    return G_OBJECT (convoke_test_server_new ());

  if (test_swept.only == NULL)
    test_swept.only = G_OBJECT (convoke_test_server_new ());
  return g_object_ref (test_swept.only);
}

static void
class_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = create_instance;
}

G_DEFINE_TYPE_WITH_CODE (SweptFactory, swept_factory, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, class_factory_iface_init))

static void
swept_factory_finalize (GObject *object)
{
  g_atomic_int_add (&test_swept.n_factories, -1);
  G_OBJECT_CLASS (swept_factory_parent_class)->finalize (object);
}

static void
swept_factory_class_init (SweptFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = swept_factory_finalize;
}

static void
swept_factory_init (SweptFactory *self)
{
  g_atomic_int_inc (&test_swept.n_factories);
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  SweptFactory *factory;

  g_atomic_int_inc (&test_swept.n_asked);
  if (strcmp (type_name, "Part") == 0)
    return convoke_class_factory_new_for_type_full (G_TYPE_LIST_STORE, CONVOKE_CLASS_FACTORY_AGGREGABLE);

  factory = g_object_new (swept_factory_get_type (), NULL);
  factory->only = strcmp (type_name, "Only") == 0;
  return CONVOKE_CLASS_FACTORY (factory);
}

gboolean
convoke_module_can_unload_now (void)
{
  g_atomic_int_inc (&test_swept.n_questions);
  return !test_swept.stays;
}
