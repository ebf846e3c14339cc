import { html } from 'lit'
import { text } from '../app/texts.js'
import { safeStyle } from './config-style.js'
import { lazy } from './lazy.js'
import { syncGroup } from './media-sync.js'

const LOOK = { scale: 1, fitted: true }

/** The words of the view that are about an object's control: what the engine refused last. @param {import('./object-views.js').ObjectContext} context */
const refusal = ({ own, view }) => view.problems?.find((problem) => own && problem.control === own.name)?.message ?? ''
/** @param {import('./object-views.js').ObjectContext} context */
const groupOf = ({ object, plan }) => (object.sync || plan.objects.some(({ sync }) => sync === object.name) ? syncGroup(/** @type {any} */ (object), /** @type {any} */ (plan.objects)) : '')

/** Objects that are seen and heard: pictures, sound, video, series, points, components. @type {Record<string, import('./object-views.js').ObjectView>} */
export const MEDIA_OBJECTS = {
  image: {
    name: text('Picture'), room: 'fills', draws: ['rectangle', 'ellipse', 'polygon', 'keypoint', 'vector', 'brush', 'bitmask'],
    style: (object) => (object.height ? safeStyle({ height: String(object.height), flex: 'none' }) : {}),
    tools: (context) => html`<kite-image-palette .context=${context}></kite-image-palette><kite-image-tools .object=${context.object} .viewport=${context.viewport ?? LOOK} .names=${context.names}></kite-image-tools>`,
    draw: (context) => html`<kite-image .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .controls=${context.plan.controls} .names=${context.names} .hovered=${context.hovered}
      .unlabelled=${context.unlabelled} .inHand=${context.inHand} .links=${context.links} .nameOf=${context.nameOf} ?readonly=${context.readonly} @kite-viewport=${(/** @type {CustomEvent} */ event) => context.setViewport(event.detail)}></kite-image>`,
  },
  audio: {
    name: text('Sound'), room: 'stands', draws: [], load: lazy('kite-audio', () => import('./kite-audio.js').then((module) => module.KiteAudio)),
    draw: (context) => html`<kite-audio .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .names=${context.names} .hovered=${context.hovered} .nameOf=${context.nameOf} .group=${groupOf(context)}
      ?readonly=${context.readonly}></kite-audio>`,
  },
  video: {
    name: text('Video'), room: 'fills', draws: [], load: lazy('kite-video', () => import('./kite-video.js').then((module) => module.KiteVideo)),
    draw: (context) => html`<kite-video .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .names=${context.names} .hovered=${context.hovered} .nameOf=${context.nameOf} .group=${groupOf(context)}
      ?readonly=${context.readonly}></kite-video>`,
  },
  timeseries: {
    name: text('Time series'), room: 'stands', draws: [], load: lazy('kite-timeseries', () => import('./kite-timeseries.js').then((module) => module.KiteTimeseries)),
    draw: (context) => html`<kite-timeseries .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .names=${context.names} .hovered=${context.hovered} .nameOf=${context.nameOf} .group=${groupOf(context)}
      ?readonly=${context.readonly}></kite-timeseries>`,
  },
  pointcloud: {
    name: text('Point cloud'), room: 'fills', draws: [], load: lazy('kite-pointcloud', () => import('./kite-pointcloud.js').then((module) => module.KitePointcloud)),
    draw: (context) => html`<kite-pointcloud .object=${context.object} .source=${context.source} .view=${context.view} .layers=${context.layers} .names=${context.names} .hovered=${context.hovered} .nameOf=${context.nameOf}
      ?readonly=${context.readonly}></kite-pointcloud>`,
  },
  component: {
    name: text('Component'), room: 'stands', draws: [], load: lazy('kite-component', () => import('./kite-component.js').then((module) => module.KiteComponent)),
    draw: (context) => html`<kite-component .object=${context.object} .control=${context.own} .source=${context.source} .answer=${context.own ? context.view.answers[context.own.name] : undefined} .problem=${refusal(context)}
      ?readonly=${context.readonly}></kite-component>`,
  },
}
