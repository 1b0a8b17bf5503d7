/** Events of MariaDB's binary log: cutting them out of the stream, and reading rows out of them. */
@NullMarked
package io.lockstep.mysql.binlog;

import org.jspecify.annotations.NullMarked;
