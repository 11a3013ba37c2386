/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define FETCH_EXPORT extern __attribute__ ((visibility ("default")))
