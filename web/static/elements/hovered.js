/** What is under the pointer: the id of a region, or several with line breaks between them (both ends of a relation). Pure. */

/** @param {string} hovered @param {string} id */
export const hovers = (hovered, id) => hovered === id || (hovered.includes('\n') && hovered.split('\n').includes(id))

/** @param {readonly string[]} ids */
export const hoveredOf = (ids) => ids.join('\n')
