/**
 * From an authorised query to what an instance runs: a private catalog of views, and the user's
 * text with the few edits that a view cannot express.
 */
@NullMarked
package dev.polder.sql.bind;

import org.jspecify.annotations.NullMarked;
