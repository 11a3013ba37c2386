/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-every.h"

/* --- types --- */

GType
convoke_test_mood_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { CONVOKE_TEST_MOOD_BAD, "CONVOKE_TEST_MOOD_BAD", "bad" },
    { CONVOKE_TEST_MOOD_NEUTRAL, "CONVOKE_TEST_MOOD_NEUTRAL", "neutral" },
    { CONVOKE_TEST_MOOD_GOOD, "CONVOKE_TEST_MOOD_GOOD", "good" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("ConvokeTestMood", values));

  return type;
}

GType
convoke_test_sides_get_type (void)
{
  static gsize type;
  static const GFlagsValue values[] = {
    { CONVOKE_TEST_SIDES_NONE, "CONVOKE_TEST_SIDES_NONE", "none" },
    { CONVOKE_TEST_SIDES_LEFT, "CONVOKE_TEST_SIDES_LEFT", "left" },
    { CONVOKE_TEST_SIDES_RIGHT, "CONVOKE_TEST_SIDES_RIGHT", "right" },
    { CONVOKE_TEST_SIDES_TOP, "CONVOKE_TEST_SIDES_TOP", "top" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("ConvokeTestSides", values));

  return type;
}

/**
 * ConvokeTestColor:
 *
 * A boxed structure that owns memory.
 */
struct _ConvokeTestColor
{
  guint8  red;
  guint8  green;
  guint8  blue;
  char   *name;
};

static int n_colors;

G_DEFINE_BOXED_TYPE (ConvokeTestColor, convoke_test_color, convoke_test_color_copy, convoke_test_color_free)

/**
 * convoke_test_color_new:
 * @red: how red
 * @green: how green
 * @blue: how blue
 * @name: its name
 *
 * Makes a colour.
 *
 * Returns: (transfer full): the colour
 */
ConvokeTestColor *
convoke_test_color_new (guint8      red,
                        guint8      green,
                        guint8      blue,
                        const char *name)
{
  ConvokeTestColor *self = g_new0 (ConvokeTestColor, 1);

  self->red = red;
  self->green = green;
  self->blue = blue;
  self->name = g_strdup (name);
  g_atomic_int_inc (&n_colors);

  return self;
}

/**
 * convoke_test_color_copy:
 * @self: a colour
 *
 * Copies a colour.
 *
 * Returns: (transfer full): the copy
 */
ConvokeTestColor *
convoke_test_color_copy (const ConvokeTestColor *self)
{
  return convoke_test_color_new (self->red, self->green, self->blue, self->name);
}

/**
 * convoke_test_color_free:
 * @self: a colour
 *
 * Frees a colour.
 */
void
convoke_test_color_free (ConvokeTestColor *self)
{
  g_atomic_int_add (&n_colors, -1);
  g_free (self->name);
  g_free (self);
}

/**
 * convoke_test_color_get_rgb:
 * @self: a colour
 *
 * Gives a colour as a number.
 *
 * Returns: the number, red in the third byte
 */
guint
convoke_test_color_get_rgb (const ConvokeTestColor *self)
{
  return (guint) self->red << 16 | (guint) self->green << 8 | self->blue;
}

/**
 * convoke_test_color_get_name:
 * @self: a colour
 *
 * Gives a colour's name.
 *
 * Returns: the name
 */
const char *
convoke_test_color_get_name (const ConvokeTestColor *self)
{
  return self->name;
}

/**
 * convoke_test_color_count:
 *
 * How many colours are alive in this process.
 *
 * Returns: the number
 */
int
convoke_test_color_count (void)
{
  return g_atomic_int_get (&n_colors);
}

/* --- the interface --- */

/**
 * ConvokeTestEvery:
 *
 * Every kind of argument, in every direction, with every ownership.
 */
G_DEFINE_INTERFACE (ConvokeTestEvery, convoke_test_every, G_TYPE_OBJECT)

static void
convoke_test_every_default_init (ConvokeTestEveryInterface *iface)
{
  /**
   * ConvokeTestEvery:level:
   *
   * A number.
   */
  g_object_interface_install_property (iface,
    g_param_spec_int ("level", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestEvery:label:
   *
   * What [method@ConvokeTest.Every.get_label] gives.
   */
  g_object_interface_install_property (iface,
    g_param_spec_string ("label", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestEvery:feed:
   *
   * What [method@ConvokeTest.Every.get_feed] gives.
   */
  g_object_interface_install_property (iface,
    g_param_spec_object ("feed", NULL, NULL, CONVOKE_TEST_TYPE_PRICE_FEED,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestEvery:mood:
   *
   * An enumeration that can only be read.
   */
  g_object_interface_install_property (iface,
    g_param_spec_enum ("mood", NULL, NULL, CONVOKE_TEST_TYPE_MOOD, CONVOKE_TEST_MOOD_NEUTRAL,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * ConvokeTestEvery::ticked:
   * @self: an object
   * @n: a number
   * @text: a text
   *
   * Something happened.
   */
  g_signal_new ("ticked", CONVOKE_TEST_TYPE_EVERY, G_SIGNAL_RUN_LAST,
                G_STRUCT_OFFSET (ConvokeTestEveryInterface, ticked),
                NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);

  /**
   * ConvokeTestEvery::may-go:
   * @self: an object
   * @where: where to
   *
   * Asks the handlers for a yes or no.
   *
   * Returns: %TRUE to say yes
   */
  g_signal_new ("may-go", CONVOKE_TEST_TYPE_EVERY, G_SIGNAL_RUN_LAST, 0,
                g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_FILE);
}

/**
 * convoke_test_every_echo_int8:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gint8
convoke_test_every_echo_int8 (ConvokeTestEvery *self,
                              gint8             value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_int8 (self, value);
}

/**
 * convoke_test_every_echo_uint8:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
guint8
convoke_test_every_echo_uint8 (ConvokeTestEvery *self,
                               guint8            value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_uint8 (self, value);
}

/**
 * convoke_test_every_echo_int16:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gint16
convoke_test_every_echo_int16 (ConvokeTestEvery *self,
                               gint16            value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_int16 (self, value);
}

/**
 * convoke_test_every_echo_uint16:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
guint16
convoke_test_every_echo_uint16 (ConvokeTestEvery *self,
                                guint16           value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_uint16 (self, value);
}

/**
 * convoke_test_every_echo_int32:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gint32
convoke_test_every_echo_int32 (ConvokeTestEvery *self,
                               gint32            value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_int32 (self, value);
}

/**
 * convoke_test_every_echo_uint32:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
guint32
convoke_test_every_echo_uint32 (ConvokeTestEvery *self,
                                guint32           value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_uint32 (self, value);
}

/**
 * convoke_test_every_echo_int64:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gint64
convoke_test_every_echo_int64 (ConvokeTestEvery *self,
                               gint64            value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_int64 (self, value);
}

/**
 * convoke_test_every_echo_uint64:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
guint64
convoke_test_every_echo_uint64 (ConvokeTestEvery *self,
                                guint64           value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_uint64 (self, value);
}

/**
 * convoke_test_every_echo_float:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
float
convoke_test_every_echo_float (ConvokeTestEvery *self,
                               float             value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_float (self, value);
}

/**
 * convoke_test_every_echo_double:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
double
convoke_test_every_echo_double (ConvokeTestEvery *self,
                                double            value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_double (self, value);
}

/**
 * convoke_test_every_echo_boolean:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gboolean
convoke_test_every_echo_boolean (ConvokeTestEvery *self,
                                 gboolean          value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_boolean (self, value);
}

/**
 * convoke_test_every_echo_unichar:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
gunichar
convoke_test_every_echo_unichar (ConvokeTestEvery *self,
                                 gunichar          value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_unichar (self, value);
}

/**
 * convoke_test_every_echo_gtype:
 * @self: an object
 * @value: a value
 *
 * Gives back what it is given.
 *
 * Returns:: the value
 */
GType
convoke_test_every_echo_gtype (ConvokeTestEvery *self,
                               GType             value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_gtype (self, value);
}

/**
 * convoke_test_every_echo_mood:
 * @self: an object
 * @value: a value
 *
 * Gives back an enumeration, which has negative values.
 *
 * Returns:: the value
 */
ConvokeTestMood
convoke_test_every_echo_mood (ConvokeTestEvery *self,
                              ConvokeTestMood   value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_mood (self, value);
}

/**
 * convoke_test_every_echo_sides:
 * @self: an object
 * @value: a value
 *
 * Gives back flags.
 *
 * Returns:: the value
 */
ConvokeTestSides
convoke_test_every_echo_sides (ConvokeTestEvery *self,
                               ConvokeTestSides  value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_sides (self, value);
}

/**
 * convoke_test_every_echo_string:
 * @self: an object
 * @value: (nullable): a string
 *
 * Gives back a copy of a string.
 *
 * Returns: (transfer full) (nullable): the string
 */
char *
convoke_test_every_echo_string (ConvokeTestEvery *self,
                                const char       *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_string (self, value);
}

/**
 * convoke_test_every_get_label:
 * @self: an object
 *
 * Gives a string that stays the implementation's.
 *
 * Returns: (nullable): the label
 */
const char *
convoke_test_every_get_label (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->get_label (self);
}

/**
 * convoke_test_every_set_label:
 * @self: an object
 * @label: (nullable): a label
 *
 * Sets what get_label() gives.
 */
void
convoke_test_every_set_label (ConvokeTestEvery *self,
                              const char       *label)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->set_label (self, label);
}

/**
 * convoke_test_every_take_string:
 * @self: an object
 * @value: (transfer full): a string
 *
 * Takes a string over.
 *
 * Returns:: its length in bytes
 */
guint
convoke_test_every_take_string (ConvokeTestEvery *self,
                                char             *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->take_string (self, value);
}

/**
 * convoke_test_every_echo_filename:
 * @self: an object
 * @value: (type filename) (nullable): a name, in any encoding
 *
 * Gives back a copy of the name of a file.
 *
 * Returns: (type filename) (transfer full) (nullable): the name
 */
char *
convoke_test_every_echo_filename (ConvokeTestEvery *self,
                                  const char       *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_filename (self, value);
}

/**
 * convoke_test_every_echo_variant:
 * @self: an object
 * @value: (nullable): a value
 *
 * Gives back a variant.
 *
 * Returns: (transfer full) (nullable): the value
 */
GVariant *
convoke_test_every_echo_variant (ConvokeTestEvery *self,
                                 GVariant         *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_variant (self, value);
}

/**
 * convoke_test_every_take_variant:
 * @self: an object
 * @value: (transfer full): a value
 *
 * Takes a variant over.
 *
 * Returns: (transfer full): its text
 */
char *
convoke_test_every_take_variant (ConvokeTestEvery *self,
                                 GVariant         *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->take_variant (self, value);
}

/**
 * convoke_test_every_echo_bytes:
 * @self: an object
 * @value: (nullable): bytes
 *
 * Gives back bytes.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *
convoke_test_every_echo_bytes (ConvokeTestEvery *self,
                               GBytes           *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_bytes (self, value);
}

/**
 * convoke_test_every_echo_byte_array:
 * @self: an object
 * @value: bytes
 *
 * Gives back a copy of bytes.
 *
 * Returns: (transfer full): the bytes
 */
GByteArray *
convoke_test_every_echo_byte_array (ConvokeTestEvery *self,
                                    GByteArray       *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_byte_array (self, value);
}

/**
 * convoke_test_every_sum_bytes:
 * @self: an object
 * @bytes: (array length=n_bytes): bytes
 * @n_bytes: how many bytes
 *
 * Adds bytes up.
 *
 * Returns:: the sum
 */
guint64
convoke_test_every_sum_bytes (ConvokeTestEvery *self,
                              const guint8     *bytes,
                              gsize             n_bytes)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_bytes (self, bytes, n_bytes);
}

/**
 * convoke_test_every_sum_ints:
 * @self: an object
 * @values: (array length=n_values) (nullable): numbers
 * @n_values: how many
 *
 * Adds numbers up.
 *
 * Returns:: the sum
 */
gint64
convoke_test_every_sum_ints (ConvokeTestEvery *self,
                             const int        *values,
                             gsize             n_values)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_ints (self, values, n_values);
}

/**
 * convoke_test_every_sum_shifted:
 * @self: an object
 * @n_values: how many
 * @values: (array length=n_values): numbers
 * @shift: what to add to each
 *
 * Adds numbers up, with the length before the array.
 *
 * Returns:: the sum
 */
gint64
convoke_test_every_sum_shifted (ConvokeTestEvery *self,
                                guint             n_values,
                                const gint16     *values,
                                int               shift)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_shifted (self, n_values, values, shift);
}

/**
 * convoke_test_every_make_ints:
 * @self: an object
 * @n: how many to make
 * @values: (out) (array length=n_values) (transfer full): the numbers from 0
 * @n_values: (out): how many
 *
 * Makes an array that comes out.
 */
void
convoke_test_every_make_ints (ConvokeTestEvery  *self,
                              guint              n,
                              int              **values,
                              gsize             *n_values)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->make_ints (self, n, values, n_values);
}

/**
 * convoke_test_every_reverse_doubles:
 * @self: an object
 * @values: (array length=n_values): numbers
 * @n_values: how many
 * @n_reversed: (out): how many come back
 *
 * Returns an array whose length comes out.
 *
 * Returns: (array length=n_reversed) (transfer full): the numbers in reverse
 */
double *
convoke_test_every_reverse_doubles (ConvokeTestEvery *self,
                                    const double     *values,
                                    gsize             n_values,
                                    gsize            *n_reversed)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->reverse_doubles (self, values, n_values, n_reversed);
}

/**
 * convoke_test_every_sum_triple:
 * @self: an object
 * @triple: (array fixed-size=3): three numbers
 *
 * Takes an array of a fixed size.
 *
 * Returns:: the sum
 */
int
convoke_test_every_sum_triple (ConvokeTestEvery *self,
                               const int        *triple)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_triple (self, triple);
}

/**
 * convoke_test_every_make_triple:
 * @self: an object
 * @first: a number
 * @triple: (out caller-allocates) (array fixed-size=3): it and the next two
 *
 * Fills an array of a fixed size.
 */
void
convoke_test_every_make_triple (ConvokeTestEvery *self,
                                int               first,
                                int              *triple)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->make_triple (self, first, triple);
}

/**
 * convoke_test_every_sum_terminated:
 * @self: an object
 * @values: (array zero-terminated=1): numbers that are not zero
 *
 * Takes an array that ends with a zero.
 *
 * Returns:: the sum
 */
int
convoke_test_every_sum_terminated (ConvokeTestEvery *self,
                                   const int        *values)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_terminated (self, values);
}

