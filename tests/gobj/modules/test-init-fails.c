/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Gives up when it is opened, as GModule lets it. */

#include <convoke.h>
#include <gmodule.h>

G_MODULE_EXPORT const char *g_module_check_init (GModule *module);
G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

const char *
g_module_check_init (GModule *module)
{
  return "there is no more coffee";
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return NULL;
}
