/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Two ends of a connection, both in this process: what one exports the other imports. */

#include <sys/socket.h>

#include <convoke-test.h>

#include "convoke-channel-private.h"
#include "convoke-error.h"
#include "convoke-parcel-private.h"
#include "convoke-proxy-private.h"

typedef struct
{
  ConvokeChannel *near;   /* has the proxies */
  ConvokeChannel *far;    /* has the objects */
} TestPair;

/* What the far end hands out. */
static GMutex   test_pair_lock;
static GObject *test_pair_object;   /* LOCK: test_pair_lock, once there is a connection */

/* Takes @object. A connection of the test before may still be at it. */
static inline void
test_pair_take_object (gpointer object)
{
  GObject *before;

  g_mutex_lock (&test_pair_lock);
  before = test_pair_object;
  test_pair_object = object;
  g_mutex_unlock (&test_pair_lock);

  g_clear_object (&before);
}

static inline void
test_pair_clear_object (void)
{
  test_pair_take_object (NULL);
}

static inline GObject *
test_pair_dup_object (void)
{
  GObject *object = NULL;

  g_mutex_lock (&test_pair_lock);
  g_set_object (&object, test_pair_object);
  g_mutex_unlock (&test_pair_lock);

  return object;
}

static gboolean
test_pair_activate (ConvokeChannel     *channel,
                    GObject            *object,
                    ConvokeWireReader  *body,
                    ConvokeWireWriter  *reply,
                    GError            **error)
{
  static const ConvokeTypeInfo type = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject", .name = (char *) "GObject.Object" };
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_autoptr (GObject) handed_out = test_pair_dup_object ();

  if (handed_out == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The test is over");
      return FALSE;
    }

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), NULL);
  if (!parcel.refs.write_object (parcel.refs.data, reply, handed_out, &type, error))
    return FALSE;

  convoke_parcel_sent (&parcel);
  return TRUE;
}

/* (transfer full): the proxy of what the other end of @channel hands out. */
static inline GObject *
test_channel_get_object (ConvokeChannel *channel)
{
  static const ConvokeTypeInfo type = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject", .name = (char *) "GObject.Object" };
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeChannelReply reply;
  ConvokeWireWriter writer;
  GError *error = NULL;
  GObject *object;

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (channel, &writer, CONVOKE_REQUEST_ACTIVATE, 0);
  convoke_channel_request (channel, &writer, -1, NULL, &reply, &error);
  g_assert_no_error (error);
  convoke_wire_writer_clear (&writer);

  convoke_parcel_init (&parcel, convoke_channel_get_objects (channel), NULL);
  object = parcel.refs.read_object (parcel.refs.data, &reply.reader, &type, &error);
  g_assert_no_error (error);
  convoke_channel_clear_reply (&reply);
  return object;
}

static inline void
test_pair_init (TestPair *self)
{
  ConvokeChannelOptions options = { .peer_name = "the other end" };
  GError *error = NULL;
  int fds[2];

  convoke_request_handlers[CONVOKE_REQUEST_ACTIVATE] = test_pair_activate;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->near = convoke_channel_new (fds[0], &options, &error);
  g_assert_no_error (error);
  self->far = convoke_channel_new (fds[1], &options, &error);
  g_assert_no_error (error);
  convoke_channel_wait_ready (self->near, -1, NULL, &error);
  g_assert_no_error (error);
}

static inline void
test_pair_clear (TestPair *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The test is over");

  convoke_channel_close (self->near, why);
  convoke_channel_close (self->far, why);
  convoke_channel_unref (self->near);
  convoke_channel_unref (self->far);
}