/**
 * convoke_test_every_fill_buffer:
 * @self: an object
 * @buffer: (out caller-allocates) (array length=size): where to write
 * @size: (in): the size of @buffer in bytes
 *
 * Fills a buffer of the caller with 1, 2, 3.
 *
 * Returns:: how many bytes were written
 */
gsize
convoke_test_every_fill_buffer (ConvokeTestEvery *self,
                                guint8           *buffer,
                                gsize             size)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->fill_buffer (self, buffer, size);
}

/**
 * convoke_test_every_join:
 * @self: an object
 * @parts: (array zero-terminated=1) (nullable): strings
 *
 * Joins strings with commas.
 *
 * Returns: (transfer full): the text
 */
char *
convoke_test_every_join (ConvokeTestEvery   *self,
                         const char * const *parts)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->join (self, parts);
}

/**
 * convoke_test_every_split:
 * @self: an object
 * @text: a text
 *
 * Splits at commas.
 *
 * Returns: (array zero-terminated=1) (transfer full): the parts
 */
char **
convoke_test_every_split (ConvokeTestEvery *self,
                          const char       *text)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->split (self, text);
}

/**
 * convoke_test_every_split_out:
 * @self: an object
 * @text: a text
 * @parts: (out) (array zero-terminated=1) (transfer full): the parts
 *
 * Splits at commas.
 */
