/**
 * What an operator decides, read once from one YAML file into records that are valid when they
 * exist. Plain values; any thread.
 */
@NullMarked
package io.lockstep.runtime.config;

import org.jspecify.annotations.NullMarked;
