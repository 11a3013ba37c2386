/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "convoke-error.h"
G_DEFINE_QUARK (convoke-error-quark, convoke_error)
