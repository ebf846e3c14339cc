/**
 * Objects of one `sync` group play, stop, seek and change speed together. Who is touched tells the others; what they do then is not
 * told on.
 *
 * @typedef {object} Member
 * @property {'sound' | 'picture' | 'data'} plays only one of a group is heard: a sound, if there is one
 * @property {(does: Deed) => void} follow
 * @property {() => number | null} now seconds; null: has no clock of its own
 * @property {() => void} [regrouped] others came or went
 * @typedef {{type: 'play' | 'pause' | 'seek' | 'speed', time: number, speed: number}} Deed
 */

/** @type {WeakMap<object, Map<string, Set<Member>>>} by surface */
const surfaces = new WeakMap()

/**
 * The group of an object. `sync` is a word that all have in common or, in old configs, the name of another object; both ways join.
 * @param {{name: string, sync?: string}} object
 * @param {{name: string, sync?: string}[]} objects of the plan
 * @returns {string} empty: it goes its own way
 */
export function syncGroup(object, objects) {
  const names = new Set(objects.map(({ name }) => name))
  const linked = new Set([object.name])
  for (let grown = true; grown;) {
    grown = false
    for (const { name, sync } of objects) {
      if (!sync) continue
      const word = names.has(sync) ? sync : `=${sync}`
      if (linked.has(name) === linked.has(word)) continue
      linked.add(name).add(word)
      grown = true
    }
  }
  return linked.size > 1 ? [...linked].sort().join(' ') : ''
}

export class SyncGroup {
  /** @type {Set<Member>} */
  #members
  /** @type {Member} */
  #self

  /** @param {object} surface @param {string} name of the group @param {Member} self */
  constructor(surface, name, self) {
    const groups = surfaces.get(surface) ?? new Map()
    surfaces.set(surface, groups)
    this.#members = groups.get(name) ?? new Set()
    groups.set(name, this.#members)
    this.#members.add(self)
    this.#self = self
    for (const member of this.#members) member.regrouped?.()
  }

  leave() {
    this.#members.delete(this.#self)
    for (const member of this.#members) member.regrouped?.()
  }

  /** Tells the others what a person did here. @param {Deed} deed */
  tell(deed) {
    for (const member of this.#members) if (member !== this.#self) member.follow(deed)
  }

  /** Somebody else is heard. */
  get silenced() {
    if (this.#self.plays === 'sound') return false
    return [...this.#members].some((member) => member !== this.#self && member.plays === 'sound')
  }

  /** Seconds on the group's clock. @returns {number | null} */
  get now() {
    for (const member of this.#members) {
      const time = member.now()
      if (time !== null) return time
    }
    return null
  }
}
