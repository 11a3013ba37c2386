/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>
#include <gio/gio.h>

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "convoke-thread-nice-private.h"

#include "test-util.h"

#define GO_DOWN "Background"
#define GO_UP   "Pro Audio"

/* A callback that ends what it is told of. */
#define TEST_TYPE_ENDING (test_ending_get_type ())
G_DECLARE_FINAL_TYPE (TestEnding, test_ending, TEST, ENDING, GObject)

struct _TestEnding
{
  GObject           parent_instance;

  Count             invoked;
  ConvokeWorkQueue *queue;   /* (unowned) */
  gboolean          off;     /* it ends an unregistration */
  guint             task_id;
  gboolean          done;
  GError           *error;   /* (owned) */
  GError           *again;   /* (owned) of the second end */
  GObject          *state;   /* (unowned) */
};

static void
test_ending_invoke (ConvokeAsyncCallback *callback,
                    ConvokeAsyncResult   *result)
{
  TestEnding *self = TEST_ENDING (callback);

  self->state = convoke_async_result_get_state (result);
  if (self->off)
    {
      self->done = convoke_work_queue_end_unregister (self->queue, result, &self->error);
      convoke_work_queue_end_unregister (self->queue, result, &self->again);
    }
  else
    {
      self->task_id = convoke_work_queue_end_register (self->queue, result, &self->error);
      self->done = self->task_id != 0;
      convoke_work_queue_end_register (self->queue, result, &self->again);
    }
  count_add (&self->invoked);
}

static void
test_ending_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_ending_invoke;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestEnding, test_ending, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_ending_iface_init))

static void
test_ending_finalize (GObject *object)
{
  g_clear_error (&TEST_ENDING (object)->error);
  g_clear_error (&TEST_ENDING (object)->again);

  G_OBJECT_CLASS (test_ending_parent_class)->finalize (object);
}

static void
test_ending_class_init (TestEndingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_ending_finalize;
}

static void
test_ending_init (TestEnding *self)
{
}

static TestEnding *
change (ConvokeWorkQueue *queue,
        const char       *thread_class,
        guint             task_id,
        int               priority)
{
  TestEnding *ending = g_object_new (TEST_TYPE_ENDING, NULL);
  ConvokeAsyncCallback *callback = CONVOKE_ASYNC_CALLBACK (ending);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  ending->queue = queue;
  ending->off = thread_class == NULL;
  if (ending->off)
    call = convoke_work_queue_begin_unregister (queue, callback, G_OBJECT (queue), &error);
  else
    call = convoke_work_queue_begin_register (queue, thread_class, task_id, priority, callback, G_OBJECT (queue), &error);
  g_assert_no_error (error);
  g_assert_nonnull (call);
  g_assert_true (count_wait (&ending->invoked, 1));
  g_assert_true (ending->state == G_OBJECT (queue));

  return ending;
}

/* Gives the task. */
static guint
enter (ConvokeWorkQueue *queue,
       const char       *thread_class,
       guint             task_id,
       int               priority)
{
  g_autoptr (TestEnding) ending = change (queue, thread_class, task_id, priority);

  g_assert_no_error (ending->error);
  g_assert_true (ending->done);
  g_assert_error (ending->again, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);

  return ending->task_id;
}

static void
leave (ConvokeWorkQueue *queue)
{
  g_autoptr (TestEnding) ending = change (queue, NULL, 0, 0);

  g_assert_no_error (ending->error);
  g_assert_true (ending->done);
  g_assert_error (ending->again, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
assert_class (ConvokeWorkQueue *queue,
              const char       *thread_class,
              guint             task_id,
              int               priority)
{
  g_autofree char *name = convoke_work_queue_dup_thread_class (queue);

  g_assert_cmpstr (name, ==, thread_class);
  g_assert_cmpuint (convoke_work_queue_get_task_id (queue), ==, task_id);
  g_assert_cmpint (convoke_work_queue_get_thread_priority (queue), ==, priority);
}

typedef struct
{
  int   nice;
  Count ran;
} Look;

static void
look_cb (gpointer data)
{
  Look *look = data;

#ifdef __linux__
  look->nice = getpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid));
#endif
  count_add (&look->ran);
}

