/** The applier's database port over a MariaDB server. */
@NullMarked
package io.lockstep.applier.mariadb;

import org.jspecify.annotations.NullMarked;
