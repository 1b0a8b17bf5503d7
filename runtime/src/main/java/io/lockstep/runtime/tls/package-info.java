/**
 * The certificate that clients of the MySQL port see: the operator's, or one that the node makes
 * for itself at its first start. Reads and writes files; not for event loops.
 */
@NullMarked
package io.lockstep.runtime.tls;

import org.jspecify.annotations.NullMarked;
