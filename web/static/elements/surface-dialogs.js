/** Dialogs of a surface that few open: each is fetched when it is first asked for, and stands at the end of the page while it is open. */
import { addCommands } from './commands.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */

/** @param {KiteSurface} surface @param {string} tag @param {() => Promise<CustomElementConstructor>} load */
async function open(surface, tag, load) {
  const made = await load()
  if (!customElements.get(tag)) customElements.define(tag, made)
  if (!surface.isConnected || document.querySelector('dialog[open]')) return
  const element = /** @type {HTMLElement & {surface: KiteSurface}} */ (document.createElement(tag))
  element.surface = surface
  document.body.append(element) // it opens as it comes, and goes when its dialog is closed
}

/** @param {KiteSurface} surface */
export const openPalette = (surface) => void open(surface, 'kite-palette', async () => (await import('./kite-palette.js')).KitePalette)
/** @param {KiteSurface} surface */
export const openKeymap = (surface) => void open(surface, 'kite-keymap', async () => (await import('./kite-keymap.js')).KiteKeymap)
/** @param {KiteSurface} surface */
export const openSettings = (surface) => void open(surface, 'kite-settings', async () => (await import('./kite-settings.js')).KiteSettings)

addCommands([
  { id: 'page.palette', does: 'Find a command, label or region', keys: 'ctrl+k', group: 'Page', looks: true, typing: true, icon: 'search', run: openPalette },
  { id: 'page.keys', does: 'Change the keys', keys: '', group: 'Page', looks: true, icon: 'settings', run: openKeymap },
  { id: 'page.settings', does: 'Preferences', keys: '', group: 'Page', looks: true, icon: 'settings', run: openSettings },
])
