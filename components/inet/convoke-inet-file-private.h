/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-exchange-private.h"
#include "convoke-inet-file.h"

G_BEGIN_DECLS

/* What a file can wait for. */
typedef enum
{
  CONVOKE_INET_WAIT_NONE,
  CONVOKE_INET_WAIT_BYTES,      /* InternetReadFile */
  CONVOKE_INET_WAIT_AVAILABLE,  /* InternetQueryDataAvailable */
  CONVOKE_INET_WAIT_ROOM,       /* InternetWriteFile */
  CONVOKE_INET_WAIT_SENT,       /* HttpSendRequestEx */
  CONVOKE_INET_WAIT_ANSWER,     /* HttpSendRequest, HttpEndRequest */
  CONVOKE_INET_WAIT_HANDLE,     /* InternetOpenUrl */
  CONVOKE_INET_WAIT_CUT,        /* HttpEndRequest after a failed HttpSendRequestEx */
} ConvokeInetWait;

/*
 * A service derives its files from this: it says in which states they are read
 * and written, and what an exchange's beginnings mean. FTP's and Gopher's files
 * will be such classes too.
 */
typedef struct
{
  /* Whether the file is in a state in which it can be read, or written so many bytes more. */
  gboolean (*check_readable) (ConvokeInetFile *self, GError **error);
  gboolean (*check_writable) (ConvokeInetFile *self, gsize size, GError **error);
  /* So many bytes were taken. Under the file's lock, as the next. */
  void     (*wrote)          (ConvokeInetFile *self, gsize size);
  /* Whether an operation of the service's own has ended: TRUE with @result, or FALSE with an error. */
  gboolean (*check_wait)     (ConvokeInetFile *self, ConvokeInetExchange *exchange, ConvokeInetWait wait,
                              GValue *result, GError **error);
  /* The operation was cancelled, or its time is over. */
  void     (*abandoned)      (ConvokeInetFile *self, ConvokeInetWait wait);
} ConvokeInetFileFuncs;

/* For a derived class. */
void                 convoke_inet_file_class_set_funcs (ConvokeInetFileClass *klass, const ConvokeInetFileFuncs *funcs);

/* HANDLE_TYPE: a handle of another kind (WI-40). FORKED: in a child. */
gboolean             convoke_inet_check_kind      (gpointer handle, GType type, GError **error);

/* Before the first exchange: where they run. */
void                 convoke_inet_file_set_multi  (ConvokeInetFile *self, ConvokeInetMulti *multi);
ConvokeInetMulti    *convoke_inet_file_get_multi  (ConvokeInetFile *self);

/* The exchange that is current stops. */
void                 convoke_inet_file_drop_exchange (ConvokeInetFile *self);
/* Makes @exchange the current one and starts it; not when the operation that wants it is over already. */
gboolean             convoke_inet_file_start_exchange (ConvokeInetFile *self, ConvokeInetExchange *exchange);
ConvokeInetExchange *convoke_inet_file_dup_exchange (ConvokeInetFile *self);

/* Begins to wait; what is begun is given to convoke_handle_run (). FALSE: see the error. */
gboolean             convoke_inet_file_begin      (ConvokeInetFile    *self,
                                                   ConvokeInetWait     wait,
                                                   const char         *name,
                                                   ConvokeServerCall **operation,
                                                   GError            **error);

/* Ends what is waited for, if it is there. On the loop's thread; poke asks for it on any. */
void                 convoke_inet_file_serve      (ConvokeInetFile *self);
void                 convoke_inet_file_poke       (ConvokeInetFile *self);

/* Tells an exchange's news; TRUE where it is the current exchange's. */
gboolean             convoke_inet_file_is_current (ConvokeInetFile *self, ConvokeInetExchange *exchange);
void                 convoke_inet_file_tell       (ConvokeInetFile *self, const ConvokeInetNews *news);
void                 convoke_inet_file_tell_number (ConvokeInetFile *self, ConvokeHandleStatus status, guint64 number);

G_END_DECLS