void
convoke_test_every_split_out (ConvokeTestEvery   *self,
                              const char         *text,
                              char             ***parts)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->split_out (self, text, parts);
}

/**
 * convoke_test_every_get_names:
 * @self: an object
 *
 * Gives strings that stay the implementation's.
 *
 * Returns: (array zero-terminated=1): names
 */
const char * const *
convoke_test_every_get_names (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->get_names (self);
}

/**
 * convoke_test_every_join_counted:
 * @self: an object
 * @parts: (array length=n_parts): strings
 * @n_parts: how many
 *
 * Joins strings, whose number is told, with commas.
 *
 * Returns: (transfer full): the text
 */
char *
convoke_test_every_join_counted (ConvokeTestEvery   *self,
                                 const char * const *parts,
                                 guint               n_parts)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->join_counted (self, parts, n_parts);
}

/**
 * convoke_test_every_reverse_list:
 * @self: an object
 * @list: (element-type utf8): strings
 *
 * Reverses a list.
 *
 * Returns: (element-type utf8) (transfer full): copies of the strings in reverse
 */
GList *
convoke_test_every_reverse_list (ConvokeTestEvery *self,
                                 GList            *list)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->reverse_list (self, list);
}

/**
 * convoke_test_every_reverse_slist:
 * @self: an object
 * @list: (element-type utf8): strings
 *
 * Reverses a list.
 *
 * Returns: (element-type utf8) (transfer full): copies of the strings in reverse
 */
