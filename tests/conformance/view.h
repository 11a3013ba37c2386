/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The ways to learn of a call's end, all used in one manner. */

#include <convoke.h>

G_BEGIN_DECLS

/* How a call ended. */
typedef struct
{
  double  price;
  GError *error; /* (nullable) */
} Outcome;

typedef struct
{
  const char *name;

  /* Begins get_price of @item on @feed; gives what the others get, or NULL. */
  gpointer (*begin)   (GObject *feed, const char *item, gint64 timeout, GError **error);
  /* How many times it was told of the end. */
  guint    (*told)    (gpointer self);
  void     (*cancel)  (gpointer self);
  /* Once it was told. */
  void     (*end)     (gpointer self, Outcome *outcome);
  void     (*free)    (gpointer self);
} View;

extern const View view_wait;
extern const View view_context;
extern const View view_gio;
extern const View view_completion_queue;
extern const View view_callback;
extern const View view_handle;
extern const View view_port;
extern const View view_messages;

/* The arguments of get_price. */
void   view_take_price (GValue *outs, Outcome *outcome);
GValue view_item       (const char *item);

G_END_DECLS
