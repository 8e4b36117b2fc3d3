import * as main from '@latchkey/backend'
import * as errors from '@latchkey/backend/errors'
import * as internal from '@latchkey/backend/internal'
import * as jwt from '@latchkey/backend/jwt'
import * as proxy from '@latchkey/backend/proxy'
import * as testing from '@latchkey/backend/testing'
import * as types from '@latchkey/backend/types'
import * as webhooks from '@latchkey/backend/webhooks'
import { exercise } from './exercise.mjs'

const sdk = { main, errors, internal, jwt, proxy, testing, types, webhooks }
console.log(JSON.stringify(await exercise(sdk, process.env.API_URL)))
