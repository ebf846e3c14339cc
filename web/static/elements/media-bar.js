import { html, nothing, svg } from 'lit'
import { t } from '../app/texts.js'
import { printed } from './keys.js'
import { clock, spoken } from './media-time.js'

/** The row of a player: play, steps, time, position, speed, sound. */

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2]

/** Icons of players, on the same grid as `<kite-icon>`; they come with the players only. */
const ICONS = {
  play: svg`<path d="M4.5 2.5v11l9-5.5-9-5.5Z"/>`,
  pause: svg`<path d="M5 3v10M11 3v10"/>`,
  back: svg`<path d="M12.5 3v10L5 8l7.5-5ZM3.5 3v10"/>`,
  on: svg`<path d="M3.5 3v10L11 8 3.5 3ZM12.5 3v10"/>`,
  sound: svg`<path d="M2.5 6v4h2.5L8.5 13V3L5 6H2.5ZM11 5.5a3.5 3.5 0 0 1 0 5M12.8 3.7a6 6 0 0 1 0 8.6"/>`,
  silent: svg`<path d="M2.5 6v4h2.5L8.5 13V3L5 6H2.5ZM11 6l3.5 4M14.5 6 11 10"/>`,
}

/** @param {keyof typeof ICONS} name */
export const mediaIcon = (name) => html`<svg class="icon" viewBox="0 0 16 16" focusable="false" aria-hidden="true">${ICONS[name]}</svg>`

/**
 * @typedef {object} Player
 * @property {boolean} playing
 * @property {boolean} able there is something to play
 * @property {number} time seconds
 * @property {number} duration
 * @property {number} speed
 * @property {number} slowest
 * @property {number} volume 0..1
 * @property {boolean} muted
 * @property {string} silenced why it has no sound; empty: it has
 * @property {string} hotkey
 * @property {number} digits of the time
 * @property {{count: number, now: number} | null} frames
 * @typedef {object} Acts
 * @property {() => void} toggle
 * @property {(seconds: number) => void} seek
 * @property {(frames: number) => void} step
 * @property {(speed: number) => void} setSpeed
 * @property {(volume: number) => void} setVolume
 * @property {() => void} mute
 */

/** @param {Player} player @param {Acts} acts */
export function mediaBar(player, acts) {
  const { playing, able, time, duration, frames } = player
  const key = player.hotkey ? ` (${printed(player.hotkey, MAC)})` : ''
  const speeds = [...new Set([...SPEEDS, player.speed])].filter((speed) => speed >= player.slowest).sort((a, b) => a - b)
  const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value
  return html`<div class="media-bar" role="toolbar" aria-label=${t('Player')}>
    ${frames ? button('back', t('One frame back (←)'), t('One frame back'), able, () => acts.step(-1)) : nothing}
    ${button(playing ? 'pause' : 'play', `${playing ? t('Pause') : t('Play')}${key}`, playing ? t('Pause') : t('Play'), able, acts.toggle)}
    ${frames ? button('on', t('One frame on (→)'), t('One frame on'), able, () => acts.step(1)) : nothing}
    <span class="media-time number">${clock(time, player.digits)} <span class="muted">/ ${clock(duration, player.digits)}</span></span>
    ${frames ? html`<span class="media-frame number muted">${t('frame {frame} of {frames}', { frame: frames.now, frames: frames.count })}</span>` : nothing}
    <input class="media-seek" type="range" min="0" max=${Number.isFinite(duration) ? duration : 0} step=${frames ? duration / Math.max(1, frames.count) || 0.04 : 0.05} .value=${String(time)} aria-label=${t('Position')} aria-valuetext=${t('{time} of {duration}', { time: spoken(time), duration: spoken(duration) })}
      ?disabled=${!able} @input=${(/** @type {Event} */ event) => acts.seek(Number(value(event)))} />
    <label class="media-speed"><span class="visually-hidden">${t('Speed')}</span><select class="select number" title=${t('Speed')} .value=${String(player.speed)} ?disabled=${!able} @change=${(/** @type {Event} */ event) => acts.setSpeed(Number(value(event)))}>
      ${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === player.speed}>${speed}×</option>`)}</select></label>
    ${player.silenced
      ? html`<span class="muted small">${player.silenced}</span>`
      : html`${button(player.muted || !player.volume ? 'silent' : 'sound', player.muted ? t('Sound on') : t('Sound off'), player.muted ? t('Sound on') : t('Sound off'), able, acts.mute, player.muted)}
          <input class="media-volume" type="range" min="0" max="1" step="0.05" .value=${String(player.muted ? 0 : player.volume)} aria-label=${t('Volume')} aria-valuetext=${t('{share} percent', { share: Math.round((player.muted ? 0 : player.volume) * 100) })} ?disabled=${!able} @input=${(/** @type {Event} */ event) => acts.setVolume(Number(value(event)))} />`}
  </div>`
}

/** @param {keyof typeof ICONS} icon @param {string} title @param {string} name @param {boolean} able @param {() => void} act @param {boolean} [pressed] */
function button(icon, title, name, able, act, pressed) {
  return html`<button class="button button-quiet button-icon" type="button" title=${title} aria-label=${name} aria-pressed=${pressed === undefined ? nothing : pressed} ?disabled=${!able} @click=${act}>${mediaIcon(icon)}</button>`
}