GSList *
convoke_test_every_reverse_slist (ConvokeTestEvery *self,
                                  GSList           *list)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->reverse_slist (self, list);
}

/**
 * convoke_test_every_take_list:
 * @self: an object
 * @list: (element-type utf8) (transfer full): strings
 *
 * Takes a list and its strings over.
 *
 * Returns:: the length of the list
 */
guint
convoke_test_every_take_list (ConvokeTestEvery *self,
                              GList            *list)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->take_list (self, list);
}

/**
 * convoke_test_every_take_container:
 * @self: an object
 * @list: (element-type utf8) (transfer container): strings
 *
 * Takes a list over, but not its strings.
 *
 * Returns:: the length of the list
 */
guint
convoke_test_every_take_container (ConvokeTestEvery *self,
                                   GList            *list)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->take_container (self, list);
}

/**
 * convoke_test_every_list_names:
 * @self: an object
 *
 * Gives a list of strings that stay the implementation's.
 *
 * Returns: (element-type utf8) (transfer container): names
 */
GList *
convoke_test_every_list_names (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->list_names (self);
}

/**
 * convoke_test_every_peek_names:
 * @self: an object
 *
 * Gives a list that stays the implementation's.
 *
 * Returns: (element-type utf8) (transfer none): names
 */
GList *
convoke_test_every_peek_names (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->peek_names (self);
}

