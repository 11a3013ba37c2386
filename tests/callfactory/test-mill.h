/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-test-mill.h>

G_BEGIN_DECLS

#define TEST_TYPE_MILL (test_mill_get_type ())
G_DECLARE_FINAL_TYPE (TestMill, test_mill, TEST, MILL, GObject)

/* Its methods run one at a time on any thread. */
ConvokeTestMill *test_mill_new (void);

/* Pulls or pushes in the wrong order from now on. */
void             test_mill_set_disorderly (ConvokeTestMill *mill);

G_END_DECLS
