import { lazy } from './lazy.js'

/** Arcs between regions are fetched with the first relation. */
export const loadArcs = lazy('kite-arcs', () => import('./kite-arcs.js').then((module) => module.KiteArcs))
