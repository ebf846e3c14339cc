/** Tells the host what a person did. @param {EventTarget} from @param {import('./types.js').Intent} intent */
export function emit(from, intent) {
  from.dispatchEvent(new CustomEvent('kite-intent', { detail: intent, bubbles: true, composed: true }))
}
