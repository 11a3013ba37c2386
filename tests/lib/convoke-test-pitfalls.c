/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-pitfalls.h"

/**
 * ConvokeTestLost:
 *
 * Its method loses its slot, as the scanner compares annotated return types.
 */
G_DEFINE_INTERFACE (ConvokeTestLost, convoke_test_lost, G_TYPE_OBJECT)

static void
convoke_test_lost_default_init (ConvokeTestLostInterface *iface)
{
}

/**
 * convoke_test_lost_get_path: (attributes convoke.deadline-ms=250)
 * @self: an object
 *
 * Gives a path.
 *
 * Returns: (type filename) (transfer full) (nullable): a path
 */
char *
convoke_test_lost_get_path (ConvokeTestLost *self)
{
  return CONVOKE_TEST_LOST_GET_IFACE (self)->get_path (self);
}

/**
 * ConvokeTestMended:
 *
 * As [iface@ConvokeTest.Lost], with the slot documented on its own.
 */
G_DEFINE_INTERFACE (ConvokeTestMended, convoke_test_mended, G_TYPE_OBJECT)

static void
convoke_test_mended_default_init (ConvokeTestMendedInterface *iface)
{
}

/**
 * ConvokeTestMendedInterface::get_path: (attributes convoke.deadline-ms=125)
 * @self: an object
 *
 * Gives a path.
 *
 * Returns: (type filename) (transfer full) (nullable): a path
 */

/**
 * convoke_test_mended_get_path: (attributes convoke.idempotent=1)
 * @self: an object
 *
 * Gives a path.
 *
 * Returns: (type filename) (transfer full) (nullable): a path
 */
char *
convoke_test_mended_get_path (ConvokeTestMended *self)
{
  return CONVOKE_TEST_MENDED_GET_IFACE (self)->get_path (self);
}

/**
 * ConvokeTestUnprotected:
 *
 * Its contract reaches no slot.
 */
G_DEFINE_INTERFACE (ConvokeTestUnprotected, convoke_test_unprotected, G_TYPE_OBJECT)

static void
convoke_test_unprotected_default_init (ConvokeTestUnprotectedInterface *iface)
{
}

/**
 * convoke_test_unprotected_store: (attributes convoke.deadline-ms=100)
 * @self: an object
 * @key: a key
 * @value: a value
 *
 * Stores a value.
 */
void
convoke_test_unprotected_store (ConvokeTestUnprotected *self,
                                const char             *key,
                                const char             *value)
{
  CONVOKE_TEST_UNPROTECTED_GET_IFACE (self)->store (self, key);
}

/**
 * ConvokeTestUnprotectedSignal:
 *
 * Its contract is at a signal.
 */
G_DEFINE_INTERFACE (ConvokeTestUnprotectedSignal, convoke_test_unprotected_signal, G_TYPE_OBJECT)

static void
convoke_test_unprotected_signal_default_init (ConvokeTestUnprotectedSignalInterface *iface)
{
  /**
   * ConvokeTestUnprotectedSignal::happened: (attributes convoke.oneway=1)
   * @self: an object
   *
   * Something happened.
   */
  g_signal_new ("happened", CONVOKE_TEST_TYPE_UNPROTECTED_SIGNAL, G_SIGNAL_RUN_LAST, 0,
                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * convoke_test_unprotected_signal_nothing:
 * @self: an object
 *
 * Does nothing.
 */
void
convoke_test_unprotected_signal_nothing (ConvokeTestUnprotectedSignal *self)
{
  CONVOKE_TEST_UNPROTECTED_SIGNAL_GET_IFACE (self)->nothing (self);
}

/**
 * ConvokeTestMisspelt:
 *
 * Its contracts are wrong in several ways.
 */
G_DEFINE_INTERFACE (ConvokeTestMisspelt, convoke_test_misspelt, G_TYPE_OBJECT)

static void
convoke_test_misspelt_default_init (ConvokeTestMisspeltInterface *iface)
{
}

/**
 * convoke_test_misspelt_misspelt: (attributes convoke.dead-line=5)
 * @self: an object
 *
 * Has a contract that nobody knows.
 */
void
convoke_test_misspelt_misspelt (ConvokeTestMisspelt *self)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->misspelt (self);
}

/**
 * convoke_test_misspelt_not_a_number: (attributes convoke.deadline-ms=soon)
 * @self: an object
 *
 * Has a contract that nobody understands.
 */
void
convoke_test_misspelt_not_a_number (ConvokeTestMisspelt *self)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->not_a_number (self);
}

/**
 * convoke_test_misspelt_wrong_place:
 * @self: an object
 * @text: (attributes convoke.deadline-ms=5): a text
 *
 * Has a contract of methods at an argument.
 */
