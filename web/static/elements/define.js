import { KiteChoices } from './kite-choices.js'
import { KiteHelp } from './kite-help.js'
import { KiteIcon } from './kite-icon.js'
import { KiteImage } from './kite-image.js'
import { KiteImageTools } from './kite-image-tools.js'
import { KiteLabels } from './kite-labels.js'
import { KitePlaceholder } from './kite-placeholder.js'
import { KiteRating } from './kite-rating.js'
import { KiteRegion } from './kite-region.js'
import { KiteRegions } from './kite-regions.js'
import { KiteRelations } from './kite-relations.js'
import { KiteSaveState } from './kite-save-state.js'
import { KiteSurface } from './kite-surface.js'
import { KiteText } from './kite-text.js'
import { KiteTextarea } from './kite-textarea.js'
import { KiteToast } from './kite-toast.js'

/** @type {Record<string, CustomElementConstructor>} */
const ELEMENTS = {
  'kite-icon': KiteIcon, 'kite-labels': KiteLabels, 'kite-choices': KiteChoices, 'kite-textarea': KiteTextarea, 'kite-rating': KiteRating,
  'kite-image': KiteImage, 'kite-image-tools': KiteImageTools, 'kite-text': KiteText, 'kite-regions': KiteRegions, 'kite-region': KiteRegion, 'kite-relations': KiteRelations,
  'kite-help': KiteHelp, 'kite-placeholder': KitePlaceholder, 'kite-save-state': KiteSaveState, 'kite-toast': KiteToast, 'kite-surface': KiteSurface,
}

/** Registers all elements, or those named. Importing a class registers nothing. @param {string[]} names */
export function defineElements(names = Object.keys(ELEMENTS)) {
  for (const name of names) if (!customElements.get(name)) customElements.define(name, ELEMENTS[name])
}
