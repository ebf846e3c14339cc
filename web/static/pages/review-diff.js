/** Where answers differ, by the pairs that the consensus gives: which regions all have, which one lacks, has alone, or names otherwise. Pure. */

/**
 * @typedef {{matched: [string, string, number][], renamed: [string, string, number][], missing: string[], extra: string[]}} Details of a against b: missing are b's, extra a's
 * @typedef {{a: number, b: number, details?: Details}} Pair
 * @typedef {{renamed: string[], missing: string[], extra: string[]}} Against ids; `missing` and `renamed` are the other's, `extra` one's own
 */

/** @param {any} consensus @returns {Pair[]} */
const pairs = (consensus) => Object.values(consensus?.controls ?? {}).flatMap((control) => control.pairs ?? [])

/** The same pair, seen from the other side. @param {Details} details @returns {Details} */
const turned = ({ matched, renamed, missing, extra }) => ({
  matched: matched.map(([a, b, iou]) => [b, a, iou]), renamed: renamed.map(([a, b, iou]) => [b, a, iou]), missing: extra, extra: missing,
})

/** What two answers make of each other's regions, from the first one's side. @param {any} consensus @param {number} one @param {number} other @returns {Details[]} one per control that has regions */
function between(consensus, one, other) {
  return pairs(consensus).flatMap(({ a, b, details }) => (!details ? [] : a === one && b === other ? [details] : a === other && b === one ? [turned(details)] : []))
}

/** How one answer differs from another. @param {any} consensus @param {number} one @param {number} other @returns {Against} */
export function against(consensus, one, other) {
  const all = between(consensus, one, other)
  return { renamed: all.flatMap(({ renamed }) => renamed.map(([, b]) => b)), missing: all.flatMap(({ missing }) => missing), extra: all.flatMap(({ extra }) => extra) }
}

/** Regions of one answer that all others have too, under the same name. @param {any} consensus @param {number} one @param {number[]} others @returns {Set<string>} */
export function shared(consensus, one, others) {
  const found = others.map((other) => new Set(between(consensus, one, other).flatMap(({ matched }) => matched.map(([a]) => a))))
  return found.length ? found.reduce((all, more) => new Set([...all].filter((id) => more.has(id)))) : new Set()
}

/** "1 missing, 2 with another label, 1 extra"; empty where there is none. @param {Against} given */
export function inWords({ renamed, missing, extra }) {
  const parts = [missing.length && `${missing.length} missing`, renamed.length && `${renamed.length} with another label`, extra.length && `${extra.length} extra`]
  return parts.filter(Boolean).join(', ')
}
