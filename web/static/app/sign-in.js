/** Sign-in with a provider, where the server is set up for one. */
import { t, text } from './texts.js'
import { ApiError, api } from './api.js'

const KEPT = 'labelkite-invite'

/** Why a sign-in brought nobody in; the address has only the code. @type {Record<string, string>} */
const PROBLEMS = {
  'no-access': text('You are signed in there, but your address has no access here yet. Open the link that you were sent, or ask an owner to invite your address.'),
  'sign-in-refused': text('You did not sign in.'),
  'sign-in-over': text('This sign-in is over. Begin again.'),
  'address-unverified': text('Your account has no mail address that the provider vouches for. Confirm your address there, then sign in again.'),
  'address-elsewhere': text('Addresses of this domain may not sign in here.'),
  'address-taken': text('This address belongs to another person here.'),
}

/** @typedef {{name: string, url: string}} Provider */

/** @param {AbortSignal} [signal] @returns {Promise<Provider[]>} */
export async function providers(signal) {
  try {
    return (await api.get('/api/session/providers', { signal })).providers
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) return [] // a page that only lacks this button still works
    throw error
  }
}

/** Where a button for a provider leads; the browser comes back to `back`. @param {Provider} provider @param {string} back */
export const address = (provider, back) => `${provider.url}?back=${encodeURIComponent(back)}`

/** The link that a person opened, kept while they are away to sign in. @param {string} invite */
export const keep = (invite) => sessionStorage.setItem(KEPT, invite)

/** The link that was kept, once. */
export function kept() {
  const invite = sessionStorage.getItem(KEPT) ?? ''
  sessionStorage.removeItem(KEPT)
  return invite
}

/** What went wrong at the provider; empty when nothing did. */
export function problem() {
  const code = new URLSearchParams(location.search).get('sign-in')
  return code ? t(PROBLEMS[code] ?? text('The sign-in did not work. Try once more; if it goes on, tell the person who runs this server.')) : ''
}
