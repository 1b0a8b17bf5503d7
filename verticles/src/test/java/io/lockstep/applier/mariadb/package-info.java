@NullMarked
package io.lockstep.applier.mariadb;

import org.jspecify.annotations.NullMarked;
