/* SPDX-License-Identifier: LGPL-2.1-or-later */

__attribute__ ((visibility ("default"))) int test_no_entry = 1;
