import { html, nothing } from 'lit'
import { text } from '../app/texts.js'
import { lazy } from './lazy.js'
import { labelled } from './surface-layout.js'

/** @typedef {import('./object-views.js').ObjectContext} ObjectContext */

export const loadRich = lazy('kite-rich', () => import('./kite-rich.js').then((module) => module.KiteRich))
const hypertext = lazy('kite-hypertext', () => import('./kite-hypertext.js').then((module) => module.KiteHypertext))
const list = lazy('kite-list', () => import('./kite-list.js').then((module) => module.KiteList))

/** @type {never[]} */
const NONE = []
/** Labels that words may get. @param {ObjectContext} context @returns {import('./text-hint.js').TextLabel[]} */
export const labelsOf = (context) => context.controls.filter(labelled).flatMap((control) => context.options(control).map((option) => ({ control: control.name, option })))

/** Objects that are read: texts, documents, conversations, tables. @type {Record<string, import('./object-views.js').ObjectView>} */
export const TEXT_OBJECTS = {
  text: {
    name: text('Text'), room: 'scrolls', draws: ['span'],
    tools: () => html`<kite-text-tools></kite-text-tools>`,
    draw: (context) => html`<kite-text .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .names=${context.names} .hovered=${context.hovered}
      .labels=${labelsOf(context)} .relationLabels=${context.display?.relations ?? NONE} ?manyLabels=${context.plan.relations?.choice === 'multiple'}
      .unlabelled=${context.unlabelled} .nameOf=${context.nameOf} ?readonly=${context.readonly}></kite-text>`,
  },
  hypertext: {
    name: text('Document'), room: 'scrolls', draws: ['hyperspan'], load: async () => { await Promise.all([loadRich(), import('./kite-hypertext.js')]); await hypertext() },
    draw: (context) => html`<kite-hypertext .context=${context}></kite-hypertext>`,
  },
  paragraphs: {
    name: text('Conversation'), room: 'scrolls', draws: ['phrase'], load: lazy('kite-paragraphs', () => import('./kite-paragraphs.js').then((module) => module.KiteParagraphs)),
    draw: (context) => html`<kite-paragraphs .context=${context}></kite-paragraphs>`,
  },
  chat: {
    name: text('Chat'), room: 'scrolls', draws: ['message'], load: lazy('kite-chat', () => import('./kite-chat.js').then((module) => module.KiteChat)),
    draw: (context) => html`<kite-chat .context=${context}></kite-chat>`,
  },
  table: {
    name: text('Table'), room: 'scrolls', draws: [], load: lazy('kite-table', () => import('./kite-table.js').then((module) => module.KiteTable)),
    draw: (context) => html`<kite-table .context=${context}></kite-table>`,
  },
  list: {
    name: text('List'), room: 'scrolls', draws: [], load: async () => { await loadRich(); await list() },
    draw: (context) => (context.plan.controls.some((control) => control.type === 'ranker' && control.to.includes(context.object.name)) ? nothing : html`<kite-list .context=${context}></kite-list>`),
  },
  pdf: {
    name: text('PDF document'), room: 'fills', draws: ['ocrbox'], load: lazy('kite-pdf', () => import('./kite-pdf.js').then((module) => module.KitePdf)),
    draw: (context) => html`<kite-pdf .context=${context}></kite-pdf>`,
  },
}
