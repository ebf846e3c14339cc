/**
 * How each type of object is drawn. A row per type: what its frame is called, what room it takes, which kinds of regions people can
 * make on it, its template. Types that are not here get `<kite-placeholder>`.
 *
 * @typedef {import('./types.js').PlanObject} PlanObject
 * @typedef {import('./types.js').Control} Control
 *
 * @typedef {object} ObjectContext what a template gets
 * @property {PlanObject} object
 * @property {import('./types.js').Source | undefined} source of the Display
 * @property {import('./types.js').Plan} plan
 * @property {import('./types.js').View} view with the echo
 * @property {import('./types.js').Layer[]} layers
 * @property {import('./types.js').Display} [display]
 * @property {Control[]} controls that make or label regions of this object
 * @property {Control | undefined} own the control of the same name (Chat, Component)
 * @property {(control: Control, region?: string) => unknown} answer template of a control, with its problem
 * @property {(control: Control) => import('./types.js').Option[]} options
 * @property {Record<string, string>} texts of the Display
 * @property {boolean} names
 * @property {string} hovered id of a region
 * @property {boolean} readonly
 * @property {string | null} unlabelled keys of the labels, for who marks without one; null: there are none
 * @property {(region: import('./types.js').Region) => string} nameOf
 * @property {import('./types.js').Hotkey[]} hotkeys what keys do in this task
 * @property {import('./types.js').Tool | undefined} inHand the tool of an image that was chosen; undefined: the engine's
 * @property {(change: Record<string, any>) => void} setTool changes the options of the tool in hand
 * @property {boolean} links all relations are drawn on the data
 * @property {(on: boolean) => void} setLinks
 * @property {any} viewport how the object is looked at, as its element told by `setViewport`; undefined before
 * @property {(viewport: any) => void} setViewport
 * @property {(text: string) => Promise<import('./types.js').Source>} content asks the engine to read what was fetched from the source's url
 *
 * @typedef {object} ObjectView
 * @property {string} name what the frame is called for those who do not see it
 * @property {'fills' | 'scrolls' | 'stands'} room takes what is left of the window; scrolls inside; as high as it is
 * @property {readonly string[]} draws kinds of regions that people can make on it
 * @property {(context: ObjectContext) => unknown} draw the element must be a direct child of the frame; it may have `ready` (a
 *   promise: painted) and `reveal(id)`
 * @property {(context: ObjectContext) => unknown} [tools] buttons in the bar
 * @property {(object: PlanObject) => Record<string, string>} [style] of the frame, from the config
 * @property {() => Promise<unknown>} [load] fetches the element; see lazy.js
 */
import { MEDIA_OBJECTS } from './object-views-media.js'
import { TEXT_OBJECTS } from './object-views-text.js'

/**
 * The tables are read when they are asked for: they import what imports this module, so it may run before they are filled.
 * @param {string} type @returns {ObjectView | undefined}
 */
export const objectView = (type) => {
  /** @type {Record<string, ObjectView>[]} */
  const tables = [TEXT_OBJECTS, MEDIA_OBJECTS]
  return tables.find((views) => Object.hasOwn(views, type))?.[type]
}

export { kindOf } from './region-kinds.js'
