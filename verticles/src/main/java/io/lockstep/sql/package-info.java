/** What a statement is: read, write, definition, session or transaction; and what it depends on. */
@NullMarked
package io.lockstep.sql;

import org.jspecify.annotations.NullMarked;
