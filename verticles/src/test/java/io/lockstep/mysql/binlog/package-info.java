@NullMarked
package io.lockstep.mysql.binlog;

import org.jspecify.annotations.NullMarked;
