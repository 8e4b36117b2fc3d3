// Prints "<passed> <failed>" from vitest's JSON report, and appends each failure by name, with the first lines of its
// message, to the file `failures`. A file that could not be loaded counts as one failure.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const [report, failures] = process.argv.slice(2)

const firstLines = (message = '') =>
  message
    .split('\n')
    .slice(0, 3)
    .map((line) => `     ${line.slice(0, 300)}\n`)
    .join('')

if (!existsSync(report)) {
  console.log('0 1')
} else {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  for (const file of testResults) {
    const path = relative(process.cwd(), file.name)
    if (unloaded.includes(file)) appendFileSync(failures, `   ${path}\n${firstLines(file.message)}`)
    for (const test of file.assertionResults.filter(({ status }) => status === 'failed')) {
      appendFileSync(failures, `   ${path}: ${test.fullName}\n${firstLines(test.failureMessages?.[0])}`)
    }
  }
  console.log(`${numPassedTests} ${numFailedTests + unloaded.length}`)
}
