/**
 * Texts of one language.
 * @typedef {{interface: Record<string, import('../app/texts.js').Entry>, said: Record<string, string>}} Catalogue interface: by English text;
 *   said: what the engine and the server say, `{0}` … where something is filled in
 */
export {}