/**
 * convoke_test_every_reverse_ptr_array:
 * @self: an object
 * @array: (element-type utf8): strings
 *
 * Reverses an array of pointers.
 *
 * Returns: (element-type utf8) (transfer full): copies of the strings in reverse
 */
GPtrArray *
convoke_test_every_reverse_ptr_array (ConvokeTestEvery *self,
                                      GPtrArray        *array)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->reverse_ptr_array (self, array);
}

/**
 * convoke_test_every_reverse_array:
 * @self: an object
 * @array: (element-type gint): numbers
 *
 * Reverses an array of numbers.
 *
 * Returns: (element-type gint) (transfer full): the numbers in reverse
 */
GArray *
convoke_test_every_reverse_array (ConvokeTestEvery *self,
                                  GArray           *array)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->reverse_array (self, array);
}

/**
 * convoke_test_every_swap_table:
 * @self: an object
 * @table: (element-type utf8 utf8): strings for strings
 *
 * Makes keys values and values keys.
 *
 * Returns: (element-type utf8 utf8) (transfer full): the table
 */
GHashTable *
convoke_test_every_swap_table (ConvokeTestEvery *self,
                               GHashTable       *table)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->swap_table (self, table);
}

/**
 * convoke_test_every_echo_options:
 * @self: an object
 * @options: (element-type utf8 GLib.Variant) (nullable): values for names
 *
 * Gives back a copy of a table.
 *
 * Returns: (element-type utf8 GLib.Variant) (transfer full) (nullable): the table
 */
GHashTable *
convoke_test_every_echo_options (ConvokeTestEvery *self,
                                 GHashTable       *options)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_options (self, options);
}

/**
 * convoke_test_every_increment:
 * @self: an object
 * @value: (inout): a number
 *
 * Changes a number in place.
 */
void
convoke_test_every_increment (ConvokeTestEvery *self,
                              int              *value)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->increment (self, value);
}

/**
 * convoke_test_every_append:
 * @self: an object
 * @text: (inout) (transfer full) (nullable): a text
 *
 * Appends an exclamation mark in place.
 */
