import { KiteChoices } from './kite-choices.js'
import { KiteIcon } from './kite-icon.js'
import { KiteImage } from './kite-image.js'
import { KiteImagePalette } from './kite-image-palette.js'
import { KiteImageTools } from './kite-image-tools.js'
import { KiteLabels } from './kite-labels.js'
import { KitePlaceholder } from './kite-placeholder.js'
import { KiteRating } from './kite-rating.js'
import { KiteSaveState } from './kite-save-state.js'
import { KiteSurface } from './kite-surface.js'
import { KiteText } from './kite-text.js'
import { KiteTextTools } from './kite-text-tools.js'
import { KiteTextarea } from './kite-textarea.js'
import { KiteToast } from './kite-toast.js'

/** @type {Record<string, CustomElementConstructor>} */
const ELEMENTS = {
  'kite-icon': KiteIcon, 'kite-labels': KiteLabels, 'kite-choices': KiteChoices, 'kite-textarea': KiteTextarea, 'kite-rating': KiteRating,
  'kite-image': KiteImage, 'kite-image-tools': KiteImageTools, 'kite-image-palette': KiteImagePalette, 'kite-text': KiteText, 'kite-text-tools': KiteTextTools, 
  'kite-placeholder': KitePlaceholder, 'kite-save-state': KiteSaveState, 'kite-toast': KiteToast, 'kite-surface': KiteSurface,
}

/** Registers all elements, or those named. Importing a class registers nothing. @param {string[]} names */
export function defineElements(names = Object.keys(ELEMENTS)) {
  for (const name of names) if (!customElements.get(name)) customElements.define(name, ELEMENTS[name])
}
