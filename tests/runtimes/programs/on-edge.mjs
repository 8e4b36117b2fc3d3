// Bundled with the conditions of a runtime; `exercise(url)` is what the bundle defines, and `exerciseUmd(umd, url)` for the
// one file that has no part for frameworks and tests.
import * as main from '@latchkey/backend'
import * as errors from '@latchkey/backend/errors'
import * as internal from '@latchkey/backend/internal'
import * as jwt from '@latchkey/backend/jwt'
import * as proxy from '@latchkey/backend/proxy'
import * as testing from '@latchkey/backend/testing'
import * as webhooks from '@latchkey/backend/webhooks'
import { exercise } from './exercise.mjs'

const sdk = { main, errors, internal, jwt, proxy, testing, webhooks }
globalThis.exercise = (url) => exercise(sdk, url)
globalThis.exerciseUmd = (umd, url) =>
  exercise({ main: umd, errors: umd, jwt: umd, proxy: umd, webhooks: umd, internal, testing }, url)

/** What a worker serves. */
export default {
  async fetch(request) {
    const url = new URL(request.url).searchParams.get('api')
    return Response.json(await exercise(sdk, url).catch((error) => ({ error: String(error.stack) })))
  },
}
