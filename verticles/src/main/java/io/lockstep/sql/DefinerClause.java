package io.lockstep.sql;

import java.util.Optional;

/**
 * Where an object's definer stands, or would stand.
 *
 * @param kind VIEW, TRIGGER, PROCEDURE, FUNCTION, EVENT or PACKAGE
 * @param written the text right of {@code DEFINER =}, where given
 * @param clause the whole clause, where given
 * @param insertion the byte offset at which a clause may be inserted
 */
public record DefinerClause(
    String kind, Optional<String> written, Optional<TextRange> clause, int insertion) {}
