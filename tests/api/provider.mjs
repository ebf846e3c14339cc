// A certified OpenID Connect provider on 127.0.0.1: whoever types an address at its login is that person.
// Prints a line of JSON when it answers, serves until killed. Arguments: the redirect addresses it knows.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const { Provider } = createRequire(new URL('../../web/package.json', import.meta.url))('oidc-provider')

const jwk = (kind, options, alg) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg })
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const client = { redirect_uris: process.argv.slice(2), grant_types: ['authorization_code'], response_types: ['code'], application_type: 'native' }
  const provider = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'kite', client_secret: 'a secret: with % and / in it' },
      { ...client, client_id: 'kite-es256', client_secret: 'secret', id_token_signed_response_alg: 'ES256' },
      { ...client, client_id: 'kite-public', token_endpoint_auth_method: 'none' },
    ],
    jwks: { keys: [jwk('rsa', { modulusLength: 2048 }, 'RS256'), jwk('ec', { namedCurve: 'P-256' }, 'ES256')] },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_ctx, login) => ({
      accountId: login,
      claims: () => ({ sub: login, email: login, email_verified: !login.startsWith('new'), name: login.split('@')[0] }),
    }),
  })
  server.on('request', provider.callback())
  console.log(JSON.stringify({ issuer }))
})