void
convoke_test_every_append (ConvokeTestEvery  *self,
                           char             **text)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->append (self, text);
}

/**
 * convoke_test_every_divide:
 * @self: an object
 * @dividend: a number
 * @divisor: a number
 * @quotient: (out) (optional): the quotient
 * @remainder: (out) (optional): the remainder
 * @error: return location for an error
 *
 * Divides, unless @divisor is 0.
 *
 * Returns:: %TRUE if it could
 */
gboolean
convoke_test_every_divide (ConvokeTestEvery  *self,
                           int                dividend,
                           int                divisor,
                           int               *quotient,
                           int               *remainder,
                           GError           **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->divide (self, dividend, divisor, quotient, remainder, error);
}

/**
 * convoke_test_every_fail:
 * @self: an object
 * @domain: the name of an error domain
 * @code: a code
 * @message: a message
 * @error: return location for an error
 *
 * Fails with any error.
 *
 * Returns:: %FALSE
 */
gboolean
convoke_test_every_fail (ConvokeTestEvery  *self,
                         const char        *domain,
                         int                code,
                         const char        *message,
                         GError           **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->fail (self, domain, code, message, error);
}

/**
 * convoke_test_every_describe_out:
 * @self: an object
 * @give: whether to give a text
 * @text: (out) (transfer full) (nullable): a text, or %NULL
 *
 * Gives a text, or none.
 */
void
convoke_test_every_describe_out (ConvokeTestEvery  *self,
                                 gboolean           give,
                                 char             **text)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->describe_out (self, give, text);
}

/**
 * convoke_test_every_peek_label:
 * @self: an object
 * @label: (out) (transfer none) (nullable): the label
 *
 * Gives a string that stays the implementation's.
 */
void
convoke_test_every_peek_label (ConvokeTestEvery  *self,
                               const char       **label)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->peek_label (self, label);
}

/**
 * convoke_test_every_nothing:
 * @self: an object
 *
 * Does nothing.
 */
void
convoke_test_every_nothing (ConvokeTestEvery *self)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->nothing (self);
}

/**
 * convoke_test_every_echo_feed:
 * @self: an object
 * @feed: (nullable): a feed
 *
 * Gives back an object of an interface.
 *
 * Returns: (transfer full) (nullable): the feed
 */
ConvokeTestPriceFeed *
convoke_test_every_echo_feed (ConvokeTestEvery     *self,
                              ConvokeTestPriceFeed *feed)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_feed (self, feed);
}

/**
 * convoke_test_every_get_feed:
 * @self: an object
 *
 * Gives an object that stays the implementation's.
 *
 * Returns: (transfer none) (nullable): the feed
 */
ConvokeTestPriceFeed *
convoke_test_every_get_feed (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->get_feed (self);
}

/**
 * convoke_test_every_take_feed:
 * @self: an object
 * @feed: (transfer full) (nullable): a feed
 *
 * Takes over what get_feed() gives.
 */
void
convoke_test_every_take_feed (ConvokeTestEvery     *self,
                              ConvokeTestPriceFeed *feed)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->take_feed (self, feed);
}

/**
 * convoke_test_every_feed_out:
 * @self: an object
 * @feed: (out) (transfer full) (nullable): the feed
 *
 * Gives an object of an interface.
 *
 * Returns:: %TRUE if there is one
 */
gboolean
convoke_test_every_feed_out (ConvokeTestEvery      *self,
                             ConvokeTestPriceFeed **feed)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->feed_out (self, feed);
}

/**
 * convoke_test_every_ask_feed:
 * @self: an object
 * @feed: a feed
 * @item: what to ask it for
 * @error: return location for an error
 *
 * Calls back the object that it is given.
 *
 * Returns:: the price that @feed told
 */
double
convoke_test_every_ask_feed (ConvokeTestEvery      *self,
                             ConvokeTestPriceFeed  *feed,
                             const char            *item,
                             GError               **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->ask_feed (self, feed, item, error);
}

/**
 * convoke_test_every_list_feeds:
 * @self: an object
 * @n: how many
 *
 * Makes several objects.
 *
 * Returns: (element-type ConvokeTest.PriceFeed) (transfer full): new feeds
 */
