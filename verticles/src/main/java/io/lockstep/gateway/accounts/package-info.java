/** Who may sign in: the database's own accounts, matched as the server matches them. */
@NullMarked
package io.lockstep.gateway.accounts;

import org.jspecify.annotations.NullMarked;
