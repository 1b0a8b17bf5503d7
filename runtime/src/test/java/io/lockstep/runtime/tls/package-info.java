/** Certificates, made for real. */
@NullMarked
package io.lockstep.runtime.tls;

import org.jspecify.annotations.NullMarked;