GPtrArray *
convoke_test_every_list_feeds (ConvokeTestEvery *self,
                               guint             n)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->list_feeds (self, n);
}

/**
 * convoke_test_every_ask_feeds:
 * @self: an object
 * @feeds: (element-type ConvokeTest.PriceFeed): feeds
 * @item: what to ask them for
 * @error: return location for an error
 *
 * Calls back each object that it is given.
 *
 * Returns:: the sum of the prices
 */
double
convoke_test_every_ask_feeds (ConvokeTestEvery  *self,
                              GList             *feeds,
                              const char        *item,
                              GError           **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->ask_feeds (self, feeds, item, error);
}

/**
 * convoke_test_every_get_self:
 * @self: an object
 *
 * Gives the object itself.
 *
 * Returns: (transfer full): @self
 */
ConvokeTestEvery *
convoke_test_every_get_self (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->get_self (self);
}

/**
 * convoke_test_every_is_self:
 * @self: an object
 * @other: an object
 *
 * Whether an object that was passed is this one.
 *
 * Returns:: %TRUE if it is
 */
gboolean
convoke_test_every_is_self (ConvokeTestEvery *self,
                            ConvokeTestEvery *other)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->is_self (self, other);
}

/**
 * convoke_test_every_echo_file:
 * @self: an object
 * @file: a file
 *
 * Gives back an object of an interface of another library.
 *
 * Returns: (transfer full): the file
 */
GFile *
convoke_test_every_echo_file (ConvokeTestEvery *self,
                              GFile            *file)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_file (self, file);
}

/**
 * convoke_test_every_echo_object:
 * @self: an object
 * @object: (nullable): an object
 *
 * Gives back an object of no special type.
 *
 * Returns: (transfer full) (nullable): the object
 */
GObject *
convoke_test_every_echo_object (ConvokeTestEvery *self,
                                GObject          *object)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_object (self, object);
}

/**
 * convoke_test_every_echo_gate:
 * @self: an object
 * @gate: (nullable): an object of a class
 *
 * Gives back an object of a class.
 *
 * Returns: (transfer full) (nullable): the object
 */
ConvokeTestGate *
convoke_test_every_echo_gate (ConvokeTestEvery *self,
                              ConvokeTestGate  *gate)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_gate (self, gate);
}

/**
 * convoke_test_every_for_each:
 * @self: an object
 * @values: (array length=n_values): numbers
 * @n_values: how many
 * @func: (scope call): what to call with each
 * @user_data: data for @func
 *
 * Calls back while it runs.
 *
 * Returns:: the sum of what @func gave
 */
int
convoke_test_every_for_each (ConvokeTestEvery   *self,
                             const int          *values,
                             gsize               n_values,
                             ConvokeTestIntFunc  func,
                             gpointer            user_data)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->for_each (self, values, n_values, func, user_data);
}

/**
 * convoke_test_every_call_later:
 * @self: an object
 * @func: (scope async): what to call once
 * @user_data: data for @func
 *
 * Keeps a callback for tell().
 */
void
convoke_test_every_call_later (ConvokeTestEvery    *self,
                               ConvokeTestTextFunc  func,
                               gpointer             user_data)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->call_later (self, func, user_data);
}

/**
 * convoke_test_every_watch:
 * @self: an object
 * @func: (scope notified): what to call
 * @user_data: data for @func
 * @destroy: called when @func is not needed any more
 *
 * Keeps a callback for tell(), until unwatch().
 *
 * Returns:: the number of callbacks that are kept
 */
guint
convoke_test_every_watch (ConvokeTestEvery    *self,
                          ConvokeTestTextFunc  func,
                          gpointer             user_data,
                          GDestroyNotify       destroy)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->watch (self, func, user_data, destroy);
}

/**
 * convoke_test_every_unwatch:
 * @self: an object
 *
 * Drops all the callbacks.
 */
void
convoke_test_every_unwatch (ConvokeTestEvery *self)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->unwatch (self);
}

/**
 * convoke_test_every_tell:
 * @self: an object
 * @text: a text
 *
 * Calls the callbacks back.
 */
void
convoke_test_every_tell (ConvokeTestEvery *self,
                         const char       *text)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->tell (self, text);
}

