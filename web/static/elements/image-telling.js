import { newId } from '../app/ids.js'
import { t } from '../app/texts.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'
import { smartPress } from './suggestion-steps.js'

/** What gestures on an image did, as intents. */

/** Intents that make a region, whose id the page gives. */
const MAKES = new Set(['add_region', 'paint'])

/** @param {import('./kite-image.js').KiteImage} image @param {import('./image-stage.js').ImageStage} stage @param {import('./image-gestures.js').Effect} effect @param {(text: string) => void} say */
export function tell(image, stage, effect, say) {
  const { view, object } = image
  if ('intent' in effect) {
    const { intent } = effect
    emit(image, MAKES.has(intent.type) ? { region: newId(), ...intent, object: object.name } : intent)
  } else if ('copy' in effect) {
    const gesture = newId()
    emit(image, { type: 'duplicate', ids: stage.selection.map(() => newId()), gesture })
    emit(image, { type: 'transform', ...effect.copy, gesture })
    say(t('{n} regions duplicated', { n: stage.selection.length }))
  } else if ('select' in effect) emit(image, { type: 'select', regions: effect.select, add: effect.extend })
  else if ('click' in effect) {
    const smart = effect.extend ? null : smartPress(stage.control(stage.tool.control), view?.regions ?? {}, effect.click)
    if (smart) {
      emit(image, smart)
      stage.ask()
      return
    }
    const id = effect.extend ? effect.click[0] : cycled(effect.click, view?.selection ?? [])
    emit(image, { type: 'select', regions: [id], add: effect.extend })
    const region = view?.regions[id]
    say(region ? t('{name}, region {n}, selected', { name: image.nameOf(region) || t('No label'), n: region.n }) : '')
  } else if ('area' in effect) {
    const inside = stage.index.within(effect.area).filter((item) => !item.region.hidden)
    emit(image, { type: 'select', regions: inside.map((item) => item.id), add: false })
    say(t('{n} regions selected', { n: inside.length }))
  } else if ('vertex' in effect) {
    stage.vertex = effect.vertex
  } else stage.gesture = effect.gesture
  stage.ask()
}
