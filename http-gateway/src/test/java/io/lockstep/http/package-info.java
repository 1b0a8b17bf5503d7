/** What the HTTP gateway promises, asked over real connections, with fakes behind its ports. */
@NullMarked
package io.lockstep.http;

import org.jspecify.annotations.NullMarked;
