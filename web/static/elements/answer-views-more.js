import { html } from 'lit'
import { t } from '../app/texts.js'
import { filtered } from './answer-views.js'
import { lazy } from './lazy.js'

const writing = lazy('kite-chat-input', () => import('./kite-chat-input.js').then((made) => made.KiteChatInput))
const written = lazy('kite-message', () => import('./kite-message.js').then((made) => made.KiteMessage))

/** Numbers, dates, trees, comparisons, rankings, messages. @type {Record<string, import('./answer-views.js').AnswerView>} */
export const MORE_ANSWERS = {
  number: {
    load: lazy('kite-number', () => import('./kite-number.js').then((made) => made.KiteNumber)),
    draw: ({ control, answer, region, item, legend, problem, readonly }) => html`<kite-number .control=${control} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly}></kite-number>`,
  },
  datetime: {
    load: lazy('kite-datetime', () => import('./kite-datetime.js').then((made) => made.KiteDatetime)),
    draw: ({ control, answer, region, item, legend, problem, readonly }) => html`<kite-datetime .control=${control} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly}></kite-datetime>`,
  },
  taxonomy: {
    load: lazy('kite-taxonomy', () => import('./kite-taxonomy.js').then((made) => made.KiteTaxonomy)),
    draw: ({ control, options, answer, region, item, legend, problem, readonly, filter }) => html`<kite-taxonomy .control=${control} .options=${filtered(options, filter)} .answer=${answer} .region=${region} .item=${item} .legend=${legend} .problem=${problem} ?readonly=${readonly}></kite-taxonomy>`,
  },
  pairwise: {
    wide: true,
    load: lazy('kite-pairwise', () => import('./kite-pairwise.js').then((made) => made.KitePairwise)),
    draw: ({ control, answer, legend, problem, readonly, texts }) => html`<kite-pairwise .control=${control} .answer=${answer} .legend=${legend} .problem=${problem} .titles=${[texts.left ?? t('Left'), texts.right ?? t('Right')]} ?readonly=${readonly}></kite-pairwise>`,
  },
  ranker: {
    wide: true,
    load: lazy('kite-ranker', () => import('./kite-ranker.js').then((made) => made.KiteRanker)),
    draw: ({ control, answer, legend, problem, readonly, plan, display }) => html`<kite-ranker .control=${control} .answer=${answer} .legend=${legend} .problem=${problem} .items=${display.objects[control.to[0]]?.items ?? NONE}
      .missing=${display.objects[control.to[0]]?.problem?.message ?? ''} .restTitle=${plan.objects.find((object) => object.name === control.to[0])?.title ?? ''} ?readonly=${readonly}></kite-ranker>`,
  },
  chatmessage: {
    load: () => Promise.all([writing(), written()]),
    draw: ({ control, legend, problem, readonly, display, view }) => html`<kite-chat-input .control=${control} .legend=${legend} .problem=${problem} .count=${messages(display, view, control.to[0] ?? control.name)} ?readonly=${readonly}></kite-chat-input>`,
  },
}

/** @type {never[]} */
const NONE = []

/** How many messages a chat has: those of the task and those that were written. @param {import('./types.js').Display} display @param {import('./types.js').View} view @param {string} chat */
const messages = (display, view, chat) => (display.objects[chat]?.messages?.length ?? 0) + Object.values(view.regions).filter((region) => region.object === chat && region.kind === 'message').length