void
convoke_test_misspelt_wrong_place (ConvokeTestMisspelt *self,
                                   const char          *text)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->wrong_place (self, text);
}

/**
 * convoke_test_misspelt_oneway_result: (attributes convoke.oneway=1)
 * @self: an object
 *
 * Wants no answer, and has one.
 *
 * Returns:: a number
 */
int
convoke_test_misspelt_oneway_result (ConvokeTestMisspelt *self)
{
  return CONVOKE_TEST_MISSPELT_GET_IFACE (self)->oneway_result (self);
}

/**
 * convoke_test_misspelt_oneway_out: (attributes convoke.oneway=1)
 * @self: an object
 * @n: (out): a number
 *
 * Wants no answer, and has one.
 */
void
convoke_test_misspelt_oneway_out (ConvokeTestMisspelt *self,
                                  int                 *n)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->oneway_out (self, n);
}

/**
 * convoke_test_misspelt_oneway_error: (attributes convoke.oneway=1)
 * @self: an object
 * @error: return location for an error
 *
 * Wants no answer, and has one.
 */
void
convoke_test_misspelt_oneway_error (ConvokeTestMisspelt  *self,
                                    GError              **error)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->oneway_error (self, error);
}

/**
 * convoke_test_misspelt_fine: (attributes org.example.anything=5)
 * @self: an object
 *
 * Has an attribute of somebody else.
 */
void
convoke_test_misspelt_fine (ConvokeTestMisspelt *self)
{
  CONVOKE_TEST_MISSPELT_GET_IFACE (self)->fine (self);
}

/**
 * ConvokeTestTwofold:
 *
 * Its slot and its method disagree on a contract.
 */
G_DEFINE_INTERFACE (ConvokeTestTwofold, convoke_test_twofold, G_TYPE_OBJECT)

static void
convoke_test_twofold_default_init (ConvokeTestTwofoldInterface *iface)
{
}

/**
 * ConvokeTestTwofoldInterface::get_path: (attributes convoke.deadline-ms=200)
 * @self: an object
 *
 * Gives a path.
 *
 * Returns: (transfer full): a path, which the scanner takes for a text
 */

/**
 * convoke_test_twofold_get_path: (attributes convoke.deadline-ms=100)
 * @self: an object
 *
 * Gives a path.
 *
 * Returns: (type filename) (transfer full) (nullable): a path
 */
char *
convoke_test_twofold_get_path (ConvokeTestTwofold *self)
{
  return CONVOKE_TEST_TWOFOLD_GET_IFACE (self)->get_path (self);
}

/**
 * ConvokeTestUnannotated:
 *
 * Its annotations would be corrupted memory.
 */
G_DEFINE_INTERFACE (ConvokeTestUnannotated, convoke_test_unannotated, G_TYPE_OBJECT)

static void
convoke_test_unannotated_default_init (ConvokeTestUnannotatedInterface *iface)
{
}

/**
 * convoke_test_unannotated_measure:
 * @self: an object
 * @width: a width, which comes out
 *
 * Lacks an (out).
 */
void
convoke_test_unannotated_measure (ConvokeTestUnannotated *self,
                                  int                    *width)
{
  CONVOKE_TEST_UNANNOTATED_GET_IFACE (self)->measure (self, width);
}

/**
 * convoke_test_unannotated_get_numbers:
 * @self: an object
 *
 * Lacks an (array).
 *
 * Returns: a number, or several
 */
const int *
convoke_test_unannotated_get_numbers (ConvokeTestUnannotated *self)
{
  return CONVOKE_TEST_UNANNOTATED_GET_IFACE (self)->get_numbers (self);
}

/**
 * convoke_test_unannotated_fill:
 * @self: an object
 * @buffer: (out caller-allocates) (array length=size): a buffer
 * @size: its size, which the scanner believes to come out
 *
 * Lacks an (in).
 *
 * Returns:: how many bytes were written
 */
gsize
convoke_test_unannotated_fill (ConvokeTestUnannotated *self,
                               guint8                 *buffer,
                               gsize                   size)
{
  return CONVOKE_TEST_UNANNOTATED_GET_IFACE (self)->fill (self, buffer, size);
}

/**
 * convoke_test_unannotated_put:
 * @self: an object
 * @point: a point
 *
 * Takes a structure by value.
 */
void
convoke_test_unannotated_put (ConvokeTestUnannotated *self,
                              ConvokeTestPoint        point)
{
  CONVOKE_TEST_UNANNOTATED_GET_IFACE (self)->put (self, point);
}

/**
 * convoke_test_unannotated_fine:
 * @self: an object
 * @width: (out): a width
 *
 * Lacks nothing.
 */
