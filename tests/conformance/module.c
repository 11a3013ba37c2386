/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The servers in C, as a module of components. */

#include <convoke.h>
#include <convoke-test.h>
#include <gmodule.h>

#include "view-server.h"

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char  *type_name,
                                                                       GError     **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  g_type_ensure (CONVOKE_TEST_TYPE_KIND_SERVER);
  g_type_ensure (CONVOKE_TEST_TYPE_SERVER);
  g_type_ensure (view_server_get_type ());
  /* Whose name is a value. */
  g_type_ensure (CONVOKE_TEST_TYPE_MOOD);

  return convoke_class_factory_new_for_type (g_type_from_name (type_name));
}
