// A relying party on openid-client, a library made by others. It prints what a browser shall do and reads what came of it.
// usage: node relying-party.mjs '{"flow":"code","issuer":"…","client_id":"…",…}'
import * as readline from 'node:readline'
import * as client from 'openid-client'
import { importJWK } from 'jose'

const scenario = JSON.parse(process.argv[2])
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (message) => process.stdout.write(JSON.stringify(message) + '\n')
const ask = async (message) => {
  say(message)
  return (await input.next()).value
}

async function configure(...execute) {
  const authentication = scenario.private_jwk
    ? client.PrivateKeyJwt(await importJWK(scenario.private_jwk, scenario.private_jwk.alg))
    : scenario.client_secret
      ? client.ClientSecretBasic(scenario.client_secret)
      : client.None()
  return client.discovery(new URL(scenario.issuer), scenario.client_id, scenario.metadata ?? {}, authentication, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks, ...execute],
  })
}

async function begin(config, build = client.buildAuthorizationUrl, more = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true, maxAge: 3600 }
  const url = await build(config, {
    redirect_uri: scenario.redirect_uri,
    scope: scenario.scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    max_age: '3600',
    ...more,
  })
  return { url, checks, answer: new URL(await ask({ open: url.href })) }
}

async function everything(config, tokens) {
  const subject = tokens.claims().sub
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject)
  const refreshed = tokens.refresh_token ? await client.refreshTokenGrant(config, tokens.refresh_token) : undefined
  const introspection = scenario.client_secret || scenario.private_jwk
    ? await client.tokenIntrospection(config, (refreshed ?? tokens).access_token)
    : undefined
  if (refreshed?.refresh_token) {
    await client.tokenRevocation(config, refreshed.refresh_token)
  }
  return { subject, userinfo, refreshed: Boolean(refreshed), introspection }
}

const flows = {
  async code() {
    const config = await configure()
    const { checks, answer } = await begin(config)
    const tokens = await client.authorizationCodeGrant(config, answer, checks)
    const result = await everything(config, tokens)
    const done = new URL(await ask({
      open: client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: scenario.post_logout_redirect_uri, id_token_hint: tokens.id_token, state: 'bye',
      }).href,
    }))
    return { ...result, signed_out_state: done.searchParams.get('state') }
  },

  async pushed() {
    const config = await configure()
    const { url, checks, answer } = await begin(config, client.buildAuthorizationUrlWithPAR)
    return { request_uri: url.searchParams.get('request_uri'), ...(await everything(config, await client.authorizationCodeGrant(config, answer, checks))) }
  },

  async hybrid() {
    const config = await configure(client.useCodeIdTokenResponseType)
    const { checks, answer } = await begin(config)
    return everything(config, await client.authorizationCodeGrant(config, answer, checks))
  },

  async implicit() {
    const config = await configure(client.useIdTokenResponseType)
    const state = client.randomState()
    const nonce = client.randomNonce()
    const url = client.buildAuthorizationUrl(config, { redirect_uri: scenario.redirect_uri, scope: scenario.scope, state, nonce })
    const answer = new URL(await ask({ open: url.href }))
    const claims = await client.implicitAuthentication(config, answer, nonce, { expectedState: state })
    return { subject: claims.sub, claims }
  },

  async device() {
    const config = await configure()
    const asked = await client.initiateDeviceAuthorization(config, { scope: scenario.scope })
    await ask({ device: asked.verification_uri_complete, user_code: asked.user_code })
    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...asked, interval: scenario.interval ?? asked.interval })
    return everything(config, tokens)
  },

  async exchange() {
    const config = await configure()
    const { checks, answer } = await begin(config)
    const tokens = await client.authorizationCodeGrant(config, answer, checks)
    const exchanged = await client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
      subject_token: tokens.access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', scope: scenario.exchanged_scope,
      ...(scenario.actor ? { actor_token: (await client.clientCredentialsGrant(config)).access_token, actor_token_type: 'urn:ietf:params:oauth:token-type:access_token' } : {}),
    })
    return { subject: tokens.claims().sub, scope: exchanged.scope, issued: exchanged.issued_token_type, introspection: await client.tokenIntrospection(config, exchanged.access_token) }
  },
}

try {
  say({ result: await flows[scenario.flow]() })
  process.exit(0)
} catch (error) {
  say({ error: `${error.name}: ${error.message} ${error.error ?? ''} ${error.error_description ?? ''} ${error.cause ? JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause)) : ''}` })
  process.exit(1)
}