void
convoke_test_unannotated_fine (ConvokeTestUnannotated *self,
                               int                    *width)
{
  CONVOKE_TEST_UNANNOTATED_GET_IFACE (self)->fine (self, width);
}

/**
 * ConvokeTestRenamed:
 *
 * Its slots and its methods have other names, and its structure has more than slots.
 */
G_DEFINE_INTERFACE (ConvokeTestRenamed, convoke_test_renamed, G_TYPE_OBJECT)

static void
convoke_test_renamed_default_init (ConvokeTestRenamedInterface *iface)
{
}

/**
 * convoke_test_renamed_read: (virtual read_fn) (attributes convoke.idempotent=1)
 * @self: an object
 * @n: a number
 *
 * Reads.
 *
 * Returns:: @n
 */
int
convoke_test_renamed_read (ConvokeTestRenamed *self,
                           int                 n)
{
  return CONVOKE_TEST_RENAMED_GET_IFACE (self)->read_fn (self, n);
}

/**
 * convoke_test_renamed_write_all: (virtual do_write)
 * @self: an object
 * @n: a number
 *
 * Writes, through a slot that another slot's name hides.
 */
void
convoke_test_renamed_write_all (ConvokeTestRenamed *self,
                                int                 n)
{
  CONVOKE_TEST_RENAMED_GET_IFACE (self)->do_write (self, n);
}

/**
 * ConvokeTestPairs:
 *
 * Its methods come in GIO's pairs, by each rule of their names.
 */
G_DEFINE_INTERFACE (ConvokeTestPairs, convoke_test_pairs, G_TYPE_OBJECT)

static void
convoke_test_pairs_default_init (ConvokeTestPairsInterface *iface)
{
}

/**
 * convoke_test_pairs_save_async:
 * @self: an object
 * @callback: (scope async) (nullable): called when done
 * @user_data: data
 *
 * Begins.
 */
void
convoke_test_pairs_save_async (ConvokeTestPairs    *self,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->save_async (self, callback, user_data);
}

/**
 * convoke_test_pairs_save_finish:
 * @self: an object
 * @result: a result
 * @error: return location for an error
 *
 * Finishes.
 *
 * Returns:: whether it worked
 */
gboolean
convoke_test_pairs_save_finish (ConvokeTestPairs  *self,
                                GAsyncResult      *result,
                                GError           **error)
{
  return CONVOKE_TEST_PAIRS_GET_IFACE (self)->save_finish (self, result, error);
}

/**
 * convoke_test_pairs_mount: (virtual mount_fn)
 * @self: an object
 * @callback: (scope async) (nullable): called when done
 * @user_data: data
 *
 * Begins.
 */
void
convoke_test_pairs_mount (ConvokeTestPairs    *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->mount_fn (self, callback, user_data);
}

/**
 * convoke_test_pairs_mount_finish:
 * @self: an object
 * @result: a result
 * @error: return location for an error
 *
 * Finishes.
 *
 * Returns:: whether it worked
 */
gboolean
convoke_test_pairs_mount_finish (ConvokeTestPairs  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  return CONVOKE_TEST_PAIRS_GET_IFACE (self)->mount_finish (self, result, error);
}

/**
 * convoke_test_pairs_eject:
 * @self: an object
 * @callback: (scope async) (nullable): called when done
 * @user_data: data
 *
 * Begins.
 */
void
convoke_test_pairs_eject (ConvokeTestPairs    *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->eject (self, callback, user_data);
}

/**
 * convoke_test_pairs_eject_finish:
 * @self: an object
 * @result: a result
 * @error: return location for an error
 *
 * Finishes.
 *
 * Returns:: whether it worked
 */
gboolean
convoke_test_pairs_eject_finish (ConvokeTestPairs  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  return CONVOKE_TEST_PAIRS_GET_IFACE (self)->eject_finish (self, result, error);
}

/**
 * convoke_test_pairs_alone_async:
 * @self: an object
 * @callback: (scope async) (nullable): called when done
 * @user_data: data
 *
 * Begins what nothing finishes.
 */
void
convoke_test_pairs_alone_async (ConvokeTestPairs    *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->alone_async (self, callback, user_data);
}

/**
 * convoke_test_pairs_dance_async:
 * @self: an object
 *
 * Has the name of one that begins, and no callback.
 */
void
convoke_test_pairs_dance_async (ConvokeTestPairs *self)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->dance_async (self);
}

/**
 * convoke_test_pairs_dance_finish:
 * @self: an object
 *
 * Has the name of one that finishes, and no result.
 */
void
convoke_test_pairs_dance_finish (ConvokeTestPairs *self)
{
  CONVOKE_TEST_PAIRS_GET_IFACE (self)->dance_finish (self);
}

/**
 * ConvokeTestNeedsGate:
 *
 * Only a [class@ConvokeTest.Gate] can implement it.
 */