static void
assert_nice (ConvokeWorkQueue *queue,
             int               nice)
{
  Look look = { 0, };

  g_assert_true (convoke_work_queue_put_function (queue, look_cb, &look, NULL, NULL));
  g_assert_true (count_wait (&look.ran, 1));
#ifdef __linux__
  g_assert_cmpint (look.nice, ==, nice);
#endif
}

static int
get_own_nice (void)
{
#ifdef __linux__
  return getpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid));
#else
  return 0;
#endif
}

static gboolean
skip (void)
{
#ifdef __linux__
  if (get_own_nice () <= 8)
    return FALSE;
  g_test_skip ("the tests themselves run with a high nice value");
#else
  g_test_skip ("threads have no nice values here");
#endif
  return TRUE;
}

static void
test_register (gconstpointer data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  int own = get_own_nice ();
  guint task_id;

  g_test_summary ("A queue is registered and unregistered by Begin and End; its threads are of the class meanwhile (MF-51)");

  if (skip ())
    return;
  assert_class (queue, NULL, 0, 0);
  task_id = enter (queue, "background", 0, 1);
  g_assert_cmpuint (task_id, !=, 0);
  assert_class (queue, GO_DOWN, task_id, 1);
  assert_nice (queue, 8);
  leave (queue);
  assert_class (queue, NULL, 0, 0);
  assert_nice (queue, own);
}

static void
test_register_window (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_WINDOW);
  guint task_id;

  g_test_summary ("A queue with a thread of its own keeps it, and the thread changes (MF-51)");

  if (skip ())
    return;
  task_id = enter (queue, GO_DOWN, 0, 0);
  assert_class (queue, GO_DOWN, task_id, 0);
  assert_nice (queue, 10);
}

