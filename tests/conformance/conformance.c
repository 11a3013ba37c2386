/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include <convoke.h>
#include <convoke-test.h>

#include "conformance.h"
#include "../marshal/test-home.h"

struct _ConformancePlace
{
  TestHome *home;    /* (nullable): the other thread */
  GObject  *object;
};

static GObject *
create_in_c (const char *name)
{
  if (strcmp (name, "KindServer") == 0)
    return G_OBJECT (convoke_test_kind_server_new ());

  return G_OBJECT (convoke_test_server_new ());
}

static GObject *
create_in_python (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeLoader) loader = convoke_loader_open ("python", &error);
  g_autofree char *directory = g_test_build_filename (G_TEST_DIST, "conformance", NULL);
  GObject *object;

  g_assert_no_error (error);
  object = convoke_loader_create_instance (loader, directory, "servers", name, &error);
  g_assert_no_error (error);

  return object;
}

ConformancePlace *
conformance_place_new (const char *server,
                       const char *distance,
                       const char *name,
                       GType       iface)
{
  ConformancePlace *self = g_new0 (ConformancePlace, 1);
  GObject *object;

  test_require ("ConvokeTest", "1");
  object = strcmp (server, "c") == 0 ? create_in_c (name) : create_in_python (name);
  if (strcmp (distance, "thread") == 0)
    {
      self->home = test_home_new ();
      object = test_home_adopt (self->home, object);
    }
  self->object = object;

  return self;
}

GObject *
conformance_place_get (ConformancePlace *self)
{
  return self->object;
}

void
conformance_place_free (ConformancePlace *self)
{
  g_object_unref (self->object);
  g_clear_pointer (&self->home, test_home_free);
  g_free (self);
}
