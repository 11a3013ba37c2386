/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A library with a name that means something and nothing in it. */

extern int convoke_test_not_a_library;

int convoke_test_not_a_library = 1;