/**
 * convoke_test_every_load_async:
 * @self: an object
 * @name: what to load
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when it is loaded
 * @user_data: data for @callback
 *
 * Begins to load something, as GIO does.
 */
void
convoke_test_every_load_async (ConvokeTestEvery    *self,
                               const char          *name,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->load_async (self, name, cancellable, callback, user_data);
}

/**
 * convoke_test_every_load_finish:
 * @self: an object
 * @result: what the callback got
 * @length: (out) (optional): the length of what was loaded, in bytes
 * @error: return location for an error
 *
 * Finishes what load_async() began.
 *
 * Returns: (transfer full): what was loaded
 */
char *
convoke_test_every_load_finish (ConvokeTestEvery  *self,
                                GAsyncResult      *result,
                                gsize             *length,
                                GError           **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->load_finish (self, result, length, error);
}

/**
 * convoke_test_every_wait_cancelled:
 * @self: an object
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Waits, not for ever, until it is cancelled.
 *
 * Returns:: %FALSE
 */
gboolean
convoke_test_every_wait_cancelled (ConvokeTestEvery  *self,
                                   GCancellable      *cancellable,
                                   GError           **error)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->wait_cancelled (self, cancellable, error);
}

/**
 * convoke_test_every_move_point:
 * @self: an object
 * @point: a point
 * @by: how far
 * @moved: (out caller-allocates): the point that is so far to the right
 *
 * Takes and fills a plain structure.
 */
void
convoke_test_every_move_point (ConvokeTestEvery       *self,
                               const ConvokeTestPoint *point,
                               double                  by,
                               ConvokeTestPoint       *moved)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->move_point (self, point, by, moved);
}

/**
 * convoke_test_every_sum_points:
 * @self: an object
 * @points: (array length=n_points): points
 * @n_points: how many
 *
 * Takes plain structures in an array.
 *
 * Returns:: the sum of their x
 */
double
convoke_test_every_sum_points (ConvokeTestEvery       *self,
                               const ConvokeTestPoint *points,
                               guint                   n_points)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->sum_points (self, points, n_points);
}

/**
 * convoke_test_every_mix:
 * @self: an object
 * @color: (nullable): a colour
 *
 * Gives back a boxed structure.
 *
 * Returns: (transfer full) (nullable): the colour that is the opposite
 */
ConvokeTestColor *
convoke_test_every_mix (ConvokeTestEvery       *self,
                        const ConvokeTestColor *color)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->mix (self, color);
}

/**
 * convoke_test_every_peek_color:
 * @self: an object
 *
 * Gives a boxed structure that stays the implementation's.
 *
 * Returns: (transfer none): a colour
 */
const ConvokeTestColor *
convoke_test_every_peek_color (ConvokeTestEvery *self)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->peek_color (self);
}

/**
 * convoke_test_every_echo_value:
 * @self: an object
 * @value: a value
 * @result: (out caller-allocates): the value
 *
 * Gives back a value of any type.
 */
void
convoke_test_every_echo_value (ConvokeTestEvery *self,
                               const GValue     *value,
                               GValue           *result)
{
  CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_value (self, value, result);
}

/**
 * convoke_test_every_echo_error:
 * @self: an object
 * @value: (nullable): an error
 *
 * Gives back an error that is a value.
 *
 * Returns: (transfer full) (nullable): the error
 */
GError *
convoke_test_every_echo_error (ConvokeTestEvery *self,
                               const GError     *value)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->echo_error (self, value);
}

/**
 * convoke_test_every_get_secret: (attributes convoke.idempotent=1)
 * @self: an object
 * @password: (attributes convoke.secret=1): a password
 *
 * Takes something that is not to be told.
 *
 * Returns: (transfer full) (attributes convoke.secret=1): something else
 */
char *
convoke_test_every_get_secret (ConvokeTestEvery *self,
                               const char       *password)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->get_secret (self, password);
}

/**
 * convoke_test_every_count_slowly: (attributes convoke.progress=1)
 * @self: an object
 * @n: how far
 *
 * Counts, and tells of its progress.
 *
 * Returns:: @n
 */
int
convoke_test_every_count_slowly (ConvokeTestEvery *self,
                                 int               n)
{
  return CONVOKE_TEST_EVERY_GET_IFACE (self)->count_slowly (self, n);
}
