/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module of components: which class is meant by the Type= of a keyfile. */

#include "tools.h"

#include <convoke.h>

static const struct
{
  const char *name;
  GType     (*get_type) (void);
} types[] = {
  { "WordCount", word_count_get_type },
  { "UpperCase", upper_case_get_type },
  { "Crash", crash_get_type },
  { "Hang", hang_get_type },
};

ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

__attribute__ ((visibility ("default"))) ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, type_name))
      return convoke_class_factory_new_for_type (types[i].get_type ());

  return NULL;
}