static void
test_task (void)
{
  g_autoptr (ConvokeWorkQueue) first = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) second = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) third = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeAsyncCallback *callback = NULL;
  g_autoptr (GError) error = NULL;
  guint task_id;

  g_test_summary ("Queues join a task of their class; one that does not exist, or of another class, is an error (MF-51)");

  if (skip ())
    return;
  task_id = enter (first, GO_DOWN, 0, 0);
  g_assert_cmpuint (enter (second, GO_DOWN, task_id, -2), ==, task_id);
  g_assert_null (convoke_work_queue_begin_register (third, GO_UP, task_id, 0, callback, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  leave (first);
  leave (second);
  g_assert_null (convoke_work_queue_begin_register (third, GO_DOWN, task_id, 0, callback, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  assert_class (third, NULL, 0, 0);
  g_assert_cmpuint (enter (third, GO_DOWN, 0, 0), !=, task_id);
}

static void
assert_not_begun (ConvokeWorkQueue *queue,
                  const char       *thread_class,
                  int               priority,
                  ConvokeError      code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_work_queue_begin_register (queue, thread_class, 0, priority, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, (int) code);
  assert_class (queue, NULL, 0, 0);
}

static void
test_bad_input (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) over = convoke_work_queue_new_serial (queue, NULL);
  g_autoptr (ConvokeWorkQueue) of_context = convoke_work_queue_new_for_context (NULL);
  g_autoptr (ConvokeAsyncResult) foreign = convoke_async_result_new (G_OBJECT (queue), NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Unknown classes, priorities, queues without threads, and foreign results are errors");

  assert_not_begun (queue, "Cinema", 0, CONVOKE_ERROR_NOT_FOUND);
  assert_not_begun (queue, "", 0, CONVOKE_ERROR_NOT_FOUND);
  assert_not_begun (queue, GO_DOWN, 3, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_not_begun (queue, GO_DOWN, G_MININT, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_not_begun (over, GO_DOWN, 0, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_not_begun (of_context, GO_DOWN, 0, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_null (convoke_work_queue_begin_unregister (queue, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_work_queue_end_register (queue, foreign, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
}

static void
test_twice (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (GError) error = NULL;
  guint task_id;

  g_test_summary ("A queue is in one class at a time");

  if (skip ())
    return;
  task_id = enter (queue, GO_DOWN, 0, 0);
  g_assert_null (convoke_work_queue_begin_register (queue, GO_DOWN, 0, 0, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  assert_class (queue, GO_DOWN, task_id, 0);
}

static void
test_call (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeCall) call = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without a callback the call object tells the task");

  if (skip ())
    return;
  call = convoke_work_queue_begin_register (queue, GO_DOWN, 0, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_DEFAULT, -1, &error));
  g_assert_true (convoke_call_finish_operation (call, &value, &error));
  g_assert_cmpuint (g_value_get_uint (&value), ==, convoke_work_queue_get_task_id (queue));
}

static void
test_order_kept (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  static Look looks[200];

  g_test_summary ("Items put while a queue changes its class are still one at a time and in order (MF-53)");

  if (skip ())
    return;
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (ConvokeCall) call = NULL;

      if (i % 2 == 0)
        call = convoke_work_queue_begin_register (queue, GO_DOWN, 0, 0, NULL, NULL, NULL);
      else
        call = convoke_work_queue_begin_unregister (queue, NULL, NULL, NULL);
      for (guint j = 0; j < 10; j++)
        g_assert_true (convoke_work_queue_put_function (queue, look_cb, &looks[10 * i + j], NULL, NULL));
      g_assert_true (count_wait (&looks[10 * i + 9].ran, 1));
      for (guint j = 0; j < 10; j++)
        g_assert_cmpuint (count_get (&looks[10 * i + j].ran), ==, 1);
      g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_DEFAULT, -1, NULL));
    }
}

typedef struct
{
  ConvokeWorkQueue *target;
  Look              looks[4];
} Maker;

/* None of the threads that run these exists yet, unless an idle one is left. */
static void
make_threads_cb (gpointer data)
{
  Maker *maker = data;

  for (guint i = 0; i < G_N_ELEMENTS (maker->looks); i++)
    g_assert_true (convoke_work_queue_put_function (maker->target, look_cb, &maker->looks[i], NULL, NULL));
}

static void
test_not_inherited (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Maker maker = { convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_RT), };

  g_test_summary ("Threads that an item in a class gives rise to are not of that class");

  if (skip ())
    return;
  enter (queue, GO_DOWN, 0, 0);
  g_assert_true (convoke_work_queue_put_function (queue, make_threads_cb, &maker, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (maker.looks); i++)
    {
      g_assert_true (count_wait (&maker.looks[i].ran, 1));
      g_assert_cmpint (maker.looks[i].nice, ==, get_own_nice ());
    }
}

/* --- asking --- */

static void
test_absent (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestEnding) ending = NULL;

  g_test_summary ("Where the system does not allow it and nobody can be asked, End says so, and the queue runs as before");

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/session", TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", TRUE);
  convoke_thread_deny_nice (TRUE);
  ending = change (queue, GO_UP, 0, 0);
  convoke_thread_deny_nice (FALSE);
  g_assert_error (ending->error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_class (queue, NULL, 0, 0);
  assert_nice (queue, get_own_nice ());
}

typedef struct
{
  GSubprocess *daemon;
  char       *address;
  GThread    *thread;
  GMainLoop  *loop;
  Count       ready;
  gboolean    refuses;
  guint64     pid;
  int         priority;
  guint       n_asked;
} Portal;

static const char portal_xml[] =
  "<node><interface name='org.freedesktop.portal.Realtime'>"
  "<method name='MakeThreadHighPriorityWithPID'>"
  "<arg type='t' direction='in'/><arg type='t' direction='in'/><arg type='i' direction='in'/>"
  "</method></interface></node>";

static void
portal_called (GDBusConnection       *connection,
               const char            *sender,
               const char            *path,
               const char            *iface,
               const char            *method,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation,
               gpointer               data)
{
  Portal *portal = data;
  guint64 thread;

  g_variant_get (parameters, "(tti)", &portal->pid, &thread, &portal->priority);
  portal->n_asked++;
  if (portal->refuses)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED, "Not you");
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static gpointer
portal_thread (gpointer data)
{
  static const GDBusInterfaceVTable vtable = { portal_called, NULL, NULL, { NULL, } };
  Portal *portal = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (portal_xml, NULL);
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GVariant) reply = NULL;
  guint id;

  g_main_context_push_thread_default (context);
  portal->loop = g_main_loop_new (context, FALSE);
  connection = g_dbus_connection_new_for_address_sync (portal->address,
                                                       G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                       NULL, NULL, NULL);
  id = g_dbus_connection_register_object (connection, "/org/freedesktop/portal/desktop", info->interfaces[0], &vtable,
                                          portal, NULL, NULL);
  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  count_add (&portal->ready);
  g_main_loop_run (portal->loop);
  g_dbus_connection_unregister_object (connection, id);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* A bus of the test's own. FALSE: there is no daemon. */
static gboolean
bus_start (Portal *self)
{
  g_autoptr (GDataInputStream) output = NULL;

  self->daemon = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
                                   "dbus-daemon", "--session", "--nofork", "--print-address", NULL);
  if (self->daemon == NULL)
    return FALSE;

  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->daemon));
  self->address = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_nonnull (self->address);

  return TRUE;
}

static gboolean
portal_start (Portal   *self,
              gboolean  refuses)
{
  *self = (Portal) { NULL, };
  self->refuses = refuses;
  if (!bus_start (self))
    {
      g_test_skip ("dbus-daemon is not installed");
      return FALSE;
    }

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", self->address, TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", TRUE);
  self->thread = g_thread_new ("portal", portal_thread, self);
  g_assert_true (count_wait (&self->ready, 1));
  convoke_thread_deny_nice (TRUE);

  return TRUE;
}

static void
portal_stop (Portal *self)
{
  convoke_thread_deny_nice (FALSE);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_subprocess_force_exit (self->daemon);
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_object_unref (self->daemon);
  g_free (self->address);
}

static void
test_portal (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Portal portal;
  guint task_id;

  g_test_summary ("What the system does not allow by itself, the real-time portal may grant");

  if (!portal_start (&portal, FALSE))
    return;
  task_id = enter (queue, "Games", 0, 1);
  assert_class (queue, "Games", task_id, 1);
  g_assert_cmpuint (portal.n_asked, ==, 1);
  g_assert_cmpuint (portal.pid, ==, (guint64) getpid ());
  g_assert_cmpint (portal.priority, ==, -8);
  portal_stop (&portal);
}

static void
test_portal_refuses (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestEnding) ending = NULL;
  Portal portal;

  g_test_summary ("A portal that refuses is told as such, with its words");

  if (!portal_start (&portal, TRUE))
    return;
  ending = change (queue, "Capture", 0, 0);
  g_assert_error (ending->error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  g_assert_nonnull (strstr (ending->error->message, "Not you"));
  assert_class (queue, NULL, 0, 0);
  portal_stop (&portal);
}

/* --- all queues of the process --- */

static const ConvokeWorkQueueId ids[] = { 1, 2, 3, 4, 5, 7 };

static void
test_platform (void)
{
  g_autoptr (ConvokeWorkQueue) own = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (GError) error = NULL;
  int nice = get_own_nice ();
  guint task_id;

  g_test_summary ("The queues of the process are registered together and at once, and no others (MF-51, MF-52)");

  if (skip ())
    return;
  task_id = convoke_platform_register (GO_DOWN, 0, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_class (convoke_work_queue_get_well_known (ids[i]), GO_DOWN, task_id, 0);
      assert_nice (convoke_work_queue_get_well_known (ids[i]), 10);
    }
  assert_class (own, NULL, 0, 0);
  assert_nice (own, nice);
  g_assert_cmpuint (convoke_platform_register (GO_DOWN, 0, 0, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_clear_error (&error);
  g_assert_true (convoke_platform_unregister (&error));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_class (convoke_work_queue_get_well_known (ids[i]), NULL, 0, 0);
      assert_nice (convoke_work_queue_get_well_known (ids[i]), nice);
    }
  g_assert_false (convoke_platform_unregister (&error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
}

static void
test_platform_refused (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A platform that cannot be registered is as it was");

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/session", TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", TRUE);
  convoke_thread_deny_nice (TRUE);
  g_assert_cmpuint (convoke_platform_register (GO_UP, 0, 0, &error), ==, 0);
  convoke_thread_deny_nice (FALSE);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    assert_class (convoke_work_queue_get_well_known (ids[i]), NULL, 0, 0);
}

/* --- shared queues --- */

static guint
lock_shared (const char *thread_class)
{
  g_autoptr (GError) error = NULL;
  guint id = convoke_work_queue_lock_shared (thread_class, 0, 0, &error);

  g_assert_no_error (error);
  g_assert_cmphex (id & 0xffff0000, !=, 0);

  return id;
}

static void
test_shared_regular (void)
{
  guint id = lock_shared ("");
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_lookup (id, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The shared queue of no class is one, counts its locks, and takes no task and no priority (MF-39)");

  g_assert_cmpint (convoke_work_queue_get_kind (queue), ==, CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_assert_cmphex (lock_shared (""), ==, id);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_false (convoke_work_queue_unlock_id (id, NULL));
  g_assert_cmpuint (convoke_work_queue_lock_shared ("", 1, 0, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_work_queue_lock_shared ("", 0, 1, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_shared_class (void)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  g_autoptr (GError) error = NULL;
  guint id, task_id;

  g_test_summary ("There is one shared queue for each class, on threads of the class (MF-39)");

  if (skip ())
    return;
  id = lock_shared (GO_DOWN);
  queue = convoke_work_queue_lookup (id, NULL);
  task_id = convoke_work_queue_get_task_id (queue);
  assert_class (queue, GO_DOWN, task_id, 0);
  g_assert_cmpuint (task_id, !=, 0);
  assert_nice (queue, 10);
  g_assert_cmphex (lock_shared ("BACKGROUND"), ==, id);
  g_assert_cmphex (convoke_work_queue_lock_shared (GO_DOWN, task_id, 2, NULL), ==, id);
  g_assert_cmphex (lock_shared (""), !=, id);
  g_assert_cmpuint (convoke_work_queue_lock_shared (GO_DOWN, task_id + 1, 0, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_work_queue_lock_shared ("Cinema", 0, 0, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  for (guint i = 0; i < 3; i++)
    g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_false (convoke_work_queue_unlock_id (id, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/callfactory/thread-class/register/serial",
                        GUINT_TO_POINTER (CONVOKE_WORK_QUEUE_SERIAL), test_register);
  g_test_add_data_func ("/callfactory/thread-class/register/multithreaded",
                        GUINT_TO_POINTER (CONVOKE_WORK_QUEUE_MULTITHREADED), test_register);
  g_test_add_func ("/callfactory/thread-class/register/window", test_register_window);
  g_test_add_func ("/callfactory/thread-class/task", test_task);
  g_test_add_func ("/callfactory/thread-class/bad-input", test_bad_input);
  g_test_add_func ("/callfactory/thread-class/twice", test_twice);
  g_test_add_func ("/callfactory/thread-class/call", test_call);
  g_test_add_func ("/callfactory/thread-class/order-kept", test_order_kept);
  g_test_add_func ("/callfactory/thread-class/not-inherited", test_not_inherited);
  g_test_add_func ("/callfactory/thread-class/absent", test_absent);
  g_test_add_func ("/callfactory/thread-class/portal", test_portal);
  g_test_add_func ("/callfactory/thread-class/portal-refuses", test_portal_refuses);
  g_test_add_func ("/callfactory/thread-class/platform", test_platform);
  g_test_add_func ("/callfactory/thread-class/platform-refused", test_platform_refused);
  g_test_add_func ("/callfactory/thread-class/shared-regular", test_shared_regular);
  g_test_add_func ("/callfactory/thread-class/shared-class", test_shared_class);

  return g_test_run ();
}
