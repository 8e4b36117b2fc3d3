import { stripVTControlCharacters } from 'node:util'
import { readFileSync } from 'node:fs'

/** Cases that are not this server's to pass, each with its reason. */
const { excluded } = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'))

/**
 * @param {object} report of Playwright
 * @param {string | null} application
 * @returns {{ application: string, file: string, title: string, status: string, error: string }[]}
 */
export function casesOf(report, application) {
  const cases = []
  const walk = (suite, titles) => {
    for (const spec of suite.specs ?? []) {
      const result = spec.tests[0]
      if (result.projectName !== 'chrome') continue
      const error = result.results.at(-1)?.error?.message ?? ''
      cases.push({
        application: application ?? 'own',
        file: spec.file.replace(/^tests\//, '').replace(/\.test\.ts$/, ''),
        title: [...titles, spec.title].join(' › '),
        status: statusOf(result),
        error: stripVTControlCharacters(error).split('\n')[0],
      })
    }
    for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title])
  }
  for (const suite of report.suites) for (const inner of [suite]) walk(inner, [])
  return cases
}

function statusOf(test) {
  // In a serial group those after a failure did not run; those that the suite itself leaves out say so.
  if (test.status === 'skipped')
    return test.annotations.some(({ type }) => type === 'skip' || type === 'fixme') ? 'skipped' : 'not run'
  return test.status === 'expected' ? 'passed' : 'failed'
}

/** @returns {boolean} whether all passed but those that are excluded */
export function printTable(cases) {
  const rows = cases.map((one) => ({ ...one, reason: reasonOf(one) }))
  for (const row of rows) if (row.reason && row.status !== 'passed') row.status = 'excluded'
  const count = (status) => rows.filter((row) => row.status === status).length
  console.log(
    '\n| application | file | passed | failed | not run | excluded | skipped by the suite |\n|---|---|---|---|---|---|---|',
  )
  const groups = Map.groupBy ? Map.groupBy(rows, keyOf) : groupBy(rows, keyOf)
  for (const [key, of] of groups) {
    const number = (status) => of.filter((row) => row.status === status).length || ''
    console.log(`| ${key} | ${['passed', 'failed', 'not run', 'excluded', 'skipped'].map(number).join(' | ')} |`)
  }
  for (const status of ['failed', 'not run', 'excluded']) {
    if (count(status) > 0) console.log(`\n${status}:`)
    for (const row of rows.filter((one) => one.status === status)) {
      console.log(`- ${row.application} ${row.title}: ${row.reason ?? row.error}`)
    }
  }
  const [passed, failed, notRun, left, skipped] = ['passed', 'failed', 'not run', 'excluded', 'skipped'].map(count)
  console.log(`\n${passed} passed, ${failed + notRun} failed, ${left} excluded, ${skipped} skipped by the suite`)
  return failed + notRun === 0
}

const keyOf = ({ application, file }) => `${application} | ${file}`

function groupBy(rows, key) {
  const groups = new Map()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
  return groups
}

function reasonOf({ application, file, title }) {
  return excluded.find(
    (one) =>
      one.file === file &&
      (one.title === undefined || title.includes(one.title)) &&
      (one.application === undefined || one.application === application),
  )?.reason
}
