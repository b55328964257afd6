package dev.polder.sql.parse;

/**
 * How large and how deeply nested a statement may be. Checked on tokens, before any native parser
 * sees the text.
 *
 * @param maxLength in UTF-16 units
 * @param maxDepth of brackets and CASE, and of runs of NOT or of signs
 * @param maxChain operators in one expression without a comma or AND between them
 * @param maxConditions ANDs and ORs in one statement
 * @param maxJoins joined tables, set operations and common table expressions in one statement
 */
public record ParserLimits(
    int maxLength, int maxDepth, int maxChain, int maxConditions, int maxJoins) {
  public static final ParserLimits DEFAULT = new ParserLimits(1 << 20, 200, 500, 10_000, 500);
}
