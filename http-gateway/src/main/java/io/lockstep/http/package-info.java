/** SQL over HTTP, administration, health, metrics and the status page. */
@NullMarked
package io.lockstep.http;

import org.jspecify.annotations.NullMarked;
