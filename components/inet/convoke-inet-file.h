/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INET_INSIDE) && !defined (CONVOKE_INET_COMPILATION)
#error "Only <convoke-inet.h> can be included directly."
#endif

#include <convoke.h>

G_BEGIN_DECLS

/**
 * ConvokeInetReadFlags:
 * @CONVOKE_INET_READ_NONE: as [method@File.read] does
 * @CONVOKE_INET_READ_ASYNC: without effect: the session says whether handles are asynchronous; `IRF_ASYNC`
 * @CONVOKE_INET_READ_SYNC: blocks until there is something, also in an asynchronous session; `IRF_SYNC`
 * @CONVOKE_INET_READ_NO_WAIT: gives what is there, and nothing when nothing is; `IRF_NO_WAIT`
 *
 * How [method@File.read_ex] reads.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_INET_READ_NONE    = 0,
  CONVOKE_INET_READ_ASYNC   = 1 << 0,
  CONVOKE_INET_READ_SYNC    = 1 << 2,
  CONVOKE_INET_READ_NO_WAIT = 1 << 3,
} ConvokeInetReadFlags;

#define CONVOKE_INET_TYPE_FILE (convoke_inet_file_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeInetFile, convoke_inet_file, CONVOKE_INET, FILE, ConvokeHandle)

/**
 * ConvokeInetFileClass:
 *
 * The class of files; services of the module derive from it.
 *
 * Since: 0.1
 */
struct _ConvokeInetFileClass
{
  /*< private >*/
  ConvokeHandleClass parent_class;

  gpointer           funcs;
  gpointer           padding[7];
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_file_read (ConvokeInetFile  *self,
                                             gsize             count,
                                             GBytes          **bytes,
                                             GError          **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_file_read_ex (ConvokeInetFile       *self,
                                                gsize                  count,
                                                ConvokeInetReadFlags   flags,
                                                GBytes               **bytes,
                                                GError               **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_file_query_available (ConvokeInetFile  *self,
                                                        guint64          *available,
                                                        GError          **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_file_write (ConvokeInetFile  *self,
                                              GBytes           *bytes,
                                              GError          **error);

G_END_DECLS
