@NullMarked
package io.lockstep.gateway.accounts;

import org.jspecify.annotations.NullMarked;
