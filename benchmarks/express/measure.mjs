#!/usr/bin/env node
// node benchmarks/express/measure.mjs [--quick]
//
// Cost of a signed-in request in an Express application, compared with no authentication and with the official package.
import { fileURLToPath } from 'node:url'
import { createTestInstance } from '@latchkey/backend/testing'
import { drive, median } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'

const APP = fileURLToPath(new URL('./app.mjs', import.meta.url))

/** How many users send requests in turn, each with their own token. */
const USERS = 50

/** Goal: at most this fraction of the official package's cost. */
const GOAL = 0.25

const OURS = '`@latchkey/express`'
const OFFICIAL = '`@clerk/express`'

/** The applications, by their name in the table. */
const applications = (keys) => ({
  'Express alone': ['none', {}],
  [OURS]: ['@latchkey/express', keys],
  [`${OURS}, \`tokenCache: false\``]: ['@latchkey/express', { ...keys, tokenCache: false }],
  [OFFICIAL]: ['@clerk/express', keys],
})

/** Measures all applications in turn, for several rounds, and writes the section. */
export async function measureExpress({ quick, log }) {
  const instance = await createTestInstance({ type: 'production' })
  const { publishableKey, secretKey, jwtKey } = instance
  const tokens = await Promise.all(
    Array.from({ length: USERS }, (_, index) =>
      instance.signSessionToken({ sub: `user_${index}` }, { lifetime: 3600 }),
    ),
  )
  const carriers = {
    header: tokens.map((token) => ({ authorization: `Bearer ${token}` })),
    cookie: tokens.map((token) => ({ cookie: `theme=dark; __session=${token}; __client_uat=1` })),
  }
  const [rounds, seconds] = quick ? [1, 2] : [3, 4]
  const figures = {}
  for (let round = 1; round <= rounds; round++) {
    for (const [name, application] of Object.entries(applications({ publishableKey, secretKey, jwtKey }))) {
      log(`express: ${name}, round ${round} of ${rounds}`)
      for (const [carrier, result] of Object.entries(await measureApplication(application, carriers, seconds))) {
        ;((figures[name] ??= {})[carrier] ??= []).push(result)
      }
    }
  }
  return report(figures)
}

async function measureApplication([name, options], carriers, seconds) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const [headers] = carriers.header
  const app = await startProcess(APP, [name, port, JSON.stringify(options)], {
    url,
    headers,
    env: { NODE_ENV: 'production', CLERK_TELEMETRY_DISABLED: '1' },
  })
  const run = (carrier, duration) =>
    drive(app, { url, seconds: duration, requests: carriers[carrier].map((one) => ({ path: '/', headers: one })) })
  try {
    // Warm-up: otherwise the first one measured would pay for compiling the shared code.
    for (const carrier of Object.keys(carriers)) await run(carrier, 1)
    const results = {}
    for (const carrier of Object.keys(carriers)) results[carrier] = await run(carrier, seconds)
    return results
  } finally {
    await app.stop()
  }
}

function report(figures) {
  const cost = (name, carrier) => median(figures[name][carrier].map(({ cpuMicros }) => cpuMicros))
  const rows = Object.keys(figures).map((name) => {
    const [header, cookie] = ['header', 'cookie'].map((carrier) => cost(name, carrier))
    return `| ${name} | ${header.toFixed(0)} | ${cookie.toFixed(0)} |`
  })
  const goals = [OURS, `${OURS}, \`tokenCache: false\``].flatMap((name) =>
    ['header', 'cookie'].map((carrier) => {
      const ratio = cost(name, carrier) / cost(OFFICIAL, carrier)
      const wanted = name === OURS
      return `| ${name}, ${carrier}, of ${OFFICIAL} | ${ratio.toFixed(3)} | ${wanted ? GOAL.toFixed(2) : '-'} | ${wanted ? (ratio <= GOAL ? 'yes' : 'no') : '-'} |`
    }),
  )
  return [
    '## A signed-in request in Express',
    '',
    `CPU of the whole process per request, Express's own included; ${USERS} users in turn, tokens verified with \`jwtKey\`, \`getAuth(request).userId\` answered as JSON.`,
    '',
    '| application | by header, µs | by cookie, µs |',
    '|---|---|---|',
    ...rows,
    '',
    '| goal | measured | wanted | reached |',
    '|---|---|---|---|',
    ...goals,
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(
    await measureExpress({ quick: process.argv.includes('--quick'), log: (text) => process.stderr.write(`${text}\n`) }),
  )
}
