/* SPDX-License-Identifier: LGPL-2.1-or-later */

extern void test_nobody_has_this (void);
__attribute__ ((visibility ("default"))) void *convoke_module_get_class_factory (void);

void *
convoke_module_get_class_factory (void)
{
  test_nobody_has_this ();
  return 0;
}
