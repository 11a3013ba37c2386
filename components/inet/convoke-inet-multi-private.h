/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <curl/curl.h>

#include "convoke-inet-loop-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeInetMulti ConvokeInetMulti;

/* What an exchange hears of its easy handle, whose CURLOPT_PRIVATE it is; on the loop's thread, never inside libcurl. */
typedef struct
{
  void (*done)  (gpointer exchange, CURLcode code);
  void (*flush) (gpointer exchange);
  /* The connection that it owns; @unread: there are bytes that nobody took. */
  void (*closing) (gpointer exchange, gboolean unread);
} ConvokeInetMultiFuncs;

/* All but new, ref, unref and get_loop: on the loop's thread only. */
ConvokeInetMulti *convoke_inet_multi_new      (const ConvokeInetMultiFuncs *funcs,
                                               GError                     **error);
ConvokeInetMulti *convoke_inet_multi_ref      (ConvokeInetMulti *self);
void              convoke_inet_multi_unref    (ConvokeInetMulti *self);
ConvokeInetLoop  *convoke_inet_multi_get_loop (ConvokeInetMulti *self);

void              convoke_inet_multi_add      (ConvokeInetMulti *self,
                                               CURL             *easy);
void              convoke_inet_multi_remove   (ConvokeInetMulti *self,
                                               CURL             *easy);
void              convoke_inet_multi_unpause  (ConvokeInetMulti *self,
                                               CURL             *easy);

/* Asks for one flush of @exchange when libcurl has returned. */
void              convoke_inet_multi_mark     (ConvokeInetMulti *self,
                                               gpointer          exchange);
void              convoke_inet_multi_unmark   (ConvokeInetMulti *self,
                                               gpointer          exchange);

/* For CURLOPT_OPENSOCKETFUNCTION: a socket that libcurl is to have. */
void              convoke_inet_multi_add_socket (ConvokeInetMulti *self,
                                                 curl_socket_t     fd);

/* @exchange hears of the end of the connection between these, whether it was made for it or kept. */
void              convoke_inet_multi_own      (ConvokeInetMulti *self,
                                               const char       *address,
                                               int               port,
                                               int               local_port,
                                               gpointer          exchange);
gboolean          convoke_inet_multi_has_unread (ConvokeInetMulti *self,
                                                 gpointer          exchange);
void              convoke_inet_multi_disown   (ConvokeInetMulti *self,
                                               gpointer          exchange);

/* For CURLOPT_CLOSESOCKETFUNCTION: libcurl closes connections of exchanges that are long gone. */
int               convoke_inet_multi_close_socket_cb (void          *multi,
                                                      curl_socket_t  fd);

G_END_DECLS
