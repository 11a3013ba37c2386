/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The mill of the tests as a module. */

#include "../../callfactory/test-mill.h"

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return convoke_class_factory_new_for_type (TEST_TYPE_MILL);
}