G_DEFINE_INTERFACE (ConvokeTestNeedsGate, convoke_test_needs_gate, CONVOKE_TEST_TYPE_GATE)

static void
convoke_test_needs_gate_default_init (ConvokeTestNeedsGateInterface *iface)
{
}

/**
 * convoke_test_needs_gate_swing:
 * @self: an object
 *
 * Swings.
 */
void
convoke_test_needs_gate_swing (ConvokeTestNeedsGate *self)
{
  CONVOKE_TEST_NEEDS_GATE_GET_IFACE (self)->swing (self);
}

/**
 * ConvokeTestNeedsGateToo:
 *
 * Requires an interface that requires a class.
 */
G_DEFINE_INTERFACE (ConvokeTestNeedsGateToo, convoke_test_needs_gate_too, CONVOKE_TEST_TYPE_NEEDS_GATE)

static void
convoke_test_needs_gate_too_default_init (ConvokeTestNeedsGateTooInterface *iface)
{
}

/**
 * convoke_test_needs_gate_too_creak:
 * @self: an object
 *
 * Creaks.
 */
void
convoke_test_needs_gate_too_creak (ConvokeTestNeedsGateToo *self)
{
  CONVOKE_TEST_NEEDS_GATE_TOO_GET_IFACE (self)->creak (self);
}

/**
 * ConvokeTestRicher:
 *
 * Has another interface as its prerequisite.
 */
G_DEFINE_INTERFACE (ConvokeTestRicher, convoke_test_richer, CONVOKE_TEST_TYPE_PRICE_FEED)

static void
convoke_test_richer_default_init (ConvokeTestRicherInterface *iface)
{
}

/**
 * convoke_test_richer_get_margin:
 * @self: an object
 *
 * Gives a margin.
 *
 * Returns:: the margin
 */
double
convoke_test_richer_get_margin (ConvokeTestRicher *self)
{
  return CONVOKE_TEST_RICHER_GET_IFACE (self)->get_margin (self);
}

/**
 * ConvokeTestEmpty:
 *
 * Has no slots, but a property and a signal.
 */
G_DEFINE_INTERFACE (ConvokeTestEmpty, convoke_test_empty, G_TYPE_OBJECT)

static void
convoke_test_empty_default_init (ConvokeTestEmptyInterface *iface)
{
  /**
   * ConvokeTestEmpty:full:
   *
   * Whether it is full.
   */
  g_object_interface_install_property (iface,
    g_param_spec_boolean ("full", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestEmpty::filled:
   * @self: an object
   *
   * It is full now.
   */
  g_signal_new ("filled", CONVOKE_TEST_TYPE_EMPTY, G_SIGNAL_RUN_LAST, 0,
                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * ConvokeTestAwkward:
 *
 * Implements [iface@ConvokeTest.Renamed] and leaves a slot empty, and
 * [iface@ConvokeTest.Unannotated] and [iface@ConvokeTest.Misspelt], some of
 * whose methods are not to be called.
 */
struct _ConvokeTestAwkward
{
  GObject parent_instance;
};

static void renamed_iface_init (ConvokeTestRenamedInterface *iface);
static void unannotated_iface_init (ConvokeTestUnannotatedInterface *iface);
static void misspelt_iface_init (ConvokeTestMisspeltInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTestAwkward, convoke_test_awkward, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_RENAMED, renamed_iface_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_UNANNOTATED, unannotated_iface_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_MISSPELT, misspelt_iface_init))

static int
read_fn (ConvokeTestRenamed *renamed,
         int                 n)
{
  return n;
}

static void
renamed_iface_init (ConvokeTestRenamedInterface *iface)
{
  iface->version = 1;
  iface->read_fn = read_fn;
}

static void
measure (ConvokeTestUnannotated *unannotated,
         int                    *width)
{
  *width = 42;
}

static void
unannotated_iface_init (ConvokeTestUnannotatedInterface *iface)
{
  iface->measure = measure;
  iface->fine = measure;
}

static void
do_nothing (ConvokeTestMisspelt *misspelt)
{
}

static void
misspelt_iface_init (ConvokeTestMisspeltInterface *iface)
{
  iface->misspelt = do_nothing;
  iface->fine = do_nothing;
}

static void
convoke_test_awkward_class_init (ConvokeTestAwkwardClass *klass)
{
}

static void
convoke_test_awkward_init (ConvokeTestAwkward *self)
{
}

/**
 * convoke_test_awkward_new:
 *
 * Makes one.
 *
 * Returns: (transfer full): the object
 */
ConvokeTestAwkward *
convoke_test_awkward_new (void)
{
  return g_object_new (CONVOKE_TEST_TYPE_AWKWARD, NULL);
}
