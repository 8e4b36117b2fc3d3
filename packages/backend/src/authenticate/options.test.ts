import { describe, expect, it } from 'vitest'
import { mergeOptions, type AuthenticateRequestOptions } from './options.js'

const client: AuthenticateRequestOptions = {
  apiUrl: 'https://api.client.example',
  apiVersion: 'v1',
  secretKey: 'sk_client',
  machineSecretKey: 'ak_client',
  jwtKey: 'key_client',
  proxyUrl: '/client',
  publishableKey: 'pk_client',
  isSatellite: true,
  domain: 'client.example',
  audience: 'client',
}

describe('the options of a request', () => {
  it('are those of its client where it has none', () => {
    expect(mergeOptions(client, undefined)).toEqual(client)
    expect(mergeOptions(client, {})).toEqual(client)
  })

  it('override those of its client, and choose no other API', () => {
    const request: AuthenticateRequestOptions = {
      apiUrl: 'https://evil.example',
      apiVersion: 'v9',
      secretKey: 'sk_request',
      machineSecretKey: 'ak_request',
      jwtKey: 'key_request',
      proxyUrl: '/request',
      publishableKey: 'pk_request',
      isSatellite: true,
      domain: 'request.example',
      audience: ['request'],
      signInUrl: '/in',
      authorizedParties: ['http://a'],
    }
    expect(mergeOptions(client, request)).toEqual({ ...request, apiUrl: client.apiUrl, apiVersion: client.apiVersion })
    expect(mergeOptions({}, request)).toEqual({ ...request, apiUrl: undefined, apiVersion: undefined })
  })

  it.each([
    'secretKey',
    'machineSecretKey',
    'jwtKey',
    'proxyUrl',
    'publishableKey',
    'isSatellite',
    'domain',
    'audience',
  ] as const)('do not undo %s by leaving it empty', (name) => {
    for (const empty of [undefined, '', false] as never[])
      expect(mergeOptions(client, { [name]: empty })[name]).toBe(client[name])
    expect(mergeOptions({}, { [name]: undefined })[name]).toBeUndefined()
  })

  it('replace other options, even by nothing', () => {
    expect(
      mergeOptions({ signInUrl: '/in', authorizedParties: ['a'] }, { signInUrl: undefined, authorizedParties: [] }),
    ).toMatchObject({ signInUrl: undefined, authorizedParties: [] })
  })
})
