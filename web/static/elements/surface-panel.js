/** What stands beside the data: the list of regions, the selected one, relations, the help; and the commands on several regions. Fetched as soon as a
 * surface is there, behind what is needed to see and to draw. */
import css from '../styles/panel.css' with { type: 'text' }
import { KiteHelp } from './kite-help.js'
import { KiteRegion } from './kite-region.js'
import { KiteRegions } from './kite-regions.js'
import { KiteRelations } from './kite-relations.js'
import './answer-commands.js'
import './region-commands.js'
import './task-change.js'
import { adopt } from './sheet.js'

adopt(css)
for (const [tag, made] of Object.entries({ 'kite-regions': KiteRegions, 'kite-region': KiteRegion, 'kite-relations': KiteRelations, 'kite-help': KiteHelp })) {
  if (!customElements.get(tag)) customElements.define(tag, made)
}
